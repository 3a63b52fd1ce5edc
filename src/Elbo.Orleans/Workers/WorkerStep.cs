using System.Collections.Concurrent;
using Elbo.Engine;
using Elbo.Orleans.Wire;

namespace Elbo.Orleans.Workers;

/// <summary>One E-step on one worker: its parameters as they arrive, and the runs of shards that are asked for. A step that is polled for before it is known says so by failing.</summary>
sealed class WorkerStep : IDisposable
{
    static readonly TimeSpan _poll = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource _cancellation = new();
    readonly ConcurrentDictionary<int, StepRun> _runs = [];
    readonly BlockBuffer _parameters = new();
    long _touched;

    /// <summary>What its runs read, once there is one.</summary>
    public OpenedData? Data { get; set; }

    public long Touched
    {
        get => Volatile.Read(ref _touched);
        set => Volatile.Write(ref _touched, value);
    }

    public void Put(int length, int offset, byte[] block) => _parameters.Put(length, offset, block);

    public void Run(int number, ShardWorker worker, int first, int end, ThreadTeam team, Action done)
    {
        byte[] parameters = _parameters.Join();
        var run = new StepRun();
        if (!_runs.TryAdd(number, run)) return;
        run.Start(worker, parameters, first, end, team, done, _cancellation.Token);
    }

    public async Task<RunState> PollAsync(int number)
    {
        if (!_runs.TryGetValue(number, out StepRun? run)) throw new InvalidOperationException("This worker does not know the run of shards: it has begun anew.");
        try
        {
            await run.Done.WaitAsync(_poll).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new RunState();
        }
        return run.Failure is { } failure ? new RunState { Failure = failure } : new RunState { Sums = [.. run.Sums.Select(SumHead.Of)] };
    }

    public byte[] Pull(int number, int sum, int offset) => Blocks.At(_runs[number].Sums[sum].Statistics, offset);

    /// <summary>Ends it, at work or not.</summary>
    public void Dispose()
    {
        _cancellation.Cancel();
        _cancellation.Dispose();
    }

    sealed class StepRun
    {
        readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        public string? Failure { get; private set; }

        public IReadOnlyList<ShardSum> Sums { get; private set; } = [];

        public void Start(ShardWorker worker, byte[] parameters, int first, int end, ThreadTeam team, Action done, CancellationToken cancellationToken)
        {
            int workers = team.Count;
            ShardStep? step = null;
            var begun = new Lazy<ShardStep>(() => worker.Begin(parameters, first, end));
            team.RunOnAll(() =>
            {
                try
                {
                    step = begun.Value;
                    step.Work(cancellationToken);
                }
                catch (Exception error)
                {
                    Failure ??= error.Message;
                }
                if (Interlocked.Decrement(ref workers) > 0) return;
                // The last one to leave adds up and writes down: work for these threads too.
                try
                {
                    if (Failure is null)
                    {
                        Sums = step!.TakeSums();
                        done();
                    }
                }
                catch (Exception error)
                {
                    Failure = error.Message;
                }
                _done.SetResult();
            });
        }
    }
}
