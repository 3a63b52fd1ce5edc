using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.SplitMerge"/>: statistics are a commutative monoid, and the bound is a sum over observations.</summary>
static class SplitMergeLaw
{
    public static void Check<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        foreach (TParameters parameters in trial.Places())
        {
            IEStepKernel<TBatch, TStatistics> kernel = trial.Subject.CreateEStep().Prepare(parameters);
            Found<TStatistics> whole = trial.Pass(kernel, trial.Subject.Open(), parameters);
            int count = trial.Subject.Open().Count;
            foreach (int[] cut in new[] { Every(count, 1), Every(count, (count + 1) / 2), RandomCut(count, trial.Random) })
            {
                foreach (bool reversed in new[] { false, true })
                {
                    Found<TStatistics> merged = Merge(trial, kernel, parameters, cut, reversed);
                    string what = $"of all {count} observations is not the sum over {cut.Length - 1} parts{(reversed ? " added in reverse" : "")}";
                    double scale = trial.Scale(whole, parameters);
                    trial.CheckBounds(whole.Bound, merged.Bound, scale, what);
                    trial.CheckMeaning(whole.Statistics, merged.Statistics, parameters, scale, what);
                }
            }
            CheckScaleAndClear(trial, kernel, parameters, whole);
        }
    }

    static Found<TStatistics> Merge<TBatch, TParameters, TStatistics>(
        Trial<TBatch, TParameters, TStatistics> trial, IEStepKernel<TBatch, TStatistics> kernel, TParameters parameters, int[] cut, bool reversed)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        IObservations<TBatch> observations = trial.Subject.Open();
        var sum = new Found<TStatistics>(trial.Model.CreateStatistics(parameters), new LocalBound(0, 0, 0));
        for (int i = 0; i < cut.Length - 1; i++)
        {
            int part = reversed ? cut.Length - 2 - i : i;
            TStatistics own = trial.Model.CreateStatistics(parameters);
            LocalBound bound = kernel.Accumulate(observations.Read(cut[part], cut[part + 1] - cut[part], default), own);
            sum.Statistics.Add(own);
            sum = sum with { Bound = sum.Bound + bound };
        }
        return sum;
    }

    static void CheckScaleAndClear<TBatch, TParameters, TStatistics>(
        Trial<TBatch, TParameters, TStatistics> trial, IEStepKernel<TBatch, TStatistics> kernel, TParameters parameters, Found<TStatistics> whole)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        double scale = 2 * trial.Scale(whole, parameters);
        TStatistics twice = Again(), doubled = Again(), quarter = Again(), cleared = Again();
        twice.Add(whole.Statistics);
        doubled.Scale(2);
        trial.CheckMeaning(twice, doubled, parameters, scale, "after Scale(2) is not what they say when added to themselves");
        quarter.Scale(0.25);
        TStatistics rest = Again();
        rest.Scale(0.75);
        quarter.Add(rest);
        trial.CheckMeaning(whole.Statistics, quarter, parameters, scale, "is not what a quarter and three quarters of them say together");
        trial.CheckMeaning(whole.Statistics, trial.Model.Recentre(Again(), trial.Subject.CreateStart(unchecked(trial.Seed + 2))), parameters, scale, "changed when their origin was moved");
        cleared.Clear();
        cleared.Add(whole.Statistics);
        trial.CheckMeaning(whole.Statistics, cleared, parameters, scale, "changed when they were added to cleared ones");

        TStatistics Again() => trial.Pass(kernel, trial.Subject.Open(), parameters).Statistics;
    }

    static int[] Every(int count, int length) => [.. Enumerable.Range(0, (count - 1) / length + 1).Select(i => i * length), count];

    static int[] RandomCut(int count, Numerics.Philox random) => [0, .. Enumerable.Range(1, count - 1).Where(_ => random.NextInt32(3) == 0), count];
}
