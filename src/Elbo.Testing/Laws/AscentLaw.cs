using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.Ascent"/>.</summary>
static class AscentLaw
{
    const double Tolerance = 1e-10;

    public static void Check<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        TParameters parameters = trial.Start;
        IObservations<TBatch> observations = trial.Subject.Open();
        IEStep<TBatch, TParameters, TStatistics> eStep = trial.Subject.CreateEStep();
        double? maximized = null;
        for (int iteration = 0; iteration < trial.Iterations; iteration++)
        {
            Found<TStatistics> found = trial.Pass(eStep.Prepare(parameters), observations, parameters);
            double scale = trial.Scale(found, parameters);
            double expected = found.Bound.ExpectedLogJoint + found.Bound.Entropy + trial.Model.GlobalBound(parameters);
            if (maximized is { } before && eStep.Guarantee != Guarantee.None)
                CheckNoFall(before, expected, $"the E-step of iteration {iteration}, which promises {eStep.Guarantee}, lowered the bound with θ fixed");

            // Both sides by the model's own joint, so that a kernel that is off is left to the law of decomposition.
            TParameters next = trial.Model.Maximize(found.Statistics, parameters);
            double old = trial.Model.ExpectedLogJoint(found.Statistics, parameters) + trial.Model.GlobalBound(parameters);
            double own = trial.Model.ExpectedLogJoint(found.Statistics, next) + trial.Model.GlobalBound(next);
            CheckNoFall(old, own, $"the M-step of iteration {iteration} lowered the bound with q fixed");
            maximized = found.Bound.ExpectedLogJoint - trial.Model.ExpectedLogJoint(found.Statistics, parameters) + trial.Model.ExpectedLogJoint(found.Statistics, next)
                + found.Bound.Entropy + trial.Model.GlobalBound(next);
            parameters = next;

            void CheckNoFall(double from, double to, string what)
            {
                if (!(to >= from - Tolerance * scale)) throw trial.Broken(what, to - from, scale);
            }
        }
    }
}
