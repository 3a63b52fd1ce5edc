using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Reports.Pages;
using Elbo.Reports.Tables;
using Elbo.Tests;
using Elbo.Text;

namespace Elbo.Reports.Tests.Tables;

public sealed class TableReportTests
{
    [Fact]
    public async Task ParametersAreGridsWithNames()
    {
        SmallFit fit = await SmallFits.Iris;
        TablePage page = TableReport.Create(fit.Model, fit.Schema, fit.Table).Page;
        var components = GaussianComponents.FromTensors(fit.Model.Parameters);
        ParameterGrid means = page.Grids[0], covariance = page.Grids[2];
        Assert.Equal(["0 setosa", "1 versicolor", "2 virginica"], means.Rows);
        Assert.Equal(fit.Table.ColumnNames, means.Columns);
        Assert.Equal("covariance of component 1 versicolor", covariance.Title);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(components.Mean(1)[i], means.Values[1][i], 1e-6);
            for (int j = 0; j < 4; j++) Assert.Equal(components.Covariance(1)[4 * i + j], covariance.Values[i][j], 1e-6);
        }
    }

    [Theory]
    [InlineData("gaussian", "tied", false, 1)]
    [InlineData("gaussian", "spherical", true, 1)]
    [InlineData("gaussian", "diagonal", false, 2)]
    [InlineData("student-t", "full", true, 2)]
    [InlineData("gamma", "full", true, 2)]
    public async Task EveryParameterIsInAGridOnce(string family, string covariance, bool noise, int parts)
    {
        ObservationTable table = ObservationFile.Read(SmallTables.Faithful, cancellationToken: TestContext.Current.CancellationToken).Table;
        FittedModel model = await Estimator.FitAsync(table, new() { Components = 3, Restarts = 1, MaximumIterations = 3, Family = new() { Name = family, Covariance = covariance, Noise = noise, EmissionComponents = parts } }, cancellationToken: TestContext.Current.CancellationToken);
        TableReport report = TableReport.Create(model, new(), table);
        double[] expected = [.. model.Parameters.Tensors.Where(tensor => tensor.Name != "weights" && tensor.Values is double[]).SelectMany(tensor => (double[])tensor.Values).Order()];
        Assert.Equal(expected, report.Grids.SelectMany(grid => grid.Values.SelectMany(row => row)).Order());
        Assert.All(report.Grids, grid => Assert.All(grid.Values, row => Assert.Equal(grid.Columns.Length, row.Length)));
        Assert.Equal(report.Grids.Count, report.Grids.Select(grid => grid.Title).Distinct().Count());
    }

    [Fact]
    public async Task ComponentsAddUp()
    {
        SmallFit fit = await SmallFits.Carcinoma;
        TablePage page = TableReport.Create(fit.Model, fit.Schema, fit.Table).Page;
        Assert.Equal(1, page.Components.Sum(component => component.Share), 1e-12);
        Assert.Equal(118, page.Components.Sum(component => component.Weight)!.Value, 1e-9);
        Assert.Equal(118, page.Components.Sum(component => component.Rows));
        // At the maximum a weight is the mean responsibility.
        Assert.All(page.Components, component => Assert.Equal(component.Weight!.Value / 118, component.Share, 1e-4));
    }

    [Fact]
    public async Task TheTraceIsTheRecords()
    {
        SmallFit fit = await SmallFits.Earthquakes;
        TableTrust trust = TableReport.Create(fit.Model, fit.Schema, fit.Table).Page.Trust;
        IReadOnlyList<Iteration> trace = fit.Model.Record.Traces[fit.Model.Record.BestStart];
        Assert.Equal(trace.Select(step => step.Objective), trust.Trace.Objective);
        Assert.Equal(trace.Select(step => step.MStep?.Elbo), trust.Trace.AfterMaximization);
        Assert.Equal(10, trust.Starts.Count);
        Assert.EndsWith("10 starts reached this objective", trust.Stop, StringComparison.Ordinal);
        Assert.Contains("never fell", trust.Certificate, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TablesHoldAllThatIsBehindThePage()
    {
        SmallFit fit = await SmallFits.Earthquakes;
        IReadOnlyList<ReportTable> tables = TableReport.Create(fit.Model, fit.Schema, fit.Table.WithSequences(100, 7), new() { Rows = 20, SequenceNames = ["a", "b"] }).Tables;
        Assert.Equal(["components", "parameters", "densities", "trace", "starts", "warnings", "transitions", "states", "rows"], tables.Select(table => table.Name));
        foreach (ReportTable table in tables)
        {
            foreach (object?[] row in table.Rows)
            {
                Assert.Equal(table.Columns.Count, row.Length);
                for (int i = 0; i < row.Length; i++) Assert.True(row[i] is null || row[i]!.GetType() == table.Columns[i].Type, $"{table.Name}.{table.Columns[i].Name} holds {row[i]}");
            }
        }
        object?[][] rows = [.. tables[^1].Rows];
        Assert.Equal(107, rows.Length);
        Assert.Equal(["a", "b"], rows.Select(row => row[1]).Distinct());
        Assert.Equal(["b", fit.Table.Row(103)[0]], rows[103].Skip(1).Take(2));
        Assert.Equal(fit.Model.Predict(fit.Table.WithSequences(100, 7)).Path!.Cast<object?>(), rows.Select(row => row[4]));
    }

    [Fact]
    public async Task TheSameModelMakesTheSamePage()
    {
        SmallFit fit = await SmallFits.Faithful;
        using SavedPage page = new(TableReport.Create(fit.Model, fit.Schema, fit.Table, new() { Rows = 30 })), again = new(TableReport.Create(fit.Model, fit.Schema, fit.Table, new() { Rows = 30 }));
        Assert.Equal(await File.ReadAllBytesAsync(page.File, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(again.File, TestContext.Current.CancellationToken));
    }
}
