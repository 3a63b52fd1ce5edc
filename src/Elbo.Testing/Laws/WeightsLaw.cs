using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.Weights"/>: weights count in the statistics and in the bound.</summary>
static class WeightsLaw
{
    public static void Check<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        foreach (TParameters parameters in trial.Places())
        {
            IEStepKernel<TBatch, TStatistics> kernel = trial.Subject.CreateEStep().Prepare(parameters);
            int count = trial.Subject.Open().Count;
            double[] weights = [.. Enumerable.Range(0, count).Select(_ => (double)trial.Random.NextInt32(4))];
            (weights[0], weights[^1]) = (0, 2);
            Found<TStatistics> weighted = trial.Pass(kernel, trial.Subject.Open(), parameters, weights);
            Compare(Repeat(trial, kernel, parameters, weights), weighted, "with weights 0 to 3 is not that of the observations as often");

            var halves = new double[count];
            Array.Fill(halves, 0.5);
            Found<TStatistics> half = trial.Pass(kernel, trial.Subject.Open(), parameters, halves);
            LocalBound other = kernel.Accumulate(trial.Subject.Open().Read(0, count, halves), half.Statistics);
            Compare(trial.Pass(kernel, trial.Subject.Open(), parameters), half with { Bound = half.Bound + other }, "of two halves is not that of the whole");

            void Compare(Found<TStatistics> expected, Found<TStatistics> actual, string what)
            {
                double scale = trial.Scale(expected, parameters);
                trial.CheckMeaning(expected.Statistics, actual.Statistics, parameters, scale, what);
                trial.CheckBounds(expected.Bound, actual.Bound, scale, what);
            }
        }
    }

    static Found<TStatistics> Repeat<TBatch, TParameters, TStatistics>(
        Trial<TBatch, TParameters, TStatistics> trial, IEStepKernel<TBatch, TStatistics> kernel, TParameters parameters, double[] times)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        TStatistics statistics = trial.Model.CreateStatistics(parameters);
        LocalBound? sum = null;
        for (int round = 0; round < (int)times.Max(); round++)
        {
            // Fresh local state: a repeated observation is another one, not a second visit to the first.
            IObservations<TBatch> observations = trial.Subject.Open();
            for (int i = 0; i < times.Length; i++)
            {
                if (times[i] <= round) continue;
                LocalBound own = kernel.Accumulate(observations.Read(i, 1, default), statistics);
                sum = sum is { } before ? before + own : own;
            }
        }
        return new(statistics, sum!.Value);
    }
}
