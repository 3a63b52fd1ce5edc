using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.LabelPermutation"/>: the names of components say nothing.</summary>
static class LabelPermutationLaw
{
    public static void Check<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        foreach (TParameters parameters in trial.Places())
        {
            if (trial.Subject.Relabel(parameters, trial.Random) is not { } relabelled)
            {
                trial.SayNothing();
                return;
            }
            (Found<TStatistics> found, TParameters next, double reached) = Improve(parameters);
            (Found<TStatistics> other, TParameters otherNext, double otherReached) = Improve(relabelled);
            double scale = trial.Scale(found, parameters);
            trial.CheckBounds(found.Bound, other.Bound, scale, "changes with the names of the components");
            trial.CheckEqual(trial.Model.GlobalBound(parameters), trial.Model.GlobalBound(relabelled), scale, "the global bound changes with the names of the components");
            trial.CheckEqual(trial.Height(found.Statistics, next), trial.Height(other.Statistics, otherNext), scale, "how high the M-step climbs changes with the names of the components");
            trial.CheckEqual(reached, otherReached, scale, "the objective after an iteration changes with the names of the components");
        }

        (Found<TStatistics> Found, TParameters Next, double Reached) Improve(TParameters from)
        {
            IObservations<TBatch> observations = trial.Subject.Open();
            IEStep<TBatch, TParameters, TStatistics> eStep = trial.Subject.CreateEStep();
            Found<TStatistics> found = trial.Pass(eStep.Prepare(from), observations, from);
            TParameters next = trial.Model.Maximize(found.Statistics, from);
            LocalBound bound = trial.Pass(eStep.Prepare(next), observations, next).Bound;
            return (found, next, bound.ExpectedLogJoint + bound.Entropy + trial.Model.GlobalBound(next));
        }
    }
}
