using System.Collections.Concurrent;
using System.Diagnostics;
using Elbo.Numerics;
using Elbo.Orleans.Execution;
using Elbo.Orleans.Hosting;
using Elbo.Orleans.Wire;
using Microsoft.Extensions.Logging;

namespace Elbo.Orleans.Workers;

/// <summary>
/// The work on one silo, of whatever executor: opened data, E-steps under way, the threads. It belongs to the process and not to a grain, so that
/// a grain that is activated again finds it. It keeps nothing that cannot be computed again.
/// </summary>
sealed class WorkerService : IDisposable
{
    readonly ConcurrentDictionary<string, OpenedData> _data = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<Guid, WorkerStep> _steps = [];
    readonly ModelRegistry _models;
    readonly ThreadTeam _team;
    readonly TimeProvider _time;
    readonly ILogger<WorkerService> _logger;
    readonly ITimer _sweeper;
    readonly Queue<(long At, int Shards)> _recent = [];
    long _shardsDone;

    public WorkerService(ModelRegistry models, ElboWorkerOptions options, TimeProvider time, ILogger<WorkerService> logger)
    {
        (_models, _time, _logger) = (models, time, logger);
        _team = new ThreadTeam(options.Threads);
        Forgetting = options.Forgetting;
        _sweeper = time.CreateTimer(_ => Forget(), null, Forgetting / 4, Forgetting / 4);
    }

    /// <summary>What has not been asked for in so long is given up: its executor is gone.</summary>
    TimeSpan Forgetting { get; }

    public int Threads => _team.Count;

    public long ShardsDone => Volatile.Read(ref _shardsDone);

    /// <summary>Shards a second, over the last ten.</summary>
    public double ShardsPerSecond
    {
        get
        {
            lock (_recent)
            {
                while (_recent.TryPeek(out (long At, int Shards) oldest) && _time.GetElapsedTime(oldest.At) > Recent) _recent.Dequeue();
                return _recent.Sum(run => run.Shards) / Recent.TotalSeconds;
            }
        }
    }

    static TimeSpan Recent { get; } = TimeSpan.FromSeconds(10);

    public OpenState Open(WorkOrder order)
    {
        OpenedData data = _data.GetOrAdd(order.Key, _ => new OpenedData(_models, order, _logger) { Touched = _time.GetTimestamp() });
        data.Touched = _time.GetTimestamp();
        if (data.Failure is { } failure)
        {
            // The next call tries again: a file may have come since.
            _data.TryRemove(new(order.Key, data));
            return new OpenState { Failure = failure };
        }
        return data.Worker is not { } worker ? new OpenState() : new OpenState
        {
            IsReady = true,
            Shards = worker.Shards,
            Threads = Threads,
            Guarantee = worker.Guarantee,
            TermNames = [.. worker.TermNames],
            KernelProfile = KernelProfiles.Name(KernelProfiles.Current),
        };
    }

    public void Put(Guid step, int length, int offset, byte[] block) => StepOf(step).Put(length, offset, block);

    public void Run(Guid step, int run, WorkOrder order, int first, int end)
    {
        if (!_data.TryGetValue(order.Key, out OpenedData? data) || data.Worker is null)
            throw new InvalidOperationException("The data of this order have not been opened on this worker.");
        StepOf(step).Run(run, data, first, end, _team, () => Count(end - first));
    }

    public Task<RunState> PollAsync(Guid step, int run)
    {
        WorkerStep found = StepOf(step);
        // A step may take longer than what is not asked for is kept.
        if (found.Data is { } data) data.Touched = found.Touched;
        return found.PollAsync(run);
    }

    public byte[] Pull(Guid step, int run, int sum, int offset) => StepOf(step).Pull(run, sum, offset);

    public void End(Guid step)
    {
        if (_steps.TryRemove(step, out WorkerStep? found)) found.Dispose();
    }

    public void Dispose()
    {
        _sweeper.Dispose();
        foreach (Guid step in _steps.Keys) End(step);
        foreach (OpenedData data in _data.Values) data.Dispose();
        _team.Dispose();
    }

    void Count(int shards)
    {
        Interlocked.Add(ref _shardsDone, shards);
        Instruments.Shards.Add(shards);
        lock (_recent)
        {
            _recent.Enqueue((_time.GetTimestamp(), shards));
            while (_time.GetElapsedTime(_recent.Peek().At) > Recent) _recent.Dequeue();
        }
    }

    WorkerStep StepOf(Guid id)
    {
        WorkerStep step = _steps.GetOrAdd(id, _ => new WorkerStep { Touched = _time.GetTimestamp() });
        step.Touched = _time.GetTimestamp();
        return step;
    }

    void Forget()
    {
        foreach ((Guid id, WorkerStep step) in _steps)
            if (_time.GetElapsedTime(step.Touched) > Forgetting) End(id);
        foreach ((string key, OpenedData data) in _data)
        {
            if (_time.GetElapsedTime(data.Touched) <= Forgetting || !_data.TryRemove(new(key, data))) continue;
            data.Dispose();
            Log.Forgotten(_logger, data.Name);
        }
    }
}

/// <summary>The data of an order: being opened, open, or failed.</summary>
sealed class OpenedData : IDisposable
{
    readonly CancellationTokenSource _cancellation = new();
    volatile Engine.ShardWorker? _worker;
    volatile string? _failure;
    long _touched;

    public OpenedData(ModelRegistry models, WorkOrder order, ILogger logger)
    {
        Name = order.Model + (order.Properties.TryGetValue(ClusterData.PathKey, out string? path) ? $" of '{path}'" : "");
        long began = Stopwatch.GetTimestamp();
        CancellationToken stop = _cancellation.Token;
        // Reading takes a thread of its own: neither one of Orleans' nor one that computes.
        new Thread(() =>
        {
            try
            {
                _worker = models.Open(order.Model, order.Properties, stop);
                Log.Opened(logger, Name, _worker.Shards, Stopwatch.GetElapsedTime(began));
            }
            catch (Exception error)
            {
                _failure = error.Message;
                Log.NotOpened(logger, Name, error);
            }
        })
        { IsBackground = true, Name = "Elbo reader" }.Start();
    }

    public string Name { get; }

    public Engine.ShardWorker? Worker => _worker;

    public string? Failure => _failure;

    /// <summary>Whose turn it is to work on it.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    public long Touched
    {
        get => Volatile.Read(ref _touched);
        set => Volatile.Write(ref _touched, value);
    }

    /// <summary>Gives it up, opened or not.</summary>
    public void Dispose()
    {
        _cancellation.Cancel();
        _cancellation.Dispose();
    }
}
