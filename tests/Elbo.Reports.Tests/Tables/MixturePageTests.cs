using System.Globalization;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Reports.Tables;
using Elbo.Reports.Tests.Browser;
using Microsoft.Playwright;

namespace Elbo.Reports.Tests.Tables;

/// <summary>The page of a mixture in a browser: every control is driven, and what it shows is the model's.</summary>
public sealed class MixturePageTests(BrowserFixture browser)
{
    static string Short(double value) => double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture).Replace('-', '−');

    static string Number(double value, int digits) => value.ToString($"N{digits}", CultureInfo.InvariantCulture).Replace('-', '−');

    [Fact]
    public async Task ComponentsAndParametersAreTheModels()
    {
        SmallFit fit = await SmallFits.Iris;
        using var page = new SavedPage(TableReport.Create(fit.Model, fit.Schema, fit.Table));
        await using OpenPage open = await browser.OpenAsync(page.File);
        Assert.Equal("Components Scatter Densities Responsibilities Trust", (await open.TextAsync("#sections")).ReplaceLineEndings(" ").Trim());
        Assert.Equal("component 1: versicolor", await open.TextAsync("#component-table tbody tr:nth-child(2) td:first-child"));
        Assert.Equal("33.3 %", await open.TextAsync("#component-table tbody tr:nth-child(2) td:nth-child(2)"));
        await open.Page.SelectOptionAsync("#grid", new SelectOptionValue { Label = "covariance of component 2 virginica" });
        double[] covariance = GaussianComponents.FromTensors(fit.Model.Parameters).Covariance(2);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++) Assert.Equal(Short(covariance[4 * i + j]), await open.TextAsync($"#grid-table tbody tr:nth-child({i + 1}) td:nth-child({j + 2})"));
        open.AssertQuiet();
    }

    [Fact]
    public async Task EllipsesHoldTheirShareInAnyTwoColumns()
    {
        SmallFit fit = await SmallFits.Iris;
        using var page = new SavedPage(TableReport.Create(fit.Model, fit.Schema, fit.Table));
        await using OpenPage open = await browser.OpenAsync(page.File);
        await open.Page.SelectOptionAsync("#across", "3");
        await open.Page.SelectOptionAsync("#up", "1");
        var components = GaussianComponents.FromTensors(fit.Model.Parameters);
        double[][] points = await open.AskAsync<double[][]>("document.getElementById('cloud').data.filter(trace => trace.meta?.share).flatMap(trace => trace.x.map((x, i) => [trace.meta.component, trace.meta.share, x, trace.y[i]]))");
        Assert.Equal(3 * 2 * 73, points.Length);
        foreach (double[] point in points)
        {
            int k = (int)point[0];
            double[] covariance = components.Covariance(k);
            double a = covariance[15], b = covariance[7], c = covariance[5], x = point[2] - components.Mean(k)[3], y = point[3] - components.Mean(k)[1];
            double distance = (c * x * x - 2 * b * x * y + a * y * y) / (a * c - b * b);
            Assert.Equal(1 - point[1], Math.Exp(-0.5 * distance), 1e-5);
        }
        double[] first = await open.AskAsync<double[]>("[document.getElementById('cloud').data[0].x[0], document.getElementById('cloud').data[0].y[0]]");
        Assert.Equal([fit.Table.Row(0)[3], fit.Table.Row(0)[1]], first);
        Assert.Equal("Sepal.Width", await open.AskAsync<string>("document.getElementById('cloud').layout.yaxis.title.text"));
        open.AssertQuiet();
    }

    [Fact]
    public async Task AnEllipseOfAStudentHoldsItsShareToo()
    {
        SmallFit faithful = await SmallFits.Faithful;
        SmallFit fit = await SmallFits.GivenAsync(faithful.Table, "student-t", [0.5, 0.5], new StudentTComponents(new GaussianComponents(CovarianceStructure.Full, [2, 55, 4, 80], [0.1, 0.4, 0.4, 36, 0.2, 0.8, 0.8, 36], 2), [3, 8], isEstimated: true));
        using var page = new SavedPage(TableReport.Create(fit.Model, fit.Schema, fit.Table));
        await using OpenPage open = await browser.OpenAsync(page.File);
        // The share of draws inside: 1 − (1 + d²/ν)^(−ν/2) for the bivariate t.
        double[][] points = await open.AskAsync<double[][]>("document.getElementById('cloud').data.filter(trace => trace.meta?.share).map(trace => [trace.meta.component, trace.meta.share, trace.x[10], trace.y[10]])");
        var components = StudentTComponents.FromTensors(fit.Model.Parameters);
        Assert.Equal(4, points.Length);
        foreach (double[] point in points)
        {
            int k = (int)point[0];
            double[] scale = components.Gaussian.Covariance(k);
            double x = point[2] - components.Gaussian.Mean(k)[0], y = point[3] - components.Gaussian.Mean(k)[1], degrees = components.DegreesOfFreedom[k];
            double distance = (scale[3] * x * x - 2 * scale[1] * x * y + scale[0] * y * y) / (scale[0] * scale[3] - scale[1] * scale[1]);
            Assert.Equal(point[1], 1 - Math.Pow(1 + distance / degrees, -degrees / 2), 1e-5);
        }
    }

    [Fact]
    public async Task DensitiesFollowTheChosenColumn()
    {
        SmallFit fit = await SmallFits.Faithful;
        TableReport report = TableReport.Create(fit.Model, fit.Schema, fit.Table);
        using var page = new SavedPage(report);
        await using OpenPage open = await browser.OpenAsync(page.File);
        await open.Page.SelectOptionAsync("#density-column", new SelectOptionValue { Label = "waiting" });
        ColumnEntry waiting = report.Page.Columns[1];
        double[][] shown = await open.AskAsync<double[][]>("document.getElementById('density').data.map(trace => Array.from(trace.y))");
        Assert.Equal(waiting.Observed!.Heights, shown[0]);
        Assert.Equal(waiting.Mixture, shown[1].Cast<double?>());
        Assert.Equal(4, shown.Length);
        // The curves of the components add up to that of the model.
        for (int i = 0; i < shown[1].Length; i++) Assert.Equal(shown[1][i], shown[2][i] + shown[3][i], 1e-4);
        open.AssertQuiet();
    }

    [Fact]
    public async Task RowsAreOrderedFilteredTurnedAndOpened()
    {
        SmallFit fit = await SmallFits.Faithful;
        using var page = new SavedPage(TableReport.Create(fit.Model, fit.Schema, fit.Table));
        await using OpenPage open = await browser.OpenAsync(page.File);
        Prediction prediction = fit.Model.Predict(fit.Table);
        int[] byUncertainty = [.. Enumerable.Range(0, 272).OrderByDescending(prediction.Uncertainty)];
        Task<int[]> Shown() => open.AskAsync<int[]>("[...document.querySelectorAll('#row-table button')].map(button => Number(button.dataset.row))");
        Assert.Equal(byUncertainty.Take(10).Select(row => row + 1), (await Shown()).Take(10));
        Assert.Equal("1 to 25 of 272", await open.TextAsync("#rows-range"));
        Assert.Equal($"Row {byUncertainty[0] + 1}", await open.TextAsync("#row-name"));

        await open.Page.ClickAsync("#rows-next");
        Assert.Equal("26 to 50 of 272", await open.TextAsync("#rows-range"));
        await open.Page.ClickAsync("#rows-previous");
        Assert.True(await open.Page.IsDisabledAsync("#rows-previous"));

        await open.Page.SelectOptionAsync("#belongs", "1");
        await open.Page.SelectOptionAsync("#order", "number");
        int[] ofOne = [.. Enumerable.Range(0, 272).Where(row => prediction.MostLikely(row) == 1)];
        Assert.Equal(ofOne.Take(25).Select(row => row + 1), await Shown());
        Assert.Equal($"1 to 25 of {ofOne.Length}", await open.TextAsync("#rows-range"));

        await open.Page.SelectOptionAsync("#belongs", "");
        await open.Page.SelectOptionAsync("#order", "density");
        int unlikely = Enumerable.Range(0, 272).MinBy(row => prediction.LogDensities[row]);
        Assert.Equal(unlikely + 1, (await Shown())[0]);
        await open.Page.ClickAsync($"#row-table button[data-row='{unlikely + 1}']");
        Assert.Equal($"Row {unlikely + 1}", await open.TextAsync("#row-name"));
        Assert.Contains($"log p(x) {Number(prediction.LogDensities[unlikely], 3)}", await open.TextAsync("#row-facts"), StringComparison.Ordinal);
        double[] bars = await open.AskAsync<double[]>("Array.from(document.getElementById('row-bars').data[0].x)");
        for (int k = 0; k < 2; k++) Assert.Equal(prediction.Of(unlikely)[k], bars[1 - k], 1e-6);

        // A point of the scatter plot opens its row.
        await open.AskAsync<object?>("void document.getElementById('cloud').emit('plotly_click', { points: [{ customdata: 4 }] })");
        Assert.Equal("Row 5", await open.TextAsync("#row-name"));
        open.AssertQuiet();
    }

    [Fact]
    public async Task TrustShowsBothHalfStepsTheGapAndTheStarts()
    {
        SmallFit fit = await SmallFits.Faithful;
        FitRecord record = fit.Model.Record;
        using var page = new SavedPage(TableReport.Create(fit.Model, fit.Schema, fit.Table));
        await using OpenPage open = await browser.OpenAsync(page.File);
        IReadOnlyList<Engine.Iteration> trace = record.Traces[record.BestStart];
        double[] maximized = await open.AskAsync<double[]>("Array.from(document.getElementById('trace').data.find(trace => trace.name === 'after the M-step').y)");
        Assert.Equal(trace.Skip(1).Select(step => step.MStep!.Value.Elbo), maximized);
        await open.Page.SelectOptionAsync("#range", "0.5");
        Assert.InRange(await open.AskAsync<int>("document.getElementById('trace').data.find(trace => trace.name === 'after the M-step').y.length"), 1, maximized.Length - 1);
        double?[] gaps = await open.AskAsync<double?[]>("Array.from(document.getElementById('gap').data[1].y)");
        double least = 1e-9 * trace.Max(step => Math.Abs(step.Objective));
        for (int i = 1; i < trace.Count; i++) Assert.Equal(trace[i].MStep!.Value.KullbackLeibler is { } gap && gap > least ? gap : 0, gaps[i] ?? 0, least);
        // After an exact E-step there is no gap to draw.
        Assert.All(await open.AskAsync<double?[]>("Array.from(document.getElementById('gap').data[0].y)"), Assert.Null);
        Assert.Equal(3, await open.Page.Locator("#starts-table tbody tr").CountAsync());
        Assert.Contains("never fell", await open.TextAsync("#certificate"), StringComparison.Ordinal);
        Assert.Contains(Number(record.Bic, 2), await open.TextAsync("#facts"), StringComparison.Ordinal);
        Assert.Contains("relative:1E-08", await open.TextAsync("#settings"), StringComparison.Ordinal);
        open.AssertQuiet();
    }

    [Fact]
    public async Task ProbabilitiesOfCategoriesAreBars()
    {
        SmallFit fit = await SmallFits.Carcinoma;
        using var page = new SavedPage(TableReport.Create(fit.Model, fit.Schema, fit.Table));
        await using OpenPage open = await browser.OpenAsync(page.File);
        Assert.False(await open.Page.IsVisibleAsync("#scatter"));
        await open.Page.SelectOptionAsync("#grid", new SelectOptionValue { Label = "probabilities of D" });
        var components = CategoricalComponents.FromTensors(fit.Model.Parameters);
        double[][] bars = await open.AskAsync<double[][]>("document.getElementById('grid-bars').data.map(trace => Array.from(trace.y))");
        for (int k = 0; k < 2; k++)
            for (int c = 0; c < 2; c++) Assert.Equal(components.Probabilities(k, 3)[c], bars[k][c], 1e-6);
        await open.Page.SelectOptionAsync("#density-column", new SelectOptionValue { Label = "D" });
        Assert.Equal(fit.Schema.CategoriesOf(3), await open.AskAsync<string[]>("Array.from(document.getElementById('density').data[0].x)"));
        open.AssertQuiet();
    }

    [Fact]
    public async Task AModelWithoutRowsShowsWhatItCan()
    {
        SmallFit fit = await SmallFits.Faithful;
        using var page = new SavedPage(TableReport.Create(fit.Model, fit.Schema));
        await using OpenPage open = await browser.OpenAsync(page.File);
        Assert.False(await open.Page.IsVisibleAsync("#rows"));
        Assert.Equal(4, await open.AskAsync<int>("document.getElementById('cloud').data.length"));
        Assert.Equal(3, await open.AskAsync<int>("document.getElementById('density').data.length"));
        open.AssertQuiet();
    }
}
