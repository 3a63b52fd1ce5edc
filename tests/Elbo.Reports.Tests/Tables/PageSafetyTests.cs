using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Reports.Tables;
using Elbo.Reports.Tests.Browser;
using Microsoft.Playwright;

namespace Elbo.Reports.Tests.Tables;

/// <summary>Names come from files, and files from anywhere. Everybody can use the page.</summary>
public sealed class PageSafetyTests(BrowserFixture browser)
{
    const string Hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)><b>bold</b> & <a href='javascript:alert(3)'>link</a>";

    [Fact]
    public async Task HostileNamesAreShownAndNeverRun()
    {
        SmallFit faithful = await SmallFits.Faithful, carcinoma = await SmallFits.Carcinoma;
        var table = new ObservationTable(faithful.Table.Values.ToArray(), 2, [Hostile, "waiting"]);
        FittedModel model = await Estimator.FitAsync(table, new() { Structure = LatentStructure.HiddenMarkov, Components = 2, Restarts = 2 }, cancellationToken: TestContext.Current.CancellationToken);
        using SavedPage chain = new(TableReport.Create(model, new() { ComponentNames = [Hostile, "{{data}}"] }, table, new() { Title = Hostile, SequenceNames = [Hostile] })),
            classes = new(TableReport.Create(carcinoma.Model, carcinoma.Schema with { Categories = [.. Enumerable.Range(0, 7).Select(_ => (IReadOnlyList<string>)[Hostile, "2"])] }, carcinoma.Table));
        foreach (string file in (string[])[chain.File, classes.File])
        {
            await using OpenPage open = await browser.OpenAsync(file);
            Assert.Equal(0, await open.Page.Locator("main img, main b, main [href^='javascript'], svg a, svg tspan[style*='bold']").CountAsync());
            Assert.Equal(3, await open.Page.Locator("script").CountAsync());
            // As it stands there, in tables and in charts.
            Assert.Contains(Hostile, await open.TextAsync("main"), StringComparison.Ordinal);
            string[] drawn = await open.AskAsync<string[]>("[...document.querySelectorAll('svg text')].map(text => text.textContent)");
            Assert.Contains(drawn, text => text.Contains("<b>bold</b>", StringComparison.Ordinal));
            open.AssertQuiet();
        }
    }

    [Theory]
    [InlineData("faithful", ColorScheme.Light)]
    [InlineData("faithful", ColorScheme.Dark)]
    [InlineData("earthquakes", ColorScheme.Light)]
    [InlineData("earthquakes", ColorScheme.Dark)]
    [InlineData("carcinoma", ColorScheme.Dark)]
    public async Task NothingSeriousStandsInAnybodysWay(string name, ColorScheme colors)
    {
        SmallFit fit = await (name switch { "faithful" => SmallFits.Faithful, "earthquakes" => SmallFits.Earthquakes, _ => SmallFits.Carcinoma });
        using var page = new SavedPage(TableReport.Create(fit.Model, fit.Schema, fit.Table));
        await using OpenPage open = await browser.OpenAsync(page.File, colors);
        Assert.Equal(colors == ColorScheme.Dark ? "dark" : "light", await open.AskAsync<string>("document.documentElement.dataset.theme"));
        await open.AssertAccessibleAsync();
        open.AssertQuiet();
    }

    [Theory]
    [InlineData(360)]
    [InlineData(800)]
    public async Task NarrowScreensNeedNoScrollingSideways(int width)
    {
        SmallFit fit = await SmallFits.Earthquakes;
        using var page = new SavedPage(TableReport.Create(fit.Model, fit.Schema, fit.Table));
        await using OpenPage open = await browser.OpenAsync(page.File, width: width);
        Assert.InRange(await open.AskAsync<int>("document.documentElement.scrollWidth"), 1, width);
    }

    [Fact]
    public async Task TheThemeChangesTheCharts()
    {
        SmallFit fit = await SmallFits.Faithful;
        using var page = new SavedPage(TableReport.Create(fit.Model, fit.Schema, fit.Table));
        await using OpenPage open = await browser.OpenAsync(page.File);
        string light = await open.AskAsync<string>("document.getElementById('cloud').layout.font.color");
        await open.Page.ClickAsync("#theme");
        Assert.NotEqual(light, await open.AskAsync<string>("document.getElementById('cloud').layout.font.color"));
        open.AssertQuiet();
    }
}
