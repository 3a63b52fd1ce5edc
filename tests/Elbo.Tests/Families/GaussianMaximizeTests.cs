using Elbo.Families;
using Elbo.Mixtures;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Tests.Families;

/// <summary>The M-step is the argmax within Σ ⪰ εI: no feasible θ near it or far from it has a higher objective.</summary>
public class GaussianMaximizeTests
{
    const int Components = 2, Columns = 3;

    public static TheoryData<CovarianceStructure, double, bool> Cases()
    {
        var data = new TheoryData<CovarianceStructure, double, bool>();
        foreach (CovarianceStructure structure in Enum.GetValues<CovarianceStructure>())
            foreach (double floor in new[] { 1e-3, 0.5, 5 })
                foreach (bool prior in new[] { false, true }) data.Add(structure, floor, prior);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_feasible_parameters_are_better(CovarianceStructure structure, double floor, bool prior)
    {
        Philox random = Philox.ForStream(21, (ulong)structure);
        // The mean variance lies between the larger floors, the least below both.
        ObservationTable table = Table(random, 0.2, 1, 3);
        var family = new Gaussian(structure, new VarianceFloor(floor), prior ? NormalInverseWishartPrior.FromTable(table, Components) : null);
        GaussianComponents current = family.Pool(table, Components);
        GaussianStatistics statistics = Collect(family, table, current, random);
        GaussianComponents best = family.Maximize(statistics, current);
        double Objective(GaussianComponents at) => family.ExpectedLogDensity(statistics, at) + family.LogPrior(at);
        double reached = Objective(best), scale = Math.Abs(reached) + 1;

        bool onFloor = floor > (structure == CovarianceStructure.Spherical ? 1 : 0.1);
        Assert.Equal(onFloor, Enumerable.Range(0, Components).Any(k => family.IsOnFloor(best, k)));
        for (int trial = 0; trial < 400; trial++)
        {
            double step = Math.Pow(10, -5 + 5 * random.NextDouble());
            GaussianComponents other = Perturb(best, step, floor, random);
            Assert.True(Objective(other) <= reached + 1e-13 * scale, $"A step of {step} gains {Objective(other) - reached}.");
        }
    }

    /// <summary>In a 1 × 1, 2 × 2 case the clipped covariance is known: eigenvalues 3 and 1 along the diagonals.</summary>
    [Fact]
    public void Only_the_eigenvalues_below_the_floor_are_raised()
    {
        double[] covariance = [2, 1, 1, 2];
        new VarianceFloor(1.5).Clip(CovarianceStructure.Full, covariance, 2);
        Numerics.Matrices.AssertEqual([2.25, 0.75, 0.75, 2.25], covariance, 1e-14);
        Assert.True(new VarianceFloor(1.5).IsReached(CovarianceStructure.Full, covariance, 2));
        Assert.False(new VarianceFloor(1.4).IsReached(CovarianceStructure.Full, covariance, 2));

        double[] inside = [2, 1, 1, 2];
        new VarianceFloor(0.5).Clip(CovarianceStructure.Tied, inside, 2);
        Assert.Equal([2, 1, 1, 2], inside);
    }

    [Theory]
    [InlineData(CovarianceStructure.Full)]
    [InlineData(CovarianceStructure.Diagonal)]
    [InlineData(CovarianceStructure.Spherical)]
    [InlineData(CovarianceStructure.Tied)]
    public void A_component_without_weight_keeps_its_parameters(CovarianceStructure structure)
    {
        var family = new Gaussian(structure, new VarianceFloor(1e-6));
        GaussianComponents current = GaussianKernelTests.Draw(structure, Components, Columns, new Philox(4));
        GaussianComponents next = family.Maximize(family.CreateStatistics(current), current);
        Assert.Equal(current.Means.ToArray(), next.Means.ToArray());
        Assert.Equal(current.Covariances.ToArray(), next.Covariances.ToArray());
    }

    [Theory]
    [InlineData(CovarianceStructure.Full)]
    [InlineData(CovarianceStructure.Diagonal)]
    [InlineData(CovarianceStructure.Spherical)]
    [InlineData(CovarianceStructure.Tied)]
    public void Statistics_mean_the_same_about_another_origin(CovarianceStructure structure)
    {
        var random = new Philox(6);
        ObservationTable table = Table(random, 1, 1, 1);
        var family = new Gaussian(structure, new VarianceFloor(1e-6));
        GaussianComponents first = GaussianKernelTests.Draw(structure, Components, Columns, random), second = GaussianKernelTests.Draw(structure, Components, Columns, random);
        GaussianStatistics statistics = Collect(family, table, first, random), moved = family.Recentre(statistics, second);
        foreach (GaussianComponents at in new[] { first, second })
            Assert.Equal(family.ExpectedLogDensity(statistics, at), family.ExpectedLogDensity(moved, at), 1e-9);
        ArgumentException error = Assert.Throws<ArgumentException>(() => statistics.Add(moved));
        Assert.Contains("origins", error.Message, StringComparison.Ordinal);
        moved.Add(family.CreateStatistics(second));
        Assert.Same(moved, family.Renew(moved, first));
        statistics.Add(moved);
    }

    /// <summary>40 identical rows, a constant column, and one row more: every structure ends on the floor, and finite.</summary>
    [Theory]
    [InlineData(CovarianceStructure.Full)]
    [InlineData(CovarianceStructure.Diagonal)]
    [InlineData(CovarianceStructure.Spherical)]
    [InlineData(CovarianceStructure.Tied)]
    public async Task Degenerate_rows_end_on_the_floor(CovarianceStructure structure)
    {
        double[] rows = [.. Enumerable.Repeat<double[]>([0.1, 7, 1e6], 40).SelectMany(row => row), .. Enumerable.Range(0, 30).SelectMany(i => new[] { 3 + 0.1 * i, 7, 1e6 + 1e5 * i })];
        var table = new ObservationTable(rows, 3);
        var family = new Gaussian(structure, VarianceFloor.FromTable(table));
        int[] clusters = [.. Enumerable.Range(0, 70).Select(i => i < 40 ? 0 : 1)];
        (double objective, MixtureParameters<GaussianComponents> fit) = await GaussianFit.RunAsync(family, table, GaussianFit.StartFrom(family, table, clusters), 30);
        Assert.True(double.IsFinite(objective));
        Assert.DoesNotContain(fit.Components.Covariances.ToArray(), value => !double.IsFinite(value));
        Assert.True(family.IsOnFloor(fit.Components, 0));
        // All columns of the spread component share one variance, which is large.
        Assert.Equal(structure != CovarianceStructure.Spherical, family.IsOnFloor(fit.Components, 1));
    }

    [Fact]
    public void Rows_on_a_line_in_columns_of_very_different_units_keep_a_covariance_that_can_be_factored()
    {
        var random = new Philox(12);
        var values = new double[300];
        for (int i = 0; i < 100; i++)
        {
            double t = random.NextNormal();
            (values[3 * i], values[3 * i + 1], values[3 * i + 2]) = (1e6 * t, 1 + t, 1e-3 * t);
        }
        var table = new ObservationTable(values, 3);
        foreach (VarianceFloor floor in new[] { VarianceFloor.FromTable(table), new VarianceFloor(1e-30) })
        {
            var family = new Gaussian(CovarianceStructure.Full, floor);
            GaussianComponents pooled = family.Pool(table, 1);
            Assert.DoesNotContain(pooled.Covariances.ToArray(), value => !double.IsFinite(value));
            Assert.Equal(floor.Variances.Length == 3, family.IsOnFloor(pooled, 0));
        }
    }

    [Fact]
    public void Every_column_has_its_own_default_floor_and_a_constant_one_the_least()
    {
        var table = new ObservationTable([0.1, 2, 1e8 + 0.1, 1, 0.1, 4, 1e8 + 0.1, 2, 0.1, 6, 1e8 + 0.1, 3], 4);
        VarianceFloor floor = VarianceFloor.FromTable(table);
        double[] expected = [1e-6 * 2 / 3, 1e-6 * 8 / 3, 1e-6 * 2 / 3, 1e-6 * 2 / 3];
        for (int j = 0; j < 4; j++) Assert.Equal(expected[j], floor.Of(j), 1e-18);
        Assert.True(VarianceFloor.FromTable(new ObservationTable([5, 5, 5], 1)).Of(0) > 0);
    }

    [Theory]
    [InlineData(CovarianceStructure.Full)]
    [InlineData(CovarianceStructure.Diagonal)]
    public void The_floor_does_not_depend_on_the_units_of_columns(CovarianceStructure structure)
    {
        // All numbers are powers of 2 apart, so that both ways round alike.
        double[] units = [1, 1024, 1.0 / 4096], covariance = structure == CovarianceStructure.Full ? [3, 1.5, 1, 1.5, 0.75, 0.5, 1, 0.5, 2] : [3, 0.01, 2], scaled = [.. covariance];
        for (int i = 0; i < scaled.Length; i++) scaled[i] *= structure == CovarianceStructure.Full ? units[i / 3] * units[i % 3] : units[i] * units[i];
        new VarianceFloor(0.25, 0.25, 0.25).Clip(structure, covariance, 3);
        new VarianceFloor([.. units.Select(unit => 0.25 * unit * unit)]).Clip(structure, scaled, 3);
        for (int i = 0; i < scaled.Length; i++)
            Assert.Equal(covariance[i], scaled[i] / (structure == CovarianceStructure.Full ? units[i / 3] * units[i % 3] : units[i] * units[i]), 1e-15);
    }

    [Fact]
    public void Settings_make_an_equal_family()
    {
        ObservationTable table = Table(new Philox(3), 1, 2, 3);
        var family = new Gaussian(CovarianceStructure.Tied, new VarianceFloor(0.123456789012345678), NormalInverseWishartPrior.FromTable(table, 3));
        Gaussian again = Gaussian.Create(family.Settings);
        Assert.Equal(family.Settings, again.Settings);
        GaussianComponents components = family.Pool(table, 3);
        Assert.Equal(family.LogPrior(components), again.LogPrior(components));
        Assert.Throws<InvalidDataException>(() => Gaussian.Create(new Dictionary<string, string> { ["covariance"] = "Full", ["variance_floor"] = "0" }));
    }

    [Fact]
    public void What_is_no_covariance_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new GaussianComponents(CovarianceStructure.Full, [0, 0], [1, 2, 2, 1], 2));
        Assert.Throws<ArgumentException>(() => new GaussianComponents(CovarianceStructure.Full, [0, 0], [1, 0.1, 0.2, 1], 2));
        Assert.Throws<ArgumentException>(() => new GaussianComponents(CovarianceStructure.Diagonal, [0, 0], [1, 0], 2));
        Assert.Throws<ArgumentException>(() => new GaussianComponents(CovarianceStructure.Spherical, [0, double.NaN], [1], 2));
        Assert.Throws<ArgumentException>(() => new GaussianComponents(CovarianceStructure.Spherical, [0, 0], [1, 1], 2));
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Gaussian(CovarianceStructure.Full, new VarianceFloor(1)).Check(new ObservationTable([1, 2, 3, 1e150], 2, ["a", "b"])));
        Assert.Contains("Row 2, column 'b'", error.Message, StringComparison.Ordinal);
    }

    static ObservationTable Table(Philox random, params double[] deviations) =>
        new([.. Enumerable.Range(0, 80).SelectMany(_ => deviations.Select(deviation => 2 + deviation * random.NextNormal()))], deviations.Length);

    /// <summary>Statistics at random responsibilities.</summary>
    static GaussianStatistics Collect(Gaussian family, ObservationTable table, GaussianComponents current, Philox random)
    {
        GaussianStatistics statistics = family.CreateStatistics(current);
        var kernel = (GaussianKernel)family.Prepare(current);
        for (int first = 0; first < table.RowCount; first += RowBlock.Capacity)
        {
            int count = Math.Min(RowBlock.Capacity, table.RowCount - first);
            RowBlock block = RowBlock.Transpose(table.Values.Slice(first * Columns, count * Columns), Columns, new double[Columns * RowBlock.Capacity]);
            double[] q = new double[Components * RowBlock.Capacity], logs = new double[q.Length];
            for (int i = 0; i < count; i++) q[RowBlock.Capacity + i] = 1 - (q[i] = random.NextDouble());
            kernel.LogDensities(block, logs);
            kernel.Accumulate(block, q, logs, statistics);
        }
        return statistics;
    }

    /// <summary>Random means and covariances nearby, these brought back to Σ ⪰ εI by clipping.</summary>
    static GaussianComponents Perturb(GaussianComponents components, double step, double floor, Philox random)
    {
        double[] means = [.. components.Means.ToArray().Select(mean => mean + step * random.NextNormal())], covariances = components.Covariances.ToArray();
        bool only = random.NextInt32(2) == 0;
        if (only) means = components.Means.ToArray();
        for (int group = 0; group < components.Groups; group++)
        {
            Span<double> own = covariances.AsSpan(group * components.Length, components.Length);
            for (int i = 0; i < own.Length; i++)
            {
                if (components.Structure.IsMatrix() && i % Columns > i / Columns) continue;
                own[i] += step * random.NextNormal();
                if (components.Structure.IsMatrix()) own[i % Columns * Columns + i / Columns] = own[i];
            }
            new VarianceFloor(floor).Clip(components.Structure, own, Columns);
        }
        return new GaussianComponents(components.Structure, means, covariances, Columns);
    }
}
