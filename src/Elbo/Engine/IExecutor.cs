namespace Elbo.Engine;

/// <summary>The sum of one E-step over all the data.</summary>
/// <typeparam name="TStatistics">The expected sufficient statistics.</typeparam>
/// <param name="Statistics">Their sum. Valid until the next E-step, which may use the memory again.</param>
/// <param name="Bound">The local part of the bound.</param>
/// <param name="Magnitude">Σ over shards of |ExpectedLogJoint| + |Entropy|, in nats: the scale of rounding errors.</param>
public sealed record EStepResult<TStatistics>(TStatistics Statistics, LocalBound Bound, double Magnitude);

/// <summary>Runs an E-step over all the data: on this thread, on several, or on a cluster. It owns the shards and the order of summation.</summary>
/// <typeparam name="TParameters">θ.</typeparam>
/// <typeparam name="TStatistics">The expected sufficient statistics.</typeparam>
public interface IExecutor<TParameters, TStatistics>
{
    /// <summary>What its E-step promises.</summary>
    Guarantee Guarantee { get; }

    /// <summary>The names of the bound's terms.</summary>
    IReadOnlyList<string> TermNames { get; }

    /// <summary>One E-step over all the data at θ.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the local state may then be half renewed.</exception>
    ValueTask<EStepResult<TStatistics>> ExpectAsync(TParameters parameters, CancellationToken cancellationToken);
}

/// <summary>
/// Data in shards. How they are cut depends on the data alone, never on the number of workers, so that sums come out the same everywhere.
/// </summary>
/// <typeparam name="TBatch">What a shard is read as.</typeparam>
public interface IShards<TBatch> where TBatch : allows ref struct
{
    /// <summary>How many shards there are; at least 1.</summary>
    int Count { get; }

    /// <summary>A shard, to be read by one thread; different shards may be read at once.</summary>
    TBatch Read(int shard);
}
