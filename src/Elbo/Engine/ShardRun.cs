using System.Runtime.ExceptionServices;

namespace Elbo.Engine;

/// <summary>One E-step over a run of shards, worked on by any number of threads at once; which of them does what does not matter to the sums.</summary>
sealed class ShardRun<TBatch, TParameters, TStatistics>(
    IShards<TBatch> shards, IEStep<TBatch, TParameters, TStatistics> eStep, TParameters parameters, ShardTree<TStatistics> tree, int first, int end, Func<TStatistics> rent)
    where TBatch : allows ref struct
    where TParameters : class, ITensors<TParameters>
    where TStatistics : class, IStatistics<TStatistics>
{
    int _next = first - 1;
    Exception? _failure;

    /// <summary>Works until no shard is left, or a thread has failed.</summary>
    public void Work(CancellationToken cancellationToken)
    {
        try
        {
            IEStepKernel<TBatch, TStatistics> kernel = eStep.Prepare(parameters);
            int shard;
            while (Volatile.Read(ref _failure) is null && (shard = Interlocked.Increment(ref _next)) < end)
            {
                cancellationToken.ThrowIfCancellationRequested();
                TStatistics statistics = rent();
                tree.Add(shard, statistics, kernel.Accumulate(shards.Read(shard), statistics));
            }
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _failure, error, null);
        }
    }

    /// <summary>Throws what a thread threw first; to be called when all have ended.</summary>
    public void ThrowIfFailed()
    {
        if (_failure is not null) ExceptionDispatchInfo.Throw(_failure);
    }
}
