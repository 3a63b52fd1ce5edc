using Elbo.Engine;

namespace Elbo.Testing.Laws;

/// <summary><see cref="ConformanceLaw.MaximizationOptimality"/>: no step from the new θ raises E_q[log p(X, Z | θ)] + the global bound.</summary>
static class MaximizationOptimalityLaw
{
    const double GradientStep = 1e-4, GradientTolerance = 1e-9, PerturbationTolerance = 1e-10;
    const int Perturbations = 20;

    public static void Check<TBatch, TParameters, TStatistics>(Trial<TBatch, TParameters, TStatistics> trial)
        where TBatch : allows ref struct
        where TParameters : class, ITensors<TParameters>
        where TStatistics : class, IStatistics<TStatistics>
    {
        foreach (TParameters parameters in trial.Places())
        {
            Found<TStatistics> found = trial.Pass(trial.Subject.CreateEStep().Prepare(parameters), trial.Subject.Open(), parameters);
            TParameters best = parameters;
            for (int i = 0; i < trial.Subject.MaximizationsToOptimum; i++) best = trial.Model.Maximize(found.Statistics, best);
            double scale = trial.Scale(found, parameters), highest = trial.Height(found.Statistics, best);
            double[] place = trial.Pack(best);
            for (int i = 0; i < place.Length; i++)
            {
                double[] before = [.. place], after = [.. place];
                before[i] -= GradientStep;
                after[i] += GradientStep;
                if (HeightAt(before) is not { } low || HeightAt(after) is not { } high) continue;
                // What a Newton step along this coordinate would win.
                double slope = (high - low) / (2 * GradientStep), curvature = (2 * highest - low - high) / (GradientStep * GradientStep);
                double gain = curvature > 0 ? Math.Min(slope * slope / (2 * curvature), Math.Abs(slope)) : Math.Abs(slope);
                if (!(gain <= GradientTolerance * scale))
                    throw trial.Broken($"the M-step is not at a maximum: free coordinate {i} has the slope {slope:G6}, and along it there is something to win", gain, scale);
            }
            for (int i = 0; i < Perturbations; i++)
            {
                double size = i % 2 == 0 ? 1e-3 : 0.1;
                if (HeightAt([.. place.Select(value => value + size * trial.Random.NextNormal())]) is { } height && !(height <= highest + PerturbationTolerance * scale))
                    throw trial.Broken($"the M-step is not at a maximum: a random step of about {size} from it goes up", height - highest, scale);
            }

            // Null where there are no such parameters, or the model does not allow them.
            double? HeightAt(double[] coordinates) =>
                ParameterPacking.TryUnpack(coordinates, best, out TParameters? at) && trial.Subject.IsInterior(at) && trial.Height(found.Statistics, at) is var height && double.IsFinite(height) ? height : null;
        }
    }
}
