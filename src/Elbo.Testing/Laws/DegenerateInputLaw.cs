using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.DegenerateInput"/>: nothing, one observation, one a thousand times, two: EM goes on with finite numbers and does not fall, or says why it cannot.</summary>
static class DegenerateInputLaw
{
    const int Iterations = 30;
    /// <summary>Nine digits, for what collapses is ill-conditioned; of the weight too, for the bound may be near 0 by chance.</summary>
    const double AscentTolerance = 1e-9;

    public static void Check<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        int count = trial.Subject.Open().Count, one = trial.Random.NextInt32(count), other = (one + 1 + trial.Random.NextInt32(count - 1)) % count;
        foreach ((string what, double first, double second) in new[] { ("nothing", 0, 0), ("one observation", 1, 0), ("one observation a thousand times", 1000, 0), ("two observations", 1.0, 1.0) })
        {
            var weights = new double[count];
            (weights[one], weights[other]) = (first, second);
            try
            {
                Fit(trial, what, weights);
            }
            catch (InvalidOperationException)
            {
                // Refused, with a message.
            }
        }
    }

    static void Fit<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial, string what, double[] weights)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        TParameters parameters = trial.Start;
        IObservations<TBatch> observations = trial.Subject.Open();
        IEStep<TBatch, TParameters, TStatistics> eStep = trial.Subject.CreateEStep();
        double last = double.NegativeInfinity;
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            Found<TStatistics> found = trial.Pass(eStep.Prepare(parameters), observations, parameters, weights);
            double objective = found.Bound.ExpectedLogJoint + found.Bound.Entropy + trial.Model.GlobalBound(parameters), scale = trial.Scale(found, parameters) + weights.Sum();
            if (!double.IsFinite(objective)) throw trial.Broken($"fitted to {what}, the objective is not finite in iteration {iteration}", objective);
            if (eStep.Guarantee != Guarantee.None && !(objective >= last - AscentTolerance * scale))
                throw trial.Broken($"fitted to {what}, the objective falls in iteration {iteration}", objective - last, scale);
            last = objective;
            parameters = trial.Model.Maximize(found.Statistics, parameters);
            foreach (NamedTensor tensor in TensorSet.Of(parameters).Tensors)
                if (tensor.Values is double[] values && !values.All(double.IsFinite))
                    throw trial.Broken($"fitted to {what}, tensor '{tensor.Name}' has a value that is not finite after iteration {iteration}.");
        }
    }
}
