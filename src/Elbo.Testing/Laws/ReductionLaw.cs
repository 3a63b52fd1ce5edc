using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.Reduction"/>: where the model is a simpler one, it says what that one says.</summary>
static class ReductionLaw
{
    public static void Check<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        int reductions = 0;
        foreach (Reduction<TParameters> reduction in trial.Subject.Reductions(trial.Seed))
        {
            Found<TStatistics> found = trial.Pass(trial.Subject.CreateEStep().Prepare(reduction.Parameters), trial.Subject.Open(), reduction.Parameters);
            double elbo = found.Bound.ExpectedLogJoint + found.Bound.Entropy;
            if (found.Bound.LogEvidence is { } own) trial.CheckEqual(reduction.LogEvidence, own, found.Magnitude + 1, $"the log-evidence is not that of the simpler model '{reduction.Name}'");
            else if (elbo > reduction.LogEvidence) trial.CheckEqual(reduction.LogEvidence, elbo, found.Magnitude + 1, $"the bound is above the log-evidence that the simpler model '{reduction.Name}' has");
            reductions++;
        }
        if (reductions == 0) trial.SayNothing();
    }
}
