using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.BruteForce"/>: sums over all values of the latent variables, written out.</summary>
static class BruteForceLaw
{
    public static void Check<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        TParameters other = trial.Subject.CreateStart(unchecked(trial.Seed + 1));
        int enumerated = 0;
        foreach (TParameters parameters in trial.Places())
        {
            IEStep<TBatch, TParameters, TStatistics> eStep = trial.Subject.CreateEStep();
            IEStepKernel<TBatch, TStatistics> kernel = eStep.Prepare(parameters);
            IObservations<TBatch> observations = trial.Subject.Open();
            for (int observation = 0; observation < observations.Count; observation++)
            {
                if (trial.Subject.EnumerateLogJoint(parameters, observation) is not { } joints) continue;
                enumerated++;
                TStatistics statistics = trial.Model.CreateStatistics(parameters);
                var found = new Found<TStatistics>(statistics, kernel.Accumulate(observations.Read(observation, 1, default), statistics));
                double evidence = LogSum(joints), scale = found.Magnitude + 1, elbo = found.Bound.ExpectedLogJoint + found.Bound.Entropy;
                string where = $"of observation {observation} is not what the sum over all {joints.Length} values of its latent variables says";
                if (found.Bound.LogEvidence is { } own) trial.CheckEqual(evidence, own, scale, $"the log-evidence {where}");
                if (eStep.Guarantee != Guarantee.Evidence)
                {
                    if (elbo > evidence) trial.CheckEqual(evidence, elbo, scale, $"the bound of observation {observation} is above the log-evidence that the sum over all latent values says");
                    continue;
                }
                trial.CheckEqual(evidence, elbo, scale, $"expected log joint plus entropy {where}");
                if (!trial.Subject.EnumeratesEverything) continue;
                double[] posterior = [.. joints.Select(joint => Math.Exp(joint - evidence))];
                trial.CheckEqual(-posterior.Sum(p => p > 0 ? p * Math.Log(p) : 0), found.Bound.Entropy, scale, $"the entropy {where}");
                CheckExpectation(parameters, joints);
                if (trial.Subject.EnumerateLogJoint(other, observation) is { } others) CheckExpectation(other, others);

                void CheckExpectation(TParameters probe, double[] logJoints)
                {
                    double expected = 0;
                    for (int i = 0; i < posterior.Length; i++)
                        if (posterior[i] > 0) expected += posterior[i] * logJoints[i];
                    double size = double.IsFinite(expected) ? Math.Abs(expected) : 0;
                    trial.CheckEqual(expected, trial.Model.ExpectedLogJoint(statistics, probe), scale + size, $"the model's expected log joint at the statistics {where}");
                }
            }
        }
        if (enumerated == 0) trial.SayNothing();
    }

    static double LogSum(double[] logs)
    {
        double largest = logs.Max();
        return double.IsNegativeInfinity(largest) ? largest : largest + Math.Log(logs.Sum(log => Math.Exp(log - largest)));
    }
}
