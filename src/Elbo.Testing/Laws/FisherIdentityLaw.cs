using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.FisherIdentity"/>: ∇ log p(X | θ) = ∇ E_q[log p(X, Z | θ)] at the θ that q is the posterior of.</summary>
static class FisherIdentityLaw
{
    const double Step = 1e-5, Tolerance = 1e-6;

    public static void Check<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        if (trial.Subject.CreateEStep().Guarantee != Guarantee.Evidence)
        {
            trial.SayNothing();
            return;
        }
        foreach (TParameters parameters in trial.Places())
        {
            Found<TStatistics> found = trial.Pass(trial.Subject.CreateEStep().Prepare(parameters), trial.Subject.Open(), parameters);
            double[] place = trial.Pack(parameters);
            for (int i = 0; i < place.Length; i++)
            {
                double[] before = [.. place], after = [.. place];
                before[i] -= Step;
                after[i] += Step;
                if (!ParameterPacking.TryUnpack(before, parameters, out TParameters? low) || !ParameterPacking.TryUnpack(after, parameters, out TParameters? high)) continue;
                if (!trial.Subject.IsInterior(low) || !trial.Subject.IsInterior(high)) continue;
                double expected = (trial.Model.ExpectedLogJoint(found.Statistics, high) - trial.Model.ExpectedLogJoint(found.Statistics, low)) / (2 * Step);
                double slope = (Evidence(high) - Evidence(low)) / (2 * Step), scale = trial.Scale(found, parameters) + Math.Abs(expected) + Math.Abs(slope);
                if (!(Math.Abs(slope - expected) <= Tolerance * scale))
                    throw trial.Broken($"along free coordinate {i} the log-evidence has the slope {slope:G9}, and the expected log joint at the statistics {expected:G9}", slope - expected, scale);
            }

            double Evidence(TParameters at)
            {
                LocalBound bound = trial.Pass(trial.Subject.CreateEStep().Prepare(at), trial.Subject.Open(), at).Bound;
                return bound.ExpectedLogJoint + bound.Entropy;
            }
        }
    }
}
