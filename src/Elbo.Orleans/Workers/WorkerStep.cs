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
    public OpenedData? Data { get; private set; }

    public long Touched
    {
        get => Volatile.Read(ref _touched);
        set => Volatile.Write(ref _touched, value);
    }

    public void Put(int length, int offset, byte[] block) => _parameters.Put(length, offset, block);

    public void Run(int number, OpenedData data, int first, int end, ThreadTeam team, Action done)
    {
        Data = data;
        byte[] parameters = _parameters.Join();
        var run = new StepRun();
        if (!_runs.TryAdd(number, run)) return;
        _ = run.StartAsync(data, parameters, first, end, team, done, _cancellation.Token);
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

        /// <summary>Runs when no other run is at work on the same data, of this step or another's: an E-step has tables for one pass at a time.</summary>
        public async Task StartAsync(OpenedData data, byte[] parameters, int first, int end, ThreadTeam team, Action done, CancellationToken cancellationToken)
        {
            await data.Turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            int workers = team.Count;
            var begun = new Lazy<ShardStep>(() => data.Worker!.Begin(parameters, first, end));
            await team.RunOnAll(() =>
            {
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    begun.Value.Work(cancellationToken);
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
                        Sums = begun.Value.TakeSums();
                        done();
                    }
                }
                catch (Exception error)
                {
                    Failure = error.Message;
                }
            }).ConfigureAwait(false);
            data.Turn.Release();
            _done.SetResult();
        }
    }
}
