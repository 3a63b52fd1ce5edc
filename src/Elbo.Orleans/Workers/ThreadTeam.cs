using System.Collections.Concurrent;

namespace Elbo.Orleans.Workers;

/// <summary>The threads of a worker on which all its E-steps run, so that Orleans keeps its own.</summary>
sealed class ThreadTeam : IDisposable
{
    readonly BlockingCollection<Action> _work = [];
    readonly Thread[] _threads;

    public ThreadTeam(int threads)
    {
        _threads = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"Elbo E-step {i}" };
            _threads[i].Start();
        }
    }

    public int Count => _threads.Length;

    /// <summary>Lets every thread do the same work, which divides itself; ends when all have. The work must not throw.</summary>
    public Task RunOnAll(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int left = Count;
        for (int i = 0; i < Count; i++)
        {
            _work.Add(() =>
            {
                work();
                if (Interlocked.Decrement(ref left) == 0) done.SetResult();
            });
        }
        return done.Task;
    }

    public void Dispose() => _work.CompleteAdding();

    void Work()
    {
        foreach (Action work in _work.GetConsumingEnumerable()) work();
    }
}
