using System.Collections.Concurrent;

namespace Elbo.Engine;

/// <summary>
/// Runs the E-step on this machine. The bits of the result do not depend on the number of threads: a shard is summed in order,
/// and shards are added up in a fixed binary tree (<see cref="ShardTree{TStatistics}"/>).
/// </summary>
/// <typeparam name="TBatch">What a shard is read as.</typeparam>
/// <typeparam name="TParameters">θ.</typeparam>
/// <typeparam name="TStatistics">The expected sufficient statistics.</typeparam>
/// <param name="shards">The data.</param>
/// <param name="model">Makes the statistics.</param>
/// <param name="eStep">The E-step.</param>
/// <param name="threads">How many threads to use, at least 1; with 1 everything runs on the caller's thread.</param>
public sealed class LocalExecutor<TBatch, TParameters, TStatistics>(
    IShards<TBatch> shards,
    IModel<TParameters, TStatistics> model,
    IEStep<TBatch, TParameters, TStatistics> eStep,
    int threads = 1) : IExecutor<TParameters, TStatistics>
    where TBatch : allows ref struct
    where TParameters : class, ITensors<TParameters>
    where TStatistics : class, IStatistics<TStatistics>
{
    readonly ConcurrentBag<TStatistics> _spare = [];
    readonly int _threads = threads >= 1 ? threads : throw new ArgumentOutOfRangeException(nameof(threads), threads, "At least one thread is needed.");
    TStatistics? _previous;

    /// <inheritdoc/>
    public Guarantee Guarantee => eStep.Guarantee;

    /// <inheritdoc/>
    public IReadOnlyList<string> TermNames => eStep.TermNames;

    /// <inheritdoc/>
    public ValueTask<EStepResult<TStatistics>> ExpectAsync(TParameters parameters, CancellationToken cancellationToken) =>
        _threads == 1
            ? new(Expect(parameters, cancellationToken))
            : new(Task.Run(() => Expect(parameters, cancellationToken), CancellationToken.None));

    EStepResult<TStatistics> Expect(TParameters parameters, CancellationToken cancellationToken)
    {
        if (_previous is not null) _spare.Add(_previous);
        _previous = null;
        var tree = new ShardTree<TStatistics>(shards.Count, spare => _spare.Add(spare));
        var run = new ShardRun<TBatch, TParameters, TStatistics>(shards, eStep, parameters, tree, 0, shards.Count, () => Rent(parameters));

        // Threads of the pool: a new one costs half a millisecond before its first shard.
        var helpers = new Task[Math.Max(0, Math.Min(_threads, shards.Count) - 1)];
        for (int i = 0; i < helpers.Length; i++) helpers[i] = Task.Run(() => run.Work(cancellationToken), CancellationToken.None);
        run.Work(cancellationToken);
        Task.WaitAll(helpers, CancellationToken.None);
        run.ThrowIfFailed();

        EStepResult<TStatistics> result = tree.Total;
        _previous = result.Statistics;
        return result;
    }

    TStatistics Rent(TParameters parameters) =>
        _spare.TryTake(out TStatistics? used) ? model.Renew(used, parameters) : model.CreateStatistics(parameters);
}
