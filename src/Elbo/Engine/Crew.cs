using System.Runtime.ExceptionServices;

namespace Elbo.Engine;

/// <summary>Some threads that share a row of work items; who does which must not matter to the result.</summary>
static class Crew
{
    /// <summary>Does items 0 … <paramref name="count"/> − 1, each once, in order of their start. With one thread, or one item, all on the caller's thread.</summary>
    /// <param name="threads">How many threads at most.</param>
    /// <param name="count">How many items.</param>
    /// <param name="work">Takes a worker's number, below <paramref name="threads"/> (one thread at a time has it, so it may stand for scratch memory), and an item.</param>
    public static void Run(int threads, int count, Action<int, int> work)
    {
        int workers = Math.Min(threads, count);
        if (workers <= 1)
        {
            for (int item = 0; item < count; item++) work(0, item);
            return;
        }
        int next = -1;
        Exception? failure = null;
        void Work(int worker)
        {
            try
            {
                int item;
                while (Volatile.Read(ref failure) is null && (item = Interlocked.Increment(ref next)) < count) work(worker, item);
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref failure, error, null);
            }
        }

        var others = new Task[workers - 1];
        for (int i = 0; i < others.Length; i++)
        {
            int worker = i + 1;
            others[i] = Task.Run(() => Work(worker), CancellationToken.None);
        }
        Work(0);
        Task.WaitAll(others, CancellationToken.None);
        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
    }
}
