using System.Collections.Concurrent;
using Elbo.Orleans.Hosting;
using Elbo.Orleans.Wire;
using Elbo.Orleans.Workers;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Elbo.Orleans.Jobs;

/// <summary>
/// The fits whose loops run on this silo. A fit lives as long as its client asks for news of it: the client keeps the newest checkpoint, and begins the fit again
/// from there on another silo if this one dies.
/// </summary>
sealed class FitJobs : IDisposable
{
    readonly ConcurrentDictionary<string, FitJob> _jobs = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, (BlockBuffer Blocks, long At)> _checkpoints = new(StringComparer.Ordinal);
    readonly IGrainFactory _grains;
    readonly ElboWorkerOptions _options;
    readonly WorkerService _worker;
    readonly TimeProvider _time;
    readonly ILogger<FitJobs> _logger;
    readonly ITimer _sweeper;

    public FitJobs(IGrainFactory grains, ElboWorkerOptions options, WorkerService worker, TimeProvider time, ILogger<FitJobs> logger)
    {
        (_grains, _options, _worker, _time, _logger) = (grains, options, worker, time, logger);
        _sweeper = time.CreateTimer(_ => Forget(), null, options.Forgetting / 4, options.Forgetting / 4);
    }

    public RunningFit[] Describe() => [.. _jobs.Values.Where(job => !job.HasEnded).Select(job => job.Describe())];

    public void Put(string id, int length, int offset, byte[] block) => _checkpoints.GetOrAdd(id, _ => (new BlockBuffer(), _time.GetTimestamp())).Blocks.Put(length, offset, block);

    /// <summary>Begins a fit, from the checkpoint that was put if there is one. Asked again, it does nothing.</summary>
    public void Begin(string id, FitOrder order)
    {
        byte[]? checkpoint = _checkpoints.TryRemove(id, out (BlockBuffer Blocks, long At) put) ? put.Blocks.Join() : null;
        var job = new FitJob(id, order, _time);
        if (!_jobs.TryAdd(id, job))
        {
            job.Dispose();
            return;
        }
        Log.FitBegins(_logger, id, order.Kind, checkpoint is null ? "anew" : "from a checkpoint");
        // Reading, starts and M-steps take time: on a thread of its own, not on one of Orleans'.
        var thread = new Thread(() => Run(id, job, checkpoint)) { IsBackground = true, Name = $"Elbo fit {id}" };
        thread.Start();
    }

    public FitJob? Find(string id) => _jobs.GetValueOrDefault(id);

    public void End(string id)
    {
        _checkpoints.TryRemove(id, out _);
        if (_jobs.TryRemove(id, out FitJob? job)) job.Dispose();
    }

    public void Dispose()
    {
        _sweeper.Dispose();
        foreach (string id in _jobs.Keys) End(id);
    }

    void Run(string id, FitJob job, byte[]? checkpoint)
    {
        try
        {
            byte[] model = FitProgram.Of(job.Order.Kind).RunAsync(job, checkpoint, _grains, _options.Timeouts, _worker.Threads).GetAwaiter().GetResult();
            job.Finish(model);
            Log.FitEnds(_logger, id, job.Token.IsCancellationRequested ? "cancelled, with the best so far" : "done");
        }
        catch (OperationCanceledException)
        {
            job.Fail("The fit was cancelled before there was anything to keep.", wasCancelled: true);
            Log.FitEnds(_logger, id, "cancelled");
        }
        catch (Exception error)
        {
            job.Fail(error.Message, wasCancelled: false);
            Log.FitFailed(_logger, id, error);
        }
    }

    void Forget()
    {
        foreach ((string id, FitJob job) in _jobs)
            if (_time.GetElapsedTime(job.Touched) > _options.Forgetting) End(id);
        foreach ((string id, (BlockBuffer _, long at)) in _checkpoints)
            if (_time.GetElapsedTime(at) > _options.Forgetting) _checkpoints.TryRemove(id, out _);
    }
}

/// <summary>The door to a <see cref="FitJob"/>.</summary>
[OnSilo, global::Orleans.Concurrency.Reentrant]
sealed class FitGrain(FitJobs jobs) : Grain, IFitGrain
{
    public Task PutAsync(int length, int offset, byte[] block)
    {
        jobs.Put(Id, length, offset, block);
        return Task.CompletedTask;
    }

    public Task BeginAsync(FitOrder order)
    {
        jobs.Begin(Id, order);
        return Task.CompletedTask;
    }

    public Task<FitReport> PollAsync(Seen seen) => jobs.Find(Id) is { } job ? job.PollAsync(seen) : Task.FromResult(new FitReport());

    public Task<int> HoldCheckpointAsync() => Job.HoldCheckpointAsync();

    public Task<byte[]> PullAsync(bool model, long offset) => Task.FromResult(Job.Pull(model, offset));

    public Task CancelAsync()
    {
        jobs.Find(Id)?.Cancel();
        return Task.CompletedTask;
    }

    public Task EndAsync()
    {
        jobs.End(Id);
        return Task.CompletedTask;
    }

    string Id => this.GetPrimaryKeyString().Split('/')[1];

    FitJob Job => jobs.Find(Id) ?? throw new InvalidOperationException("This silo does not know the fit.");
}
