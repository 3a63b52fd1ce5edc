using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.Decomposition"/>: log p(X|θ) = E_q[log p(X,Z|θ)] + H(q) + KL, with KL = 0 after an exact E-step.</summary>
static class DecompositionLaw
{
    public static void Check<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        TParameters parameters = trial.Start;
        IObservations<TBatch> observations = trial.Subject.Open();
        IEStep<TBatch, TParameters, TStatistics> eStep = trial.Subject.CreateEStep();
        for (int iteration = 0; iteration < trial.Iterations; iteration++)
        {
            Found<TStatistics> found = trial.Pass(eStep.Prepare(parameters), observations, parameters);
            double scale = trial.Scale(found, parameters), elbo = found.Bound.ExpectedLogJoint + found.Bound.Entropy;
            trial.CheckEqual(trial.Model.ExpectedLogJoint(found.Statistics, parameters), found.Bound.ExpectedLogJoint, scale,
                $"in iteration {iteration}, the kernel's expected log joint is not the model's at the same statistics");
            if (found.Bound.LogEvidence is { } evidence && eStep.Guarantee == Guarantee.Evidence)
                trial.CheckEqual(evidence, elbo, scale, $"in iteration {iteration}, expected log joint plus entropy is not the log-evidence after an exact E-step");
            else if (found.Bound.LogEvidence is { } above && elbo > above)
                trial.CheckEqual(above, elbo, scale, $"in iteration {iteration}, expected log joint plus entropy is more than the log-evidence");
            if (!double.IsFinite(elbo))
                throw trial.Broken($"in iteration {iteration}, the bound is not finite", elbo);
            parameters = trial.Model.Maximize(found.Statistics, parameters);
        }
    }
}
