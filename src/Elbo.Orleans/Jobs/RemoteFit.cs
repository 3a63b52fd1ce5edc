using System.Runtime.ExceptionServices;
using Elbo.Engine;
using Elbo.Orleans.Execution;
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

    /// <summary>Silos may come and go; a fit that is lost this often without a record in between has another reason.</summary>
    const int LossesAllowed = 20;

    static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(20);

    readonly string _id = Guid.NewGuid().ToString("N")[..12];
    readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    readonly Dictionary<(int Start, int Number, string Segment), TimeSpan> _times = [];
    readonly long _began = TimeProvider.System.GetTimestamp();
    byte[]? _checkpoint;
    int _attempts, _losses;

    /// <summary>Runs the fit to the bytes of its model.</summary>
    /// <param name="checkpoint">Where to go on from; null begins.</param>
    /// <param name="cancellationToken">Ends the fit with the best so far.</param>
    /// <exception cref="ElboClusterException">The fit failed, or no worker is left; the newest checkpoint has been handed out.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before there was anything to keep.</exception>
    public async Task<byte[]> RunAsync(byte[]? checkpoint, CancellationToken cancellationToken)
    {
        _checkpoint = checkpoint;
        // Not all fits on the same silo.
        _attempts = Convert.ToInt32(_id[..4], 16);
        while (true)
        {
            string silo = await PickAsync(cancellationToken).ConfigureAwait(false);
            IFitGrain fit = cluster.Grains.GetGrain<IFitGrain>(OnSilo.KeyOf(silo, $"{_id}-{_attempts}"));
            try
            {
                return await FollowAsync(fit, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not (ElboClusterException or OperationCanceledException or ListenerException))
            {
                if (cancellationToken.IsCancellationRequested) throw new OperationCanceledException("The fit was cancelled, and its silo was lost.", error, cancellationToken);
                if (++_losses > LossesAllowed) throw new ElboClusterException($"The fit was begun {_losses} times without getting on; the last time on {silo}: {Trouble.Describe(error, cluster.Timeouts)}.", error);
                _lost.Add(silo);
                events.Note?.Invoke($"the worker {silo}, on which the fit's loop ran, is lost ({Trouble.Describe(error, cluster.Timeouts)}); it goes on elsewhere from {(_checkpoint is null ? "the start" : "the newest checkpoint")}");
            }
            catch (ListenerException error)
            {
                ExceptionDispatchInfo.Throw(error.InnerException!);
            }
            finally
            {
                // Whatever became of it, nobody will ask for it again.
                fit.EndAsync().Ignore();
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
            catch (UnauthorizedAccessException) when (++_losses <= LossesAllowed)
            {
                // One worker with another key must not end the fits of all; the next may ask another.
                trouble = " (the key is not this cluster's)";
                continue;
            }
            catch (Exception error) when (error is not (OperationCanceledException or UnauthorizedAccessException))
            {
                trouble = $" ({Trouble.Describe(error, cluster.Timeouts)})";
            }
            TimeSpan waited = TimeProvider.System.GetElapsedTime(began);
            if (waited > cluster.Timeouts.Patience)
                throw new ElboClusterException($"All workers at {cluster.Address} are gone: none has answered for {cluster.Timeouts.Patience.TotalSeconds:0} seconds{trouble}. Start workers with 'elbo worker --cluster {cluster.Address}'.");
            await Task.Delay(200, cancellationToken).ConfigureAwait(false);
        }
    }

    async Task<byte[]> FollowAsync(IFitGrain fit, CancellationToken cancellationToken)
    {
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
            if (report.Records.Length > 0) _losses = 0;
            Iteration[] records = [.. report.Records.Select(bytes => bytes.Read())];
            Heard(() =>
            {
                foreach (string note in report.Notes) events.Note?.Invoke(note);
                foreach (TrafficEntry traffic in report.Traffic) events.Moved?.Invoke(new Traffic(traffic.Workers, traffic.Sent, traffic.Received));
                for (int i = 0; i < records.Length; i++) Tell(report.Records[i].Start, records[i]);
            });
            if (report.Checkpoint > have && report.ModelLength < 0 && report.Failure is null && TimeProvider.System.GetElapsedTime(fetched) >= rest)
            {
                long began = TimeProvider.System.GetTimestamp();
                try
                {
                    int length;
                    do length = await InTime(fit.HoldCheckpointAsync()).ConfigureAwait(false);
                    while (length < 0);
                    _checkpoint = await Blocks.FetchAsync(length, offset => InTime(fit.PullAsync(false, offset)), CancellationToken.None).ConfigureAwait(false);
                    Heard(() => events.Checkpoint?.Invoke(_checkpoint));
                }
                catch (Exception error) when (error is not ListenerException)
                {
                    // If the silo is lost, the next poll will tell; if not, the fit goes on without this one.
                    Heard(() => events.Note?.Invoke($"a checkpoint could not be had: {Trouble.Describe(error, cluster.Timeouts)}"));
                }
                have = report.Checkpoint;
                fetched = TimeProvider.System.GetTimestamp();
                rest = CheckpointRest * TimeProvider.System.GetElapsedTime(began, fetched);
            }
            seen = new Seen(seen.Records + report.Records.Length, seen.Notes + report.Notes.Length, seen.Traffic + report.Traffic.Length, report.Checkpoint);
            if (report.Failure is { } failure) throw report.WasCancelled ? new OperationCanceledException(failure, cancellationToken) : new ElboClusterException(failure);
            if (report.ModelLength >= 0)
            {
                return await Blocks.FetchAsync(checked((int)report.ModelLength), offset => InTime(fit.PullAsync(true, offset)), CancellationToken.None).ConfigureAwait(false);
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

    /// <summary>What a listener throws is its own trouble, not a silo's.</summary>
    static void Heard(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception error)
        {
            throw new ListenerException(error);
        }
    }

    Task InTime(Task call) => call.WaitAsync(cluster.Timeouts.Call);

    Task<T> InTime<T>(Task<T> call) => call.WaitAsync(cluster.Timeouts.Call);

    sealed class ListenerException(Exception error) : Exception(error.Message, error);
}
