using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.Shuffle"/>: the order in which observations come says nothing.</summary>
static class ShuffleLaw
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
            IObservations<TBatch> observations = trial.Subject.Open();
            int[] order = [.. Enumerable.Range(0, observations.Count)];
            trial.Random.Shuffle<int>(order);
            var shuffled = new Found<TStatistics>(trial.Model.CreateStatistics(parameters), new LocalBound(0, 0, 0));
            foreach (int observation in order)
                shuffled = shuffled with { Bound = shuffled.Bound + kernel.Accumulate(observations.Read(observation, 1, default), shuffled.Statistics) };
            double scale = trial.Scale(whole, parameters);
            trial.CheckBounds(whole.Bound, shuffled.Bound, scale, "is another one when the observations come in another order");
            trial.CheckMeaning(whole.Statistics, shuffled.Statistics, parameters, scale, "changes with the order of the observations");
        }
    }
}
