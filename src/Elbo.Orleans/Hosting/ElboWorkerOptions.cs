using Elbo.Orleans.Workers;
using Orleans.Hosting;

namespace Elbo.Orleans;

/// <summary>What a worker is set to.</summary>
public sealed record ElboWorkerOptions
{
    /// <summary>Threads for E-steps, ≥ 1; Orleans has its own beside them. Default: one for each processor.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>A secret that every client must show before anything is done for it; null asks for none, which is for loopback only.</summary>
    public string? Key { get; init; }

    /// <summary>Data, E-steps and fits that nobody has asked for in so long are given up. Positive.</summary>
    public TimeSpan Forgetting { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How executors on this silo wait for workers.</summary>
    public ClusterTimeouts Timeouts { get; init; } = new();

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Forgetting, TimeSpan.Zero);
        if (Key is not null) ArgumentException.ThrowIfNullOrWhiteSpace(Key);
        Timeouts.Validate();
    }
}

/// <summary>A silo that is being made a worker: the place to add models of your own.</summary>
public sealed class ElboWorkerBuilder
{
    readonly ModelRegistry _models;

    internal ElboWorkerBuilder(ISiloBuilder silo, ModelRegistry models) => (Silo, _models) = (silo, models);

    /// <summary>The silo.</summary>
    public ISiloBuilder Silo { get; }

    /// <summary>Adds a model. Executors find it by its name (<see cref="OrleansExecutor{TParameters, TStatistics}"/>).</summary>
    /// <param name="name">Its name; the names of Elbo's own models are taken.</param>
    /// <param name="open">Opens its data and says what its E-step is: <c>properties => ShardWorker.Create(shards, model, eStep)</c>.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public ElboWorkerBuilder AddModel(string name, OpenShards open)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(open);
        _models.Add(name, open);
        return this;
    }
}
