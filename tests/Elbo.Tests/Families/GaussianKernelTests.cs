using Elbo.Families;
using Elbo.Numerics;
using Elbo.Observations;
using Elbo.Tests.Numerics;

namespace Elbo.Tests.Families;

public class GaussianKernelTests
{
    const int Components = 3, Capacity = RowBlock.Capacity;

    public static TheoryData<KernelProfile, CovarianceStructure, int, int> Cases()
    {
        var data = new TheoryData<KernelProfile, CovarianceStructure, int, int>();
        foreach (KernelProfile profile in KernelProfiles.Available)
            foreach (CovarianceStructure structure in Enum.GetValues<CovarianceStructure>())
                foreach (int columns in new[] { 1, 2, 3, 4, 5, 16, 33, 100 })
                    foreach (int rows in new[] { 1, 9, Capacity }) data.Add(profile, structure, columns, rows);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Blocks_give_what_the_formulas_give(KernelProfile profile, CovarianceStructure structure, int columns, int rows)
    {
        Philox random = Philox.ForStream(11, (ulong)(100 * columns + rows));
        GaussianComponents components = Draw(structure, Components, columns, random);
        double[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => 2 * random.NextNormal())];
        RowBlock block = RowBlock.Transpose(values, columns, new double[columns * Capacity]);
        var kernel = new GaussianKernel(components, profile);
        var logs = new double[Components * Capacity];
        kernel.LogDensities(block, logs);

        double[] q = new double[Components * Capacity];
        for (int i = 0; i < q.Length; i++) q[i] = i % Capacity < rows && random.NextInt32(4) > 0 ? random.NextDouble() : 0;
        var statistics = new GaussianStatistics(structure, columns, components.Means);
        double joint = kernel.Accumulate(block, q, logs, statistics).ExpectedLogDensity, expectedJoint = 0;
        var scatter = new double[structure.Groups(Components)][];
        for (int k = 0; k < Components; k++)
        {
            double[] inverse = Invert(components.Covariance(k), columns, out double logDeterminant), sums = new double[columns], whole = new double[columns * columns];
            double count = 0;
            for (int i = 0; i < rows; i++)
            {
                double[] distance = [.. Enumerable.Range(0, columns).Select(j => values[i * columns + j] - components.Mean(k)[j])];
                double square = 0, weight = q[k * Capacity + i];
                for (int a = 0; a < columns; a++)
                {
                    sums[a] += weight * distance[a];
                    for (int b = 0; b < columns; b++)
                    {
                        square += distance[a] * inverse[a * columns + b] * distance[b];
                        whole[a * columns + b] += weight * distance[a] * distance[b];
                    }
                }
                double expected = -0.5 * (columns * Math.Log(2 * Math.PI) + logDeterminant + square);
                Assert.Equal(expected, logs[k * Capacity + i], 1e-10 * Math.Abs(expected));
                count += weight;
                expectedJoint += weight * expected;
            }
            Assert.Equal(count, statistics.Counts[k], 1e-12);
            Matrices.AssertEqual(sums, statistics.Sums.Slice(k * columns, columns).ToArray(), 1e-11);
            int group = structure.GroupOf(k);
            scatter[group] = [.. whole.Select((value, i) => value + (scatter[group]?[i] ?? 0))];
        }
        Assert.Equal(expectedJoint, joint, 1e-10 * (1 + Math.Abs(expectedJoint)));
        var actual = new double[structure.Length(columns)];
        for (int group = 0; group < scatter.Length; group++)
        {
            statistics.ScatterAbout(group, components.Means, actual);
            double[] diagonal = [.. Enumerable.Range(0, columns).Select(j => scatter[group][j * columns + j])];
            Matrices.AssertEqual(structure.IsMatrix() ? scatter[group] : structure == CovarianceStructure.Diagonal ? diagonal : [diagonal.Sum()], actual, 1e-9);
        }
    }

    [Theory]
    [InlineData(CovarianceStructure.Full)]
    [InlineData(CovarianceStructure.Diagonal)]
    public void A_row_beyond_all_numbers_has_no_density_and_no_nan(CovarianceStructure structure)
    {
        GaussianComponents components = Draw(structure, 1, 2, new Philox(1));
        RowBlock block = RowBlock.Transpose([1e200, -1e200, 0, 0], 2, new double[2 * Capacity]);
        double[] logs = new double[Capacity], q = new double[Capacity];
        q[1] = 1;
        var kernel = new GaussianKernel(components, KernelProfiles.Current);
        kernel.LogDensities(block, logs);
        Assert.Equal(double.NegativeInfinity, logs[0]);
        Assert.Equal(logs[1], kernel.Accumulate(block, q, logs, new GaussianStatistics(structure, 2, components.Means)).ExpectedLogDensity);
    }

    [Fact]
    public void What_does_not_fit_the_components_is_refused()
    {
        GaussianComponents components = Draw(CovarianceStructure.Full, 2, 2, new Philox(1));
        var kernel = new GaussianKernel(components, KernelProfiles.Current);
        double[] room = new double[2 * Capacity], values = new double[2 * Capacity];
        var statistics = new GaussianStatistics(CovarianceStructure.Full, 2, components.Means);
        kernel.LogDensities(new RowBlock(values, 2, 1), room);

        Assert.Throws<ArgumentException>(() => kernel.LogDensities(new RowBlock(values, 1, 1), room));
        Assert.Throws<ArgumentException>(() => kernel.LogDensities(new RowBlock(values.AsSpan(1), 2, 1), room));
        Assert.Throws<ArgumentException>(() => kernel.LogDensities(new RowBlock(values, 2, 1), room.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => kernel.Accumulate(new RowBlock(values, 2, 1), room.AsSpan(1), room, statistics));
        Assert.Throws<ArgumentException>(() => kernel.Accumulate(new RowBlock(values, 2, 1), room, room.AsSpan(1), statistics));
        Assert.Throws<ArgumentException>(() => kernel.Accumulate(new RowBlock(values, 2, 1), room, room, new GaussianStatistics(CovarianceStructure.Full, 1, [0, 0])));
        Assert.Throws<ArgumentException>(() => kernel.Accumulate(new RowBlock(values, 2, 1), room, room, new GaussianStatistics(CovarianceStructure.Full, 2, [0, 0])));
        Assert.Throws<ArgumentException>(() => kernel.Accumulate(new RowBlock(values, 2, 1), room, room, new GaussianStatistics(CovarianceStructure.Spherical, 2, components.Means)));
    }

    [Theory]
    [InlineData(CovarianceStructure.Full)]
    [InlineData(CovarianceStructure.Diagonal)]
    [InlineData(CovarianceStructure.Spherical)]
    [InlineData(CovarianceStructure.Tied)]
    public void Draws_have_the_mean_and_covariance_of_their_component(CovarianceStructure structure)
    {
        const int Draws = 40000, Columns = 3;
        GaussianComponents components = Draw(structure, 2, Columns, new Philox(8));
        var family = new Gaussian(structure, new VarianceFloor(1e-6));
        var random = new Philox(9);
        var values = new double[Draws * Columns];
        for (int i = 0; i < Draws; i++) family.Sample(components, 1, random, values.AsSpan(i * Columns, Columns));
        GaussianComponents found = new Gaussian(CovarianceStructure.Full, new VarianceFloor(1e-6)).Pool(new ObservationTable(values, Columns), 1);
        // Five standard errors, of variances below 4.
        Matrices.AssertEqual(components.Mean(1).ToArray(), found.Mean(0).ToArray(), 0.05);
        Matrices.AssertEqual(components.Covariance(1), found.Covariance(0), 0.15);
    }

    /// <summary>Components with random means and covariances.</summary>
    public static GaussianComponents Draw(CovarianceStructure structure, int count, int columns, Philox random)
    {
        double[] means = [.. Enumerable.Range(0, count * columns).Select(_ => random.NextNormal())];
        double[] covariances = structure.IsMatrix()
            ? [.. Enumerable.Range(0, structure.Groups(count)).SelectMany(_ => Matrices.Positive(columns, random))]
            : [.. Enumerable.Range(0, count * structure.Length(columns)).Select(_ => 0.3 + random.NextDouble())];
        return new GaussianComponents(structure, means, covariances, columns);
    }

    /// <summary>By Gauss and Jordan's elimination, which shares nothing with Cholesky's.</summary>
    static double[] Invert(double[] matrix, int size, out double logDeterminant)
    {
        double[] left = [.. matrix], right = Matrices.Identity(size);
        logDeterminant = 0;
        for (int p = 0; p < size; p++)
        {
            double pivot = left[p * size + p];
            logDeterminant += Math.Log(pivot);
            for (int j = 0; j < size; j++)
            {
                left[p * size + j] /= pivot;
                right[p * size + j] /= pivot;
            }
            for (int i = 0; i < size; i++)
            {
                if (i == p) continue;
                double factor = left[i * size + p];
                for (int j = 0; j < size; j++)
                {
                    left[i * size + j] -= factor * left[p * size + j];
                    right[i * size + j] -= factor * right[p * size + j];
                }
            }
        }
        return right;
    }
}
