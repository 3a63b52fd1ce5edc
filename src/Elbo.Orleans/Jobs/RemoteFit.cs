using Elbo.Engine;
using Elbo.Orleans.Hosting;
using Elbo.Orleans.Wire;

namespace Elbo.Orleans.Jobs;

/// <summary>
/// A fit on a cluster, seen from its client: it picks a silo for the loop, hears what is new, keeps the newest checkpoint, and begins again from there on another
/// silo when that one no longer answers. So what a fit needs to go on lives outside of the silos that may be lost.
/// </summary>
sealed class RemoteFit(ElboCluster cluster, FitOrder order, ClusterFitEvents events)
{
    /// <summary>After a checkpoint was fetched, none is for so many times as long as that took: of a small model every one that there is, of a large one no more than a tenth of the time goes into it.</summary>
    const int CheckpointRest = 10;

    static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(20);

    readonly string _id = Guid.NewGuid().ToString("N")[..12];
    readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    readonly Dictionary<(int Start, int Number, string Segment), TimeSpan> _times = [];
    readonly long _began = TimeProvider.System.GetTimestamp();
    byte[]? _checkpoint;
    int _attempts;

    /// <summary>Runs the fit to the bytes of its model.</summary>
    /// <param name="checkpoint">Where to go on from; null begins.</param>
    /// <param name="cancellationToken">Ends the fit with the best so far.</param>
    /// <exception cref="ElboClusterException">The fit failed, or no worker is left; the newest checkpoint has been handed out.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before there was anything to keep.</exception>
    public async Task<byte[]> RunAsync(byte[]? checkpoint, CancellationToken cancellationToken)
    {
        _checkpoint = checkpoint;
        while (true)
        {
            string silo = await PickAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await FollowAsync(silo, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not (ElboClusterException or OperationCanceledException or UnauthorizedAccessException))
            {
                if (cancellationToken.IsCancellationRequested) throw new OperationCanceledException("The fit was cancelled, and its silo was lost.", error, cancellationToken);
                _lost.Add(silo);
                events.Note?.Invoke($"the silo {silo}, on which the fit's loop ran, does not answer ({error.Message.TrimEnd('.')}); it goes on elsewhere from {(_checkpoint is null ? "the start" : "the newest checkpoint")}");
            }
        }
    }

    /// <summary>A silo for the loop, not one that was lost before if there is another.</summary>
    async Task<string> PickAsync(CancellationToken cancellationToken)
    {
        long began = TimeProvider.System.GetTimestamp();
        string trouble = "";
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                string[] silos = await cluster.ListAsync(_attempts++, cancellationToken).ConfigureAwait(false);
                string[] fresh = [.. silos.Where(silo => !_lost.Contains(silo))];
                // Where every one was, it may have been the way to it: one that is gone is soon no longer listed.
                if (fresh.Length == 0) _lost.Clear();
                else return fresh[_attempts % fresh.Length];
            }
            catch (Exception error) when (error is not (OperationCanceledException or UnauthorizedAccessException))
            {
                trouble = $" ({error.Message.TrimEnd('.')})";
            }
            TimeSpan waited = TimeProvider.System.GetElapsedTime(began);
            if (waited > cluster.Timeouts.Patience)
                throw new ElboClusterException($"All workers at {cluster.Address} are gone: none has answered for {cluster.Timeouts.Patience.TotalSeconds:0} seconds{trouble}. Start workers with 'elbo worker --cluster {cluster.Address}'.");
            await Task.Delay(200, cancellationToken).ConfigureAwait(false);
        }
    }

    async Task<byte[]> FollowAsync(string silo, CancellationToken cancellationToken)
    {
        IFitGrain fit = cluster.Grains.GetGrain<IFitGrain>(OnSilo.KeyOf(silo, $"{_id}-{_attempts}"));
        if (_checkpoint is { } from) await Blocks.SendAsync(from, (offset, block) => InTime(fit.PutAsync(from.Length, offset, block)), CancellationToken.None).ConfigureAwait(false);
        await InTime(fit.BeginAsync(order)).ConfigureAwait(false);
        var seen = new Seen();
        bool cancelled = false;
        int have = 0;
        long fetched = TimeProvider.System.GetTimestamp();
        TimeSpan rest = TimeSpan.Zero;
        while (true)
        {
            if (cancellationToken.IsCancellationRequested && !cancelled)
            {
                cancelled = true;
                await InTime(fit.CancelAsync()).ConfigureAwait(false);
            }
            FitReport report = await InTime(fit.PollAsync(seen)).ConfigureAwait(false);
            if (!report.IsKnown) throw new InvalidOperationException("It knows nothing of the fit.");
            foreach (string note in report.Notes) events.Note?.Invoke(note);
            foreach (TrafficEntry traffic in report.Traffic) events.Moved?.Invoke(new Traffic(traffic.Workers, traffic.Sent, traffic.Received));
            foreach (RecordBytes bytes in report.Records) Tell(bytes.Start, bytes.Read());
            if (report.Checkpoint > have && report.ModelLength < 0 && report.Failure is null && TimeProvider.System.GetElapsedTime(fetched) >= rest)
            {
                long began = TimeProvider.System.GetTimestamp();
                int length = await InTime(fit.HoldCheckpointAsync()).ConfigureAwait(false);
                _checkpoint = await Blocks.FetchAsync(length, offset => InTime(fit.PullAsync(false, offset)), CancellationToken.None).ConfigureAwait(false);
                events.Checkpoint?.Invoke(_checkpoint);
                have = report.Checkpoint;
                fetched = TimeProvider.System.GetTimestamp();
                rest = CheckpointRest * TimeProvider.System.GetElapsedTime(began, fetched);
            }
            seen = new Seen(seen.Records + report.Records.Length, seen.Notes + report.Notes.Length, seen.Traffic + report.Traffic.Length, report.Checkpoint);
            if (report.Failure is { } failure)
            {
                fit.EndAsync().Ignore();
                throw report.WasCancelled ? new OperationCanceledException(failure, cancellationToken) : new ElboClusterException(failure);
            }
            if (report.ModelLength >= 0)
            {
                byte[] model = await Blocks.FetchAsync(checked((int)report.ModelLength), offset => InTime(fit.PullAsync(true, offset)), CancellationToken.None).ConfigureAwait(false);
                fit.EndAsync().Ignore();
                return model;
            }
            // News in small bites cost more than they tell.
            await Task.Delay(_glance, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>The same traces with the times at which the client heard of their records.</summary>
    public IReadOnlyList<IReadOnlyList<Iteration>> Timed(IReadOnlyList<IReadOnlyList<Iteration>> traces) =>
        [.. traces.Select((trace, start) => trace.Select(record => record with { Elapsed = _times.GetValueOrDefault((start, record.Number, record.Segment)) }).ToArray())];

    /// <summary>What was told before a silo was lost is not told again.</summary>
    void Tell(int start, Iteration iteration)
    {
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(_began);
        if (_times.TryAdd((start, iteration.Number, iteration.Segment), elapsed) || iteration.StopReason is not null) events.Record?.Invoke(start, iteration with { Elapsed = elapsed });
    }

    Task InTime(Task call) => call.WaitAsync(cluster.Timeouts.Call);

    Task<T> InTime<T>(Task<T> call) => call.WaitAsync(cluster.Timeouts.Call);
}
