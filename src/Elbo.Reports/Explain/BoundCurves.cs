using Elbo.Engine;
using Elbo.Families;
using Elbo.Mixtures;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Reports.Explain;

/// <summary>log p(X | θ) along the first mean of two Gaussians over the waiting times, and for each q of EM its ELBO along the same line: from the statistics alone, as the certificate computes it.</summary>
static class BoundCurves
{
    const int Points = 241;

    /// <summary>Beyond the data, so that the ends of the curves are seen.</summary>
    const double Margin = 3;

    const double Tolerance = 1e-9;

    /// <summary>Fits the two Gaussians, then lets go of the first mean and fits it again from elsewhere.</summary>
    /// <param name="table">One column.</param>
    /// <param name="seed">Where the mean begins: uniformly between the smallest and the largest value.</param>
    public static BoundEntry Run(ObservationTable table, ulong seed)
    {
        var family = new Gaussian(CovarianceStructure.Spherical, VarianceFloor.FromTable(table));
        var mixture = new MixtureModel<GaussianComponents, GaussianStatistics>(family);
        var model = new OneMeanModel(mixture);
        var eStep = new MixtureEStep<GaussianComponents, GaussianStatistics>(family);
        var shards = new RowShards(table);
        double[] sorted = [.. table.Values.ToArray().Order()];
        var options = new EmOptions { Stop = StoppingRule.RelativeObjective(Tolerance) };

        GaussianComponents pooled = family.Pool(table, 2);
        var quartiles = new GaussianComponents(family.Structure, [sorted[sorted.Length / 4], sorted[3 * sorted.Length / 4]], pooled.Covariances.ToArray(), 1);
        MixtureParameters<GaussianComponents> best = Fit(mixture, new([0.5, 0.5], quartiles))[^1].Parameters;
        double start = sorted[0] + new Philox(seed).NextDouble() * (sorted[^1] - sorted[0]);
        List<Iterate<MixtureParameters<GaussianComponents>>> iterates = Fit(model, OneMeanModel.With(best, start));

        double[] grid = [.. Enumerable.Range(0, Points).Select(i => sorted[0] - Margin + i * (sorted[^1] - sorted[0] + 2 * Margin) / (Points - 1))];
        MixtureParameters<GaussianComponents>[] line = [.. grid.Select(mean => OneMeanModel.With(best, mean))];
        double[] evidence = [.. line.Select(parameters => Expect(parameters).Bound.LogEvidence!.Value)];
        var bounds = new TouchingBound[iterates.Count - 1];
        for (int t = 1; t < iterates.Count; t++)
        {
            ((MixtureStatistics<GaussianStatistics> statistics, LocalBound bound), Iteration step) = (Expect(iterates[t - 1].Parameters), iterates[t].Iteration);
            bounds[t - 1] = new TouchingBound(t, MeanOf(t - 1), step.EStep!.Value.LogEvidence!.Value, [.. line.Select(parameters => model.ExpectedLogJoint(statistics, parameters) + bound.Entropy)],
                MeanOf(t), step.MStep!.Value.Elbo, step.MStep.Value.LogEvidence!.Value);
        }
        return new BoundEntry(grid, evidence, new FixedPair(best.Weights.ToArray(), best.Components.Covariances.ToArray(), best.Components.Mean(1)[0]), bounds, grid[Array.IndexOf(evidence, evidence.Max())]);

        (MixtureStatistics<GaussianStatistics> Statistics, LocalBound Bound) Expect(MixtureParameters<GaussianComponents> parameters)
        {
            MixtureStatistics<GaussianStatistics> statistics = mixture.CreateStatistics(parameters);
            return (statistics, eStep.Prepare(parameters).Accumulate(shards.Read(0), statistics));
        }

        List<Iterate<MixtureParameters<GaussianComponents>>> Fit(IModel<MixtureParameters<GaussianComponents>, MixtureStatistics<GaussianStatistics>> of, MixtureParameters<GaussianComponents> from) =>
            [.. ExpectationMaximization.RunAsync(of, new LocalExecutor<ObservationBatch, MixtureParameters<GaussianComponents>, MixtureStatistics<GaussianStatistics>>(shards, mixture, eStep), new(0, from), options).ToBlockingEnumerable()];

        double MeanOf(int t) => iterates[t].Parameters.Components.Mean(0)[0];
    }
}
