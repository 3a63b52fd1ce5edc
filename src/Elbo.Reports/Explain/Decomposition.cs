using Elbo.Engine;
using Elbo.Families;
using Elbo.Mixtures;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Reports.Explain;

/// <summary>
/// log p(X | θ) = ELBO + KL at every half-step of EM with two Gaussians on Old Faithful. ELBO and log-evidence are those of the engine's own trace;
/// the divergence is summed apart from them, so that the identity is seen and not made.
/// </summary>
static class Decomposition
{
    const int Components = 2, CornersOfEllipse = 48, Digits = 4;
    const double RadiusOfEllipse = 2, StartScale = 0.5;

    /// <summary>A change of so little, relative, is not seen in any figure.</summary>
    const double Tolerance = 1e-9;

    /// <summary>Runs the fit.</summary>
    /// <param name="table">Two columns.</param>
    /// <param name="seed">Where the means begin: two points drawn from the rectangle around the data, each with half of the standard deviations of all rows, no correlation, and half of the weight.</param>
    public static DecompositionEntry Run(ObservationTable table, ulong seed)
    {
        var family = new Gaussian(CovarianceStructure.Full, VarianceFloor.FromTable(table));
        var model = new MixtureModel<GaussianComponents, GaussianStatistics>(family);
        var eStep = new MixtureEStep<GaussianComponents, GaussianStatistics>(family);
        MixtureParameters<GaussianComponents> start = Start(table, family, new Philox(seed));
        var executor = new LocalExecutor<ObservationBatch, MixtureParameters<GaussianComponents>, MixtureStatistics<GaussianStatistics>>(new RowShards(table), model, eStep);
        var iterates = ExpectationMaximization.RunAsync(model, executor, new(0, start), new EmOptions { Stop = StoppingRule.RelativeObjective(Tolerance) }).ToBlockingEnumerable().ToList();

        // Before anything is known every row is half and half: a q that is no posterior, so that there is a divergence to begin with.
        double[] even = [.. Enumerable.Repeat(1.0 / Components, Components * table.RowCount)];
        LocalBound before = eStep.Prepare(start).Accumulate(new RowShards(table.WithResponsibilities(even, Components)).Read(0), model.CreateStatistics(start));
        double[][] posteriors = [.. iterates.Select(iterate => LogPosterior(table, family, iterate.Parameters))];
        double[][] q = [even, .. posteriors.Select(logs => Array.ConvertAll(logs, Math.Exp))];
        var steps = new List<HalfStepEntry> { Entry("start", 0, 0, 0, new HalfStep(before.ExpectedLogJoint, before.Entropy, 0, iterates[0].Iteration.Own.LogEvidence)) };
        for (int t = 1; t < iterates.Count; t++)
        {
            steps.Add(Entry("E", t, t - 1, t, iterates[t].Iteration.EStep!.Value));
            steps.Add(Entry("M", t, t, t, iterates[t].Iteration.MStep!.Value));
        }
        steps.Add(Entry("E", iterates.Count, iterates.Count - 1, iterates.Count, iterates[^1].Iteration.Own));
        return new DecompositionEntry(table.ColumnNames, Column(table, 0), Column(table, 1), OldFaithful.Source, [.. iterates.Select(iterate => Pair(iterate.Parameters))], [.. q.Select(FirstShare)], steps,
            steps.Max(step => Math.Abs(step.Elbo + step.Divergence - step.LogEvidence)));

        HalfStepEntry Entry(string kind, int iteration, int theta, int index, HalfStep half) => new(kind, iteration, theta, index,
            half.LogEvidence!.Value, half.Elbo, Divergence(q[index], posteriors[theta]), half.ExpectedLogJoint, half.Entropy);
    }

    /// <summary>Σ q (log q − log p(z | x, θ)), with 0 log 0 = 0.</summary>
    internal static double Divergence(double[] q, double[] logPosterior)
    {
        double sum = 0;
        for (int i = 0; i < q.Length; i++)
            if (q[i] > 0) sum += q[i] * (Math.Log(q[i]) - logPosterior[i]);
        return sum;
    }

    static MixtureParameters<GaussianComponents> Start(ObservationTable table, Gaussian family, Philox random)
    {
        double[] covariances = family.Pool(table, Components).Covariances.ToArray();
        for (int i = 0; i < covariances.Length; i++)
            covariances[i] *= i % (table.ColumnCount * table.ColumnCount) % (table.ColumnCount + 1) == 0 ? StartScale * StartScale : 0;
        var means = new double[Components * table.ColumnCount];
        for (int i = 0; i < means.Length; i++)
        {
            double[] column = Column(table, i % table.ColumnCount);
            means[i] = column.Min() + random.NextDouble() * (column.Max() - column.Min());
        }
        return new([.. Enumerable.Repeat(1.0 / Components, Components)], new GaussianComponents(family.Structure, means, covariances, table.ColumnCount));
    }

    /// <summary>log p(z = k | x_i, θ), row after row.</summary>
    static double[] LogPosterior(ObservationTable table, Gaussian family, MixtureParameters<GaussianComponents> parameters)
    {
        IComponentKernel<GaussianStatistics> kernel = family.Prepare(parameters.Components);
        double[] logs = new double[Components * table.RowCount], densities = new double[Components * RowBlock.Capacity], values = new double[table.ColumnCount * RowBlock.Capacity];
        for (int first = 0; first < table.RowCount; first += RowBlock.Capacity)
        {
            int count = Math.Min(RowBlock.Capacity, table.RowCount - first);
            kernel.LogDensities(RowBlock.Transpose(table.Values.Slice(first * table.ColumnCount, count * table.ColumnCount), table.ColumnCount, values), densities);
            for (int i = 0; i < count; i++)
            {
                Span<double> own = logs.AsSpan((first + i) * Components, Components);
                for (int k = 0; k < Components; k++) own[k] = Math.Log(parameters.Weights[k]) + densities[k * RowBlock.Capacity + i];
                double evidence = SpecialFunctions.LogSumExp(own);
                foreach (ref double log in own) log -= evidence;
            }
        }
        return logs;
    }

    static double[] Column(ObservationTable table, int column) => [.. Enumerable.Range(0, table.RowCount).Select(row => table.Row(row)[column])];

    static double[] FirstShare(double[] q) => [.. Enumerable.Range(0, q.Length / Components).Select(row => Math.Round(q[row * Components], Digits))];

    static GaussianPair Pair(MixtureParameters<GaussianComponents> parameters)
    {
        GaussianComponents components = parameters.Components;
        int[] each = [.. Enumerable.Range(0, Components)];
        return new(parameters.Weights.ToArray(), [.. each.Select(k => components.Mean(k).ToArray())], [.. each.Select(components.Covariance)], [.. each.Select(k => Ellipse(components.Mean(k), components.Covariance(k)))]);
    }

    /// <summary>μ + 2 L (cos, sin) for Σ = L Lᵀ.</summary>
    static double[][] Ellipse(ReadOnlySpan<double> mean, double[] covariance)
    {
        double first = Math.Sqrt(covariance[0]), mixed = covariance[1] / first, second = Math.Sqrt(covariance[3] - mixed * mixed);
        double[] x = new double[CornersOfEllipse + 1], y = new double[CornersOfEllipse + 1];
        for (int i = 0; i <= CornersOfEllipse; i++)
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * i / CornersOfEllipse);
            x[i] = Math.Round(mean[0] + RadiusOfEllipse * first * cos, Digits);
            y[i] = Math.Round(mean[1] + RadiusOfEllipse * (mixed * cos + second * sin), Digits);
        }
        return [x, y];
    }
}
