using Elbo.Fitting;
using Elbo.Orleans.Execution;
using Elbo.Orleans.Hosting;
using Elbo.Orleans.Jobs;
using Elbo.Orleans.Wire;
using Elbo.Text;
using Elbo.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;

namespace Elbo.Orleans;

/// <summary>A connection to a cluster as a client: what its workers do, and fits that run there. Thread-safe.</summary>
public sealed class ElboCluster : IAsyncDisposable
{
    readonly IHost _host;

    ElboCluster(IHost host, ClusterAddress address, ClusterTimeouts timeouts)
    {
        (_host, Address, Timeouts) = (host, address, timeouts);
        Grains = host.Services.GetRequiredService<IClusterClient>();
    }

    /// <summary>Where the cluster meets.</summary>
    public ClusterAddress Address { get; }

    /// <summary>The grains of the cluster, for executors of your own models.</summary>
    public IGrainFactory Grains { get; }

    internal ClusterTimeouts Timeouts { get; }

    /// <summary>Connects.</summary>
    /// <param name="address">Where the cluster meets.</param>
    /// <param name="key">The cluster's key, where it asks for one.</param>
    /// <param name="timeouts">How long to wait for workers.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="ElboClusterException">Nobody is there, or the meeting place cannot be reached.</exception>
    public static async Task<ElboCluster> ConnectAsync(ClusterAddress address, string? key = null, ClusterTimeouts? timeouts = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        timeouts ??= new ClusterTimeouts();
        timeouts.Validate();
        using var patience = new CancellationTokenSource(timeouts.Patience);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        Exception? last = null;
        while (true)
        {
            // Quiet: what goes wrong here is told as an error, or tried again.
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
            builder.UseOrleansClient(client => client.UseElboCluster(address, key));
            IHost host = builder.Build();
            try
            {
                await host.StartAsync(stop.Token).ConfigureAwait(false);
                return new ElboCluster(host, address, timeouts);
            }
            catch (Exception error)
            {
                if (error is not OperationCanceledException) last = error;
                await DisposeAsync(host).ConfigureAwait(false);
            }
            cancellationToken.ThrowIfCancellationRequested();
            if (patience.IsCancellationRequested)
                throw new ElboClusterException($"No worker answers at {address}{(last is null ? "" : $" ({last.Message.TrimEnd('.')})")}. Start workers with 'elbo worker --cluster {address}'.", last!);
            await Task.Delay(200, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>What every worker says of itself.</summary>
    /// <exception cref="UnauthorizedAccessException">The cluster asks for another key.</exception>
    /// <exception cref="ElboClusterException">Nobody answers.</exception>
    public async Task<ClusterStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        string[] silos = await ListAsync(cancellationToken).ConfigureAwait(false);
        WorkerStatus[] workers = await Task.WhenAll(silos.Select(async silo =>
        {
            try
            {
                WorkerReport report = await Grains.GetGrain<IWorkerGrain>(OnSilo.KeyOf(silo, "worker")).DescribeAsync().WaitAsync(Timeouts.Call, cancellationToken).ConfigureAwait(false);
                return new WorkerStatus(silo, true, report.Threads, report.Version, report.KernelProfile, report.ShardsDone, report.ShardsPerSecond, report.ResidentBytes,
                    [.. report.Fits.Select(fit => new FitStatus(fit.Id, fit.Kind, fit.Input, fit.Iteration, fit.Objective, fit.Elapsed))]);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                return new WorkerStatus(silo, false, 0, "", "", 0, 0, 0, []);
            }
        })).ConfigureAwait(false);
        return new ClusterStatus(workers);
    }

    /// <summary>
    /// Fits topics to a corpus file on the cluster, to the same bits as <see cref="Lda.FitAsync"/> here. The loop runs on one of the silos, and goes on on another if that is lost;
    /// this client must stay.
    /// </summary>
    /// <param name="path">The corpus file, where every worker finds it.</param>
    /// <param name="checksum">Its <see cref="Corpora.Corpus.Checksum"/>.</param>
    /// <param name="options">Mean field or MAP in double precision, with documents that begin cold.</param>
    /// <param name="events">Hears of what happens.</param>
    /// <param name="from">The content of a checkpoint file to go on from; null begins.</param>
    /// <param name="input">What checkpoints keep to find the input again (<see cref="LdaCheckpointFile.Save(LdaCheckpoint, string, IReadOnlyDictionary{string, string})"/>).</param>
    /// <param name="cancellationToken">Ends the fit, on the cluster too, with the best so far.</param>
    /// <exception cref="ArgumentException">The options are not for a cluster; the message says what is.</exception>
    /// <exception cref="ElboClusterException">The fit failed there, or no worker is left.</exception>
    public async Task<TopicModel> FitTopicsAsync(string path, string checksum, LdaOptions options, ClusterFitEvents? events = null, byte[]? from = null,
        IReadOnlyDictionary<string, string>? input = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(checksum);
        ArgumentNullException.ThrowIfNull(options);
        ClusterRules.Check(options);
        var properties = new Dictionary<string, string> { [ClusterData.PathKey] = Path.GetFullPath(path), [ClusterData.ChecksumKey] = checksum };
        LdaOptionsProperties.Write(options, properties);
        var fit = new RemoteFit(this, Order(ClusterData.Topics, properties, input), events ?? new ClusterFitEvents());
        using var bytes = new MemoryStream(await fit.RunAsync(from, cancellationToken).ConfigureAwait(false));
        TopicModel model = TopicModelFile.Load(bytes, "the model");
        return new TopicModel(model.Parameters, model.Vocabulary, model.Record with { Traces = fit.Timed(model.Record.Traces) });
    }

    /// <summary>
    /// Fits a mixture or a hidden Markov model to a table on the cluster, to the same bits as <see cref="Estimator"/> here. The loop runs on one of the silos, and goes on on another
    /// if that is lost; this client must stay.
    /// </summary>
    /// <param name="path">The table, one file or a pattern, where every worker finds it.</param>
    /// <param name="columns">Which columns are read, and as what.</param>
    /// <param name="checksum">The <see cref="Observations.ObservationTable.Checksum"/> of what is read, with its labels.</param>
    /// <param name="options">Everything else. The family is one of the catalogue.</param>
    /// <param name="events">Hears of what happens.</param>
    /// <param name="from">The content of a checkpoint file to go on from; null begins.</param>
    /// <param name="input">What checkpoints keep to find the input again.</param>
    /// <param name="cancellationToken">Ends the fit, on the cluster too, with the best so far.</param>
    /// <exception cref="ArgumentException">The options are not for a cluster; the message says what is.</exception>
    /// <exception cref="ElboClusterException">The fit failed there, or no worker is left.</exception>
    public async Task<FittedModel> FitTableAsync(string path, ObservationColumns columns, string checksum, FitOptions options, ClusterFitEvents? events = null, byte[]? from = null,
        IReadOnlyDictionary<string, string>? input = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentException.ThrowIfNullOrEmpty(checksum);
        ArgumentNullException.ThrowIfNull(options);
        ClusterRules.Check(options);
        var fit = new RemoteFit(this, Order(ClusterData.Tables, ClusterData.PropertiesOf(path, checksum, columns, options), input), events ?? new ClusterFitEvents());
        using var bytes = new MemoryStream(await fit.RunAsync(from, cancellationToken).ConfigureAwait(false));
        FittedModel model = FittedModelFile.Load(bytes, "the model").Model;
        return Estimator.Restore(model.Family, model.Parameters, model.Record with { Traces = fit.Timed(model.Record.Traces) });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => DisposeAsync(_host);

    /// <summary>The silos that are alive.</summary>
    /// <param name="attempt">Another number asks another gateway.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    internal async Task<string[]> ListAsync(int attempt, CancellationToken cancellationToken) =>
        await Grains.GetGrain<ISilosGrain>(attempt).ListAsync().WaitAsync(Timeouts.Call, cancellationToken).ConfigureAwait(false);

    async Task<string[]> ListAsync(CancellationToken cancellationToken)
    {
        const int Attempts = 5;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await ListAsync(attempt, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException && attempt < Attempts)
            {
                // Another gateway may know.
            }
            catch (Exception error) when (error is not (OperationCanceledException or UnauthorizedAccessException))
            {
                throw new ElboClusterException($"The workers at {Address} do not answer: {Trouble.Describe(error, Timeouts)}.", error);
            }
        }
    }

    static FitOrder Order(string kind, Dictionary<string, string> properties, IReadOnlyDictionary<string, string>? input)
    {
        foreach ((string name, string value) in input ?? new Dictionary<string, string>()) properties[FitProgram.InputPrefix + name] = value;
        Blocks.CheckSmall(properties, "What the fit is asked for");
        return new FitOrder(kind, properties);
    }

    static async ValueTask DisposeAsync(IHost host)
    {
        // A client takes its time to say good-bye to silos that are gone.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await host.StopAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It was never connected, or is no longer.
        }
        host.Dispose();
    }
}
