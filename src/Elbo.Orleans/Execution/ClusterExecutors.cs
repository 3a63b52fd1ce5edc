using Elbo.Engine;
using Elbo.Orleans.Wire;
using Orleans;

namespace Elbo.Orleans.Execution;

/// <summary>The executors of a fit whose loop runs here: for every E-step the order of the workers that do it. Pools are kept, since a fit comes back to the same E-step.</summary>
sealed class ClusterExecutors(IGrainFactory grains, Func<object, WorkOrder> orderOf, ClusterTimeouts timeouts, Action<string> note, Action<Traffic> moved) : IExecutorFactory
{
    readonly Dictionary<string, WorkerPool> _pools = new(StringComparer.Ordinal);

    public IExecutor<TParameters, TStatistics> Create<TBatch, TParameters, TStatistics>(
        IShards<TBatch> shards, IModel<TParameters, TStatistics> model, IEStep<TBatch, TParameters, TStatistics> eStep)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        WorkOrder order = orderOf(eStep);
        if (!_pools.TryGetValue(order.Key, out WorkerPool? pool)) _pools.Add(order.Key, pool = new WorkerPool(grains, order, timeouts, note));
        return new OrleansExecutor<TParameters, TStatistics>(pool, shards.Count, eStep.Guarantee, eStep.TermNames, moved);
    }
}
