using Elbo.Families;
using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Reports.Tables;
using Elbo.Tests;
using Elbo.Text;

namespace Elbo.Reports.Tests.Tables;

/// <summary>The densities of single columns agree with the model itself, which knows nothing of pages.</summary>
public sealed class DensityTests
{
    /// <summary>Drawn numbers have 5 digits.</summary>
    const double Rounding = 1e-4;

    public static TheoryData<string, bool, int> OneColumn => new()
    {
        { "gaussian", false, 1 }, { "gaussian", true, 1 }, { "gaussian", false, 2 }, { "gaussian", true, 2 }, { "student-t", false, 1 }, { "poisson", false, 1 }, { "poisson", true, 1 },
        { "exponential", false, 1 }, { "gamma", false, 1 }, { "gamma", true, 1 }, { "categorical", false, 1 }, { "bernoulli", false, 1 }, { "bernoulli", false, 2 },
    };

    [Theory]
    [MemberData(nameof(OneColumn))]
    public async Task TheMixtureOfOneColumnIsTheModelsOwnDensity(string family, bool noise, int parts)
    {
        ObservationTable waiting = SmallFits.Column(ObservationFile.Read(SmallTables.Faithful, cancellationToken: TestContext.Current.CancellationToken).Table, 1);
        double[] values = waiting.Values.ToArray();
        if (family == "categorical") values = [.. values.Select(value => value % 4)];
        if (family == "bernoulli") values = [.. values.Select(value => value % 2)];
        var table = new ObservationTable(values, 1, ["waiting"]);
        FittedModel model = await Estimator.FitAsync(table, new() { Components = 3, Restarts = 1, MaximumIterations = 20, Family = new() { Name = family, Noise = noise, EmissionComponents = parts } }, cancellationToken: TestContext.Current.CancellationToken);
        ColumnEntry column = TableReport.Create(model, new(), table).Page.Columns[0];
        double[] expected = [.. model.Predict(new ObservationTable(column.X, 1)).LogDensities.Select(Math.Exp)];
        Assert.True(column.X.Length >= 2);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], column.Mixture[i]!.Value, Rounding * expected[i] + 1e-300);
    }

    [Fact]
    public async Task AColumnOfSeveralIsTheIntegralOverTheOthers()
    {
        SmallFit fit = await SmallFits.Faithful;
        ColumnEntry eruptions = TableReport.Create(fit.Model, fit.Schema, fit.Table).Page.Columns[0];
        double step = 0.25;
        foreach (int place in (int[])[10, 60, 90, 140])
        {
            double[] rows = [.. Enumerable.Range(0, 600).SelectMany(i => (double[])[eruptions.X[place], i * step])];
            double integral = step * fit.Model.Predict(new ObservationTable(rows, 2)).LogDensities.Sum(Math.Exp);
            Assert.Equal(integral, eruptions.Mixture[place]!.Value, 2e-4 * integral);
        }
    }

    [Fact]
    public async Task TheHistogramHasTheAreaOneAndCountsEveryRow()
    {
        SmallFit fit = await SmallFits.Faithful;
        var weights = new double[fit.Table.RowCount];
        for (int row = 0; row < weights.Length; row++) weights[row] = fit.Table.Row(row)[0] < 3 ? 2 : 1;
        Histogram plain = TableReport.Create(fit.Model, fit.Schema, fit.Table).Page.Columns[0].Observed!, weighted = TableReport.Create(fit.Model, fit.Schema, fit.Table.WithWeights(weights)).Page.Columns[0].Observed!;
        Assert.Equal(1, plain.Heights.Sum() * plain.Width, 1e-4);
        Assert.Equal(1, weighted.Heights.Sum() * weighted.Width, 1e-4);
        int inFirst = Enumerable.Range(0, fit.Table.RowCount).Count(row => fit.Table.Row(row)[0] < plain.Start + plain.Width);
        Assert.Equal(inFirst / (272 * plain.Width), plain.Heights[0], 1e-3);
        Assert.Equal(2 * inFirst / (weights.Sum() * plain.Width), weighted.Heights[0], 1e-3);
    }

    [Fact]
    public async Task CategoriesShowTheirSharesAndNames()
    {
        SmallFit fit = await SmallFits.Carcinoma;
        TablePage page = TableReport.Create(fit.Model, fit.Schema, fit.Table).Page;
        ColumnEntry first = page.Columns[0];
        Assert.Equal("categories", first.Kind);
        Assert.Equal(fit.Schema.CategoriesOf(0), first.Labels);
        double ones = Enumerable.Range(0, fit.Table.RowCount).Count(row => fit.Table.Row(row)[0] == 0) / (double)fit.Table.RowCount;
        Assert.Equal(ones, first.Observed!.Heights[0], 1e-4);
        // Maximum likelihood reproduces the margins.
        Assert.Equal(ones, first.Mixture[0]!.Value, 1e-3);
    }

    [Fact]
    public async Task AModelWithoutRowsShowsItsDensitiesAllTheSame()
    {
        SmallFit fit = await SmallFits.Earthquakes;
        TablePage page = TableReport.Create(fit.Model, fit.Schema).Page;
        Assert.Null(page.Rows);
        ColumnEntry count = page.Columns[0];
        Assert.Null(count.Observed);
        Assert.Equal(1, count.Mixture.Sum()!.Value, 0.01);
        Assert.Equal(page.Chain!.LongRun, page.Components.Select(component => component.Share));
    }

    [Fact]
    public async Task ARegressionHasLinesAndNoDensities()
    {
        ObservationTable faithful = ObservationFile.Read(SmallTables.Faithful, cancellationToken: TestContext.Current.CancellationToken).Table;
        FittedModel model = await Estimator.FitAsync(faithful, new() { Components = 2, Restarts = 2, Family = new() { Name = "regression" } }, cancellationToken: TestContext.Current.CancellationToken);
        TablePage page = TableReport.Create(model, new(), faithful).Page;
        var components = RegressionComponents.FromTensors(model.Parameters);
        Assert.All(page.Columns, column => Assert.Empty(column.Densities));
        Assert.Equal(2, page.Lines.Count);
        Assert.Equal(components.Intercept(1), page.Lines[1].Level - page.Lines[1].Slopes[0] * page.Lines[1].Centre[0], 1e-9);
    }
}
