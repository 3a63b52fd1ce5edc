namespace Elbo.Engine;

/// <summary>Where the E-steps of a fit run. Every stretch of a fit asks for an executor of its own.</summary>
public interface IExecutorFactory
{
    /// <summary>Joins data, model and E-step. To the same bits as <see cref="LocalExecutor{TBatch, TParameters, TStatistics}"/>, an executor adds shards up in the order of <see cref="ShardTree{TStatistics}"/>.</summary>
    /// <typeparam name="TBatch">What a shard is read as.</typeparam>
    /// <typeparam name="TParameters">θ.</typeparam>
    /// <typeparam name="TStatistics">The expected sufficient statistics.</typeparam>
    /// <param name="shards">The data, with the local state of the E-step where it has any.</param>
    /// <param name="model">Makes the statistics.</param>
    /// <param name="eStep">The E-step.</param>
    IExecutor<TParameters, TStatistics> Create<TBatch, TParameters, TStatistics>(
        IShards<TBatch> shards, IModel<TParameters, TStatistics> model, IEStep<TBatch, TParameters, TStatistics> eStep)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>;
}

/// <summary>On this machine (<see cref="LocalExecutor{TBatch, TParameters, TStatistics}"/>).</summary>
/// <param name="threads">How many threads to use, at least 1.</param>
public sealed class LocalExecutorFactory(int threads) : IExecutorFactory
{
    /// <inheritdoc/>
    public IExecutor<TParameters, TStatistics> Create<TBatch, TParameters, TStatistics>(
        IShards<TBatch> shards, IModel<TParameters, TStatistics> model, IEStep<TBatch, TParameters, TStatistics> eStep)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics> => new LocalExecutor<TBatch, TParameters, TStatistics>(shards, model, eStep, threads);
}
