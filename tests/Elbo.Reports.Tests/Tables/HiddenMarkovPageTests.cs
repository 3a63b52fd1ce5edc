using System.Globalization;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.HiddenMarkov;
using Elbo.Observations;
using Elbo.Reports.Tables;
using Elbo.Reports.Tests.Browser;
using Microsoft.Playwright;

namespace Elbo.Reports.Tests.Tables;

/// <summary>The page of a hidden Markov model in a browser.</summary>
public sealed class HiddenMarkovPageTests(BrowserFixture browser)
{
    static string Number(double value, int digits) => value.ToString($"N{digits}", CultureInfo.InvariantCulture).Replace('-', '−');

    [Fact]
    public async Task ThePathAndThePosteriorAreTheModels()
    {
        SmallFit fit = await SmallFits.Earthquakes;
        using var page = new SavedPage(TableReport.Create(fit.Model, fit.Schema, fit.Table));
        await using OpenPage open = await browser.OpenAsync(page.File);
        Prediction prediction = fit.Model.Predict(fit.Table);
        Assert.Equal("States Path Transitions Densities Responsibilities Trust", (await open.TextAsync("#sections")).ReplaceLineEndings(" ").Trim());
        Assert.False(await open.Page.IsVisibleAsync("#window-controls"));
        for (int state = 0; state < 2; state++)
        {
            double[][] marked = await open.AskAsync<double[][]>($"(trace => trace.x.map((x, i) => [x, trace.y[i]]))(document.getElementById('path').data[{state + 1}])");
            Assert.Equal(Enumerable.Range(0, 107).Where(row => prediction.Path![row] == state).Select(row => (row + 1.0, fit.Table.Row(row)[0])), marked.Select(point => (point[0], point[1])));
            double[] posterior = await open.AskAsync<double[]>($"Array.from(document.getElementById('posterior').data[{state}].y)");
            for (int row = 0; row < 107; row++) Assert.Equal(prediction.Of(row)[state], posterior[row], 1e-6);
        }
        await open.AskAsync<object?>("void document.getElementById('path').emit('plotly_click', { points: [{ customdata: 41 }] })");
        Assert.Equal("Row 42", await open.TextAsync("#row-name"));
        open.AssertQuiet();
    }

    [Fact]
    public async Task TransitionsAreATableOfDeeperAndPalerCells()
    {
        SmallFit fit = await SmallFits.Earthquakes;
        using var page = new SavedPage(TableReport.Create(fit.Model, fit.Schema, fit.Table));
        await using OpenPage open = await browser.OpenAsync(page.File);
        var chain = HiddenMarkovParameters<PoissonComponents>.FromTensors(fit.Model.Parameters);
        double[] share = Chains.LongRun(chain.Initial.ToArray(), chain.Transitions.ToArray());
        for (int from = 0; from < 2; from++)
        {
            for (int to = 0; to < 2; to++)
            {
                ILocator cell = open.Page.Locator($".heat[data-from='{from}'][data-to='{to}']");
                Assert.Equal(Number(chain.TransitionsFrom(from)[to], 4), await cell.InnerTextAsync());
                Assert.Equal(chain.TransitionsFrom(from)[to], double.Parse(await cell.EvaluateAsync<string>("cell => getComputedStyle(cell).getPropertyValue('--heat')"), CultureInfo.InvariantCulture));
            }
            Assert.Equal(Number(share[from], 4), await open.TextAsync($"#state-table tbody tr:nth-child({from + 1}) td:nth-child(3)"));
            Assert.Equal(Number(1 / (1 - chain.TransitionsFrom(from)[from]), 2), await open.TextAsync($"#state-table tbody tr:nth-child({from + 1}) td:nth-child(4)"));
        }
        string[] colors = await open.AskAsync<string[]>("[0, 1].map(to => getComputedStyle(document.querySelector(`.heat[data-from='0'][data-to='${to}']`)).backgroundColor)");
        Assert.NotEqual(colors[0], colors[1]);
        open.AssertQuiet();
    }

    [Fact]
    public async Task LongSequencesAreLeafedThrough()
    {
        SmallFit fit = await SmallFits.Earthquakes;
        ObservationTable table = fit.Model.Draw([150, 1000], 5).Table;
        using var page = new SavedPage(TableReport.Create(fit.Model, fit.Schema, table, new() { SequenceNames = ["short", "long"] }));
        await using OpenPage open = await browser.OpenAsync(page.File);
        Assert.Equal(150, await open.AskAsync<int>("document.getElementById('path').data[0].x.length"));
        await open.Page.SelectOptionAsync("#sequence", new SelectOptionValue { Label = "long (1,000 rows)" });
        Assert.Equal("1 to 400 of 1,000", await open.TextAsync("#window-value"));
        Assert.True(await open.Page.IsDisabledAsync("#earlier"));
        await open.Page.ClickAsync("#later");
        Assert.Equal("201 to 600 of 1,000", await open.TextAsync("#window-value"));
        double[] first = await open.AskAsync<double[]>("[document.getElementById('path').data[0].x[0], document.getElementById('path').data[0].y[0], document.getElementById('posterior').data[0].x.length]");
        Assert.Equal([201, table.Row(350)[0], 400], first);
        await open.Page.FocusAsync("#window");
        await open.Page.Keyboard.PressAsync("End");
        Assert.Equal("601 to 1,000 of 1,000", await open.TextAsync("#window-value"));
        Assert.True(await open.Page.IsDisabledAsync("#later"));
        await open.Page.ClickAsync("#earlier");
        Assert.Equal("401 to 800 of 1,000", await open.TextAsync("#window-value"));
        open.AssertQuiet();
    }

    [Fact]
    public async Task TheSeriesShowsTheChosenColumn()
    {
        SmallFit faithful = await SmallFits.Faithful;
        FittedModel model = await Estimator.FitAsync(faithful.Table, new() { Structure = LatentStructure.HiddenMarkov, Components = 2, Restarts = 2 }, cancellationToken: TestContext.Current.CancellationToken);
        using var page = new SavedPage(TableReport.Create(model, new(), faithful.Table));
        await using OpenPage open = await browser.OpenAsync(page.File);
        await open.Page.SelectOptionAsync("#series-column", new SelectOptionValue { Label = "waiting" });
        Assert.Equal(Enumerable.Range(0, 272).Select(row => faithful.Table.Row(row)[1]), await open.AskAsync<double[]>("Array.from(document.getElementById('path').data[0].y)"));
        Assert.True(await open.Page.IsVisibleAsync("#scatter"));
        open.AssertQuiet();
    }
}
