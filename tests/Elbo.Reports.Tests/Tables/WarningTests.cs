using Elbo.Families;
using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Reports.Fits;
using Elbo.Reports.Tables;

namespace Elbo.Reports.Tests.Tables;

/// <summary>Every warning on a model that deserves it, and none on one that does not.</summary>
public sealed class WarningTests
{
    /// <summary>Two clouds of one column, 50 rows each.</summary>
    static readonly ObservationTable Clouds = new([.. Enumerable.Range(0, 100).Select(i => (i < 50 ? 0 : 20) + 0.1 * (i % 50 - 25))], 1, ["x"]);

    static IReadOnlyList<ReportWarning> Of(SmallFit fit, bool withRows = true) => TableReport.Create(fit.Model, fit.Schema, withRows ? fit.Table : null).Page.Warnings;

    static GaussianComponents Gaussians(params double[] means) => new(CovarianceStructure.Full, means, [.. means.Select(_ => 2.0)], 1);

    static ReportWarning Single(IReadOnlyList<ReportWarning> warnings, string code) => Assert.Single(warnings, warning => warning.Code == code);

    [Fact]
    public async Task AGoodFitHasNone()
    {
        Assert.Empty(Of(await SmallFits.Faithful));
        Assert.Empty(Of(await SmallFits.Earthquakes));
    }

    [Fact]
    public async Task EqualComponentsAreNamedAndOneOfThemIsTooMuch()
    {
        IReadOnlyList<ReportWarning> warnings = Of(await SmallFits.GivenAsync(Clouds, "gaussian", [0.25, 0.5, 0.25], Gaussians(0, 20, 0.1)));
        Assert.Equal([0, 2], Single(warnings, "equal").Of);
        Assert.StartsWith("1 of 3 components is not needed: K is too large. Try 2", Single(warnings, "too-many").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADeviationApartIsNotEqual() => Assert.DoesNotContain(Of(await SmallFits.GivenAsync(Clouds, "gaussian", [0.25, 0.5, 0.25], Gaussians(-1, 20, 1))), warning => warning.Code == "equal");

    [Fact]
    public async Task NearlyEmptyComponentsAreNamed()
    {
        SmallFit fit = await SmallFits.GivenAsync(Clouds, "gaussian", [0.49, 0.49, 0.02], Gaussians(0, 20, 5));
        Assert.Equal([2], Single(Of(fit), "few-rows").Of);
        Assert.Contains("of 100 rows", Single(Of(fit, withRows: false), "few-rows").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmptyComponentsAreNamedOnce()
    {
        IReadOnlyList<ReportWarning> warnings = Of(await SmallFits.GivenAsync(Clouds, "gaussian", [0.5, 0.5, 0], Gaussians(0, 20, 1000)));
        Assert.Equal([2], Single(warnings, "empty").Of);
        Assert.DoesNotContain(warnings, warning => warning.Code == "few-rows");
        Assert.Equal([2], Single(warnings, "too-many").Of);
    }

    [Fact]
    public async Task AFloorIsNamed()
    {
        var table = new ObservationTable([.. Enumerable.Range(0, 60).Select(i => i < 10 ? 7.0 : 0.1 * i)], 1, ["x"]);
        FittedModel model = await Estimator.FitAsync(table, new() { Components = 2 }, GivenStart.FromLabels([.. Enumerable.Range(0, 60).Select(i => i < 10 ? 0 : 1)]), cancellationToken: TestContext.Current.CancellationToken);
        ReportWarning warning = Single(Of(new(model, new(), table)), "degenerate");
        Assert.Equal([0], warning.Of);
        Assert.Contains("sit on a floor", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFitThatWasCutShortSaysSoAndSoDoesASingleStart()
    {
        IReadOnlyList<ReportWarning> warnings = Of(await SmallFits.GivenAsync(Clouds, "gaussian", [0.5, 0.5], Gaussians(0, 20)));
        Assert.Contains("limit of iterations", Single(warnings, "unconverged").Message, StringComparison.Ordinal);
        Single(warnings, "one-start");
    }

    [Fact]
    public async Task StartsThatDisagreeAreCounted()
    {
        SmallFit iris = await SmallFits.Iris;
        FittedModel model = await Estimator.FitAsync(iris.Table, new() { Components = 8, Restarts = 6, Start = StartMethod.Random, MaximumIterations = 40 }, cancellationToken: TestContext.Current.CancellationToken);
        int agreeing = global::Elbo.Selection.StartAgreement.Count(model.Record)!.Value;
        Assert.Equal(1, agreeing);
        Assert.StartsWith("Only 1 of 6 starts", Single(Of(new(model, new(), iris.Table)), "few-starts").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStateThatThePathNeverVisitsIsNamed()
    {
        var table = new ObservationTable([.. Enumerable.Range(0, 40).Select(i => i % 20 < 10 ? 3.0 : 30.0)], 1, ["count"]);
        SmallFit fit = await SmallFits.GivenAsync(table, "poisson", [0.5, 0.4, 0.1], [0.9, 0.05, 0.05, 0.05, 0.9, 0.05, 0.4, 0.4, 0.2], new PoissonComponents([3, 30, 12], 1));
        Assert.Equal([2], Single(Of(fit), "never-visited").Of);
        Assert.Contains("state 2", Single(Of(fit), "never-visited").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherRowsThanThoseOfTheFitAreSaidToBeOthers()
    {
        SmallFit fit = await SmallFits.Faithful;
        Single(Of(fit with { Table = fit.Model.Draw([100], 1).Table }), "other-rows");
    }
}
