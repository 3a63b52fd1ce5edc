using Elbo.Cli.Inputs;
using Elbo.Cli.Terminal;
using Elbo.Engine;
using Elbo.Files;
using Elbo.Orleans;

namespace Elbo.Cli.Commands;

/// <summary>One fit on a cluster: connects, hands news on, and keeps the newest checkpoint where it can be gone on from.</summary>
sealed class ClusterRun(ClusterTarget cluster, FitTarget files, Reporter reporter)
{
    readonly List<Traffic> _moved = [];
    byte[]? _newest;
    int _heard, _written;

    /// <param name="fit">Fits on a connection.</param>
    /// <param name="record">Hears of every record.</param>
    /// <param name="cancellationToken">Ends the fit with the best so far.</param>
    /// <exception cref="ElboClusterException">It failed; the message says where the checkpoint is.</exception>
    public async Task<TModel> RunAsync<TModel>(Func<ElboCluster, ClusterFitEvents, Task<TModel>> fit, Action<int, Iteration> record, CancellationToken cancellationToken)
    {
        await using ElboCluster connection = await ElboCluster.ConnectAsync(cluster.Address, cluster.Key, cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            return await fit(connection, new ClusterFitEvents
            {
                Record = (start, iteration) =>
                {
                    _heard = iteration.Number;
                    record(start, iteration);
                },
                Note = reporter.Warn,
                Moved = _moved.Add,
                Checkpoint = Keep,
            }).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ElboClusterException or OperationCanceledException && _newest is not null)
        {
            string path = files.CheckpointPath ?? files.ModelPath + ".checkpoint";
            Write(path);
            throw new ElboClusterException($"{(error is ElboClusterException ? error.Message : "Stopped before the cluster gave a model.")} What was done is kept: 'elbo fit --resume {path}' goes on here, with --cluster {cluster.Address} there.", error);
        }
    }

    /// <summary>What the E-steps moved, those that moved the same in one line; and the checkpoint of a fit that was stopped.</summary>
    public void Finish(StopReason reason)
    {
        if (reason == StopReason.Cancelled && files.CheckpointPath is not null && _newest is not null) Write(files.CheckpointPath);
        if (!cluster.IsVerbose) return;
        for (int first = 0, end; first < _moved.Count; first = end)
        {
            for (end = first + 1; end < _moved.Count && _moved[end] == _moved[first]; end++) ;
            Traffic step = _moved[first];
            reporter.Say($"E-step {first + 1}{(end == first + 1 ? "" : $" to {end}")}: {Numbers.Count(step.Sent)} bytes of parameters to {Numbers.Plural(step.Workers, "worker")}, {Numbers.Count(step.Received)} bytes of statistics back{(end == first + 1 ? "" : ", each")}");
        }
    }

    /// <summary>What is written to a stream.</summary>
    public static byte[] BytesOf(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        return stream.ToArray();
    }

    void Keep(byte[] checkpoint)
    {
        _newest = checkpoint;
        // The same rhythm as on one machine, as near as news come.
        if (files.CheckpointPath is null || _written > 0 && _heard - _written < files.CheckpointEvery) return;
        _written = Math.Max(1, _heard);
        Write(files.CheckpointPath);
    }

    void Write(string path) => AtomicFile.Write(path, stream => stream.Write(_newest!));
}
