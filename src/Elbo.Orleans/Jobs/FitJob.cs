using Elbo.Engine;
using Elbo.Orleans.Wire;

namespace Elbo.Orleans.Jobs;

/// <summary>One fit whose loop runs on this silo, as others see it: what it has reported, its newest checkpoint, its end.</summary>
sealed class FitJob : IDisposable
{
    const int RecordsAtOnce = 500;

    static readonly TimeSpan _poll = TimeSpan.FromSeconds(1);

    readonly Lock _news = new();
    readonly CancellationTokenSource _cancellation = new();
    readonly List<RecordBytes> _records = [];
    readonly List<string> _notes = [];
    readonly List<TrafficEntry> _traffic = [];
    readonly string _id;
    readonly TimeProvider _time;
    readonly long _began;
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Func<byte[]>? _checkpoint;
    int _checkpoints;
    Task<byte[]>? _holding;
    byte[] _held = [];
    byte[]? _model;
    string? _failure;
    bool _wasCancelled;
    (int Number, double Objective) _last;

    public FitJob(string id, FitOrder order, TimeProvider time)
    {
        (_id, Order, _time) = (id, order, time);
        _began = Touched = time.GetTimestamp();
        Token = _cancellation.Token;
    }

    public FitOrder Order { get; }

    public CancellationToken Token { get; }

    /// <summary>When a client asked last.</summary>
    public long Touched { get; private set; }

    public bool HasEnded
    {
        get
        {
            lock (_news) return _model is not null || _failure is not null;
        }
    }

    public RunningFit Describe()
    {
        lock (_news) return new RunningFit(_id, Order.Kind, Order.Properties.GetValueOrDefault(Execution.ClusterData.PathKey, ""), _last.Number, _last.Objective, _time.GetElapsedTime(_began));
    }

    public void Report(int start, Iteration iteration) => Change(() =>
    {
        _records.Add(RecordBytes.Of(start, iteration));
        _last = (iteration.Number, iteration.Objective);
    });

    public void Note(string note) => Change(() => _notes.Add(note));

    /// <summary>What an E-step moved. News only together with others: no one waits for it.</summary>
    public void Note(Traffic traffic)
    {
        lock (_news) _traffic.Add(new TrafficEntry(traffic.Workers, traffic.Sent, traffic.Received));
    }

    /// <summary>A new checkpoint; it is written down when somebody wants it, and so must not change.</summary>
    public void Offer(Func<byte[]> checkpoint) => Change(() =>
    {
        _checkpoint = checkpoint;
        _checkpoints++;
    });

    public void Finish(byte[] model) => Change(() => _model = model);

    public void Fail(string message, bool wasCancelled) => Change(() => (_failure, _wasCancelled) = (message, wasCancelled));

    public void Cancel() => _cancellation.Cancel();

    /// <summary>Ends it, at work or not.</summary>
    public void Dispose()
    {
        _cancellation.Cancel();
        _cancellation.Dispose();
    }

    /// <summary>What is new, at once if there is anything, else within a second.</summary>
    public async Task<FitReport> PollAsync(Seen seen)
    {
        Touched = _time.GetTimestamp();
        Task changed;
        lock (_news)
        {
            if (_records.Count > seen.Records || _notes.Count > seen.Notes || _traffic.Count > seen.Traffic || _checkpoints > seen.Checkpoint || _model is not null || _failure is not null) return Report(seen);
            changed = _changed.Task;
        }
        try
        {
            await changed.WaitAsync(_poll).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }
        lock (_news) return Report(seen);
    }

    /// <summary>Writes the newest checkpoint down, and gives its length; −1 while that takes longer than a second: ask again.</summary>
    public async Task<int> HoldCheckpointAsync()
    {
        Task<byte[]> holding;
        lock (_news) holding = _holding ??= Task.Run(_checkpoint ?? throw new InvalidOperationException("The fit has no checkpoint yet."));
        try
        {
            _held = await holding.WaitAsync(_poll).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return -1;
        }
        finally
        {
            lock (_news)
                if (holding.IsCompleted) _holding = null;
        }
        return _held.Length;
    }

    public byte[] Pull(bool model, long offset)
    {
        Touched = _time.GetTimestamp();
        return Blocks.At(model ? _model ?? throw new InvalidOperationException("The fit has no model yet.") : _held, offset);
    }

    FitReport Report(Seen seen)
    {
        RecordBytes[] records = [.. _records.Skip(seen.Records).Take(RecordsAtOnce)];
        bool all = seen.Records + records.Length >= _records.Count;
        return new FitReport
        {
            IsKnown = true,
            Records = records,
            Notes = [.. _notes.Skip(seen.Notes)],
            Traffic = [.. _traffic.Skip(seen.Traffic)],
            Checkpoint = _checkpoints,
            // The end comes after everything else.
            ModelLength = all && _model is not null ? _model.LongLength : -1,
            Failure = all ? _failure : null,
            WasCancelled = _wasCancelled,
        };
    }

    void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_news)
        {
            change();
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.SetResult();
    }
}
