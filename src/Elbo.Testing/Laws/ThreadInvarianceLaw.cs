using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.ThreadInvariance"/>, with every worker forced to take part.</summary>
static class ThreadInvarianceLaw
{
    const int Passes = 3;

    public static void Check<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        Found<TStatistics>[]? expected = null;
        foreach (int threads in new[] { 1, 2, 3, 7 })
        {
            Found<TStatistics>[] found = Run(trial, threads);
            expected ??= found;
            for (int pass = 0; pass < Passes; pass++)
                trial.CheckBits(expected[pass], found[pass], $"of pass {pass} on {threads} threads, against 1 thread,");
        }
    }

    static Found<TStatistics>[] Run<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial, int threads)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        var shards = new ObservationShards<TBatch>(trial.Subject.Open(), threads);
        var executor = new LocalExecutor<TBatch, TParameters, TStatistics>(shards, trial.Model, trial.Subject.CreateEStep(), threads);
        TParameters parameters = trial.Start;
        var found = new Found<TStatistics>[Passes];
        for (int pass = 0; pass < Passes; pass++)
        {
            shards.BeginPass();
            EStepResult<TStatistics> result = executor.ExpectAsync(parameters, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            // The executor uses the statistics again in the next pass.
            found[pass] = new(TStatistics.FromTensors(TensorSet.Of(result.Statistics)), result.Bound);
            parameters = trial.Model.Maximize(result.Statistics, parameters);
        }
        return found;
    }

    /// <summary>About a dozen shards. The first readers wait for each other, so that all workers hold a shard at once.</summary>
    sealed class ObservationShards<TBatch>(IObservations<TBatch> observations, int threads) : IShards<TBatch> where TBatch : allows ref struct
    {
        static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

        readonly int _length = Math.Max(1, observations.Count / 12);
        int _readers;

        public int Count => (observations.Count - 1) / _length + 1;

        public void BeginPass() => Volatile.Write(ref _readers, 0);

        public TBatch Read(int shard)
        {
            int expected = Math.Min(threads, Count);
            if (Interlocked.Increment(ref _readers) <= expected)
                SpinWait.SpinUntil(() => Volatile.Read(ref _readers) >= expected, Patience);
            int first = shard * _length;
            return observations.Read(first, Math.Min(_length, observations.Count - first), default);
        }
    }
}
