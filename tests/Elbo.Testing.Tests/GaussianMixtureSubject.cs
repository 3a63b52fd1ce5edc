using Elbo.Families;
using Elbo.Mixtures;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Testing.Tests;

/// <summary>Mixtures of three Gaussians of three columns, with or without a prior, on rows that are scattered, equal, in a plane and far away.</summary>
static class GaussianMixtureSubject
{
    const int Components = 3, Columns = 3, Rows = 90;

    static readonly ObservationTable Table = Draw();

    public static MixtureSubject<GaussianComponents, GaussianStatistics> Create(CovarianceStructure structure, bool prior, bool hard)
    {
        var family = new Gaussian(structure, VarianceFloor.FromTable(Table), prior ? NormalInverseWishartPrior.FromTable(Table, Components) : null);
        return new($"Gaussian mixture, {structure}{(prior ? ", prior" : "")}{(hard ? ", hard" : "")}", family, Table, Components,
            prior ? new DirichletPrior(1.5) : null, hard, LogDensity, seed => Start(family, seed));
    }

    /// <summary>By Gaussian elimination, with nothing of the kernel.</summary>
    static double LogDensity(GaussianComponents components, int component, ReadOnlySpan<double> row)
    {
        double[] matrix = components.Covariance(component), distance = new double[Columns];
        for (int i = 0; i < Columns; i++) distance[i] = row[i] - components.Mean(component)[i];
        double sum = -0.5 * Columns * Math.Log(2 * Math.PI);
        for (int pivot = 0; pivot < Columns; pivot++)
        {
            sum -= 0.5 * (Math.Log(matrix[pivot * Columns + pivot]) + distance[pivot] * distance[pivot] / matrix[pivot * Columns + pivot]);
            for (int i = pivot + 1; i < Columns; i++)
            {
                double factor = matrix[i * Columns + pivot] / matrix[pivot * Columns + pivot];
                for (int j = pivot; j < Columns; j++) matrix[i * Columns + j] -= factor * matrix[pivot * Columns + j];
                distance[i] -= factor * distance[pivot];
            }
        }
        return sum;
    }

    static MixtureParameters<GaussianComponents> Start(Gaussian family, ulong seed)
    {
        Philox random = Philox.ForStream(seed, 1);
        var weights = new double[Components];
        random.NextDirichlet([2, 2, 2], weights);
        double[] means = [.. Enumerable.Range(0, Components).SelectMany(_ => Table.Row(random.NextInt32(Rows)).ToArray())];
        double[] covariances = family.Pool(Table, Components).Covariances.ToArray();
        int groups = family.Structure == CovarianceStructure.Tied ? 1 : Components;
        for (int group = 0, length = covariances.Length / groups; group < groups; group++)
        {
            double scale = 0.2 + random.NextDouble();
            foreach (ref double value in covariances.AsSpan(group * length, length)) value *= scale;
        }
        return new MixtureParameters<GaussianComponents>(weights, new GaussianComponents(family.Structure, means, covariances, Columns));
    }

    static ObservationTable Draw()
    {
        Philox random = Philox.ForStream(17, 0);
        double[] values = [.. Enumerable.Range(0, Rows * Columns).Select(i => random.NextNormal() + i / Columns % 3)];
        // Eight equal rows; twelve whose third column is a sum of the others; one far away.
        for (int i = 0; i < 8; i++) (values[3 * i], values[3 * i + 1], values[3 * i + 2]) = (0.1, 0.2, 0.3);
        for (int i = 8; i < 20; i++) values[3 * i + 2] = values[3 * i] + values[3 * i + 1];
        values[3 * 20] = 60;
        return new ObservationTable(values, Columns);
    }
}
