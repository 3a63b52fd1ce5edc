using System.Globalization;
using Elbo.Reports.Explain;
using Elbo.Reports.Tests.Browser;
using Microsoft.Playwright;

namespace Elbo.Reports.Tests.Explain;

/// <summary>Every control of the page is driven, and what it then shows is compared with what the library computes.</summary>
public sealed class ExplainPageTests(BrowserFixture browser) : IDisposable
{
    const ulong Seed = 3;

    static readonly Explanation Explanation = Explanation.Create(Seed);

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("elbo-explain-");

    static ExplainPage Expected => Explanation.Page;

    [Fact]
    public async Task Jensen_follows_its_sliders()
    {
        await using OpenPage open = await OpenAsync();
        await AssertJensenAsync(open, new Jensen(1, 2.5, 0.3));
        foreach (Jensen jensen in (Jensen[])[new(1.4, 2.6, 0.3), new(0.5, 1.9, 0.75), new(3.1, 3.9, 0.5), new(2, 2, 0), new(4, 0, 1)])
        {
            await FillAsync(open, "#jensen-first", jensen.First);
            await FillAsync(open, "#jensen-second", jensen.Second);
            await FillAsync(open, "#jensen-weight", jensen.Weight);
            await AssertJensenAsync(open, jensen);
        }
        open.AssertQuiet();
    }

    [Fact]
    public async Task Jensen_can_be_driven_by_keys_buttons_and_the_pointer()
    {
        await using OpenPage open = await OpenAsync();
        await open.Page.FocusAsync("#jensen-first");
        await open.Page.Keyboard.PressAsync("ArrowRight");
        await AssertJensenAsync(open, new Jensen(1.01, 2.5, 0.3));
        foreach ((string example, Jensen jensen) in new[] { ("Where it fails", new Jensen(3, 4, 0.5)), ("Both where f is concave", new Jensen(1.4, 2.6, 0.3)), ("The article’s points", new Jensen(1, 2.5, 0.3)) })
        {
            await open.Page.GetByRole(AriaRole.Button, new() { Name = example }).ClickAsync();
            await AssertJensenAsync(open, jensen);
        }
        await open.Page.Locator("#jensen-chart").ScrollIntoViewIfNeededAsync();
        float from = await PixelAsync(1), to = await PixelAsync(1.75), row = await open.AskAsync<float>("document.getElementById('jensen-chart').getBoundingClientRect().top + 120");
        await open.Page.Mouse.MoveAsync(from, row);
        await open.Page.Mouse.DownAsync();
        await open.Page.Mouse.MoveAsync(to, row);
        await open.Page.Mouse.UpAsync();
        double dragged = double.Parse(await open.Page.InputValueAsync("#jensen-first"), CultureInfo.InvariantCulture);
        Assert.Equal(1.75, dragged, 0.02);
        await AssertJensenAsync(open, new Jensen(dragged, 2.5, 0.3));
        await open.Page.Mouse.MoveAsync(from, row);
        Assert.Equal(dragged, double.Parse(await open.Page.InputValueAsync("#jensen-first"), CultureInfo.InvariantCulture));
        open.AssertQuiet();

        Task<float> PixelAsync(double x) => open.AskAsync<float>($"(host => host.getBoundingClientRect().left + host._fullLayout._size.l + host._fullLayout.xaxis.d2p({x.ToString(CultureInfo.InvariantCulture)}))(document.getElementById('jensen-chart'))");
    }

    [Fact]
    public async Task Every_half_step_of_the_decomposition_is_shown()
    {
        await using OpenPage open = await OpenAsync();
        IReadOnlyList<HalfStepEntry> steps = Expected.Decomposition.Steps;
        for (int i = 0; i < steps.Count; i++)
        {
            await AssertStepAsync(open, i);
            // In turn by button, by key, by slider.
            if (i + 1 == steps.Count) break;
            if (i % 3 == 0) await open.Page.ClickAsync("#decomposition-forward");
            else if (i % 3 == 1) await open.Page.PressAsync("#decomposition", "ArrowRight");
            else await FillAsync(open, "#decomposition-step", i + 1);
        }
        Assert.True(await open.Page.IsDisabledAsync("#decomposition-forward"));
        await open.Page.PressAsync("#decomposition", "ArrowLeft");
        await open.Page.ClickAsync("#decomposition-back");
        await AssertStepAsync(open, steps.Count - 3);
        await FillAsync(open, "#decomposition-step", 2);
        double whole = await AxisAsync();
        await open.Page.CheckAsync("#decomposition-close");
        await AssertStepAsync(open, 2);
        Assert.True(await AxisAsync() > whole);
        Assert.Contains($"begins at {Shown(await AxisAsync(), 1)} nats", await open.TextAsync("#decomposition-axis"), StringComparison.Ordinal);
        open.AssertQuiet();

        Task<double> AxisAsync() => open.AskAsync<double>("document.getElementById('decomposition-bar').layout.xaxis.range[0]");
    }

    [Fact]
    public async Task Play_steps_to_the_end_and_is_not_offered_where_less_motion_is_wanted()
    {
        await using OpenPage open = await OpenAsync();
        Assert.True(await open.Page.IsHiddenAsync("#bound-play"));
        await open.Page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.NoPreference });
        await Assertions.Expect(open.Page.Locator("#bound-play")).ToBeVisibleAsync();
        int last = 2 * Expected.Bound.Bounds.Count - 1;
        await FillAsync(open, "#bound-step", last - 2);
        await open.Page.ClickAsync("#bound-play");
        await Assertions.Expect(open.Page.Locator("#bound-play")).ToHaveTextAsync("Pause");
        await Assertions.Expect(open.Page.Locator("#bound-place")).ToHaveTextAsync($"{last + 1} of {last + 1}");
        await Assertions.Expect(open.Page.Locator("#bound-play")).ToHaveTextAsync("Play");
        await open.Page.ClickAsync("#bound-play");
        await Assertions.Expect(open.Page.Locator("#bound-place")).ToHaveTextAsync($"1 of {last + 1}");
        await open.Page.ClickAsync("#bound-play");
        await Assertions.Expect(open.Page.Locator("#bound-play")).ToHaveTextAsync("Play");
        open.AssertQuiet();
    }

    [Fact]
    public async Task The_bound_touches_and_moves_to_its_top()
    {
        await using OpenPage open = await OpenAsync();
        IReadOnlyList<TouchingBound> bounds = Expected.Bound.Bounds;
        for (int i = 0; i < 2 * bounds.Count; i++)
        {
            await FillAsync(open, "#bound-step", i);
            TouchingBound bound = bounds[i / 2];
            Assert.Equal($"Iteration {bound.Iteration}, after the {(i % 2 == 0 ? "E" : "M")}-step", await open.TextAsync("#bound-name"));
            Assert.Equal(i % 2 == 0
                ? $"μ₁ = {Shown(bound.At, 3)}, where the bound touches: ELBO = log p(X|θ) = {Shown(bound.Touch, 3)} nats."
                : $"μ₁ = {Shown(bound.Next, 3)}, the top of the bound: ELBO {Shown(bound.Height, 3)}, log p(X|θ) {Shown(bound.NextEvidence, 3)}, KL {Shown(bound.NextEvidence - bound.Height, 3)} nats.", await open.TextAsync("#bound-words"));
            Assert.Equal(bound.Elbo, await open.AskAsync<double[]>($"document.getElementById('bound-chart').data.find(trace => trace.name.startsWith('ELBO')).y"));
        }
        await open.Page.CheckAsync("#bound-close");
        double[] range = await open.AskAsync<double[]>("document.getElementById('bound-chart').layout.xaxis.range");
        Assert.InRange(bounds[^1].Next, range[0], range[1]);
        Assert.True(range[1] - range[0] < Expected.Bound.Grid[^1] - Expected.Bound.Grid[0]);
        Assert.Contains($"highest at {Shown(Expected.Bound.Top, 2)}", await open.TextAsync("#bound-fixed"), StringComparison.Ordinal);
        open.AssertQuiet();
    }

    [Fact]
    public async Task Every_document_of_lda_is_shown()
    {
        await using OpenPage open = await OpenAsync();
        IReadOnlyList<TinyDocumentEntry> documents = Expected.Topics.Documents;
        Assert.Equal(documents.Select(document => document.Divergence), await open.AskAsync<double[]>("document.getElementById('lda-gap').data[0].y"));
        Assert.Equal(documents.Select(document => document.Annealed - document.Elbo), await open.AskAsync<double[]>("document.getElementById('lda-gap').data[1].y"));
        Assert.Equal(documents.Select(document => 2 * document.StandardError), await open.AskAsync<double[]>("document.getElementById('lda-gap').data[1].error_y.array"));
        for (int i = 0; i < documents.Count; i++)
        {
            TinyDocumentEntry document = documents[i];
            if (i % 2 == 0) await open.Page.SelectOptionAsync("#lda-document", $"{i}");
            else await open.Page.ClickAsync($"#lda-documents tbody tr:nth-child({i + 1}) button");
            Assert.Equal($"{i}", await open.Page.InputValueAsync("#lda-document"));
            Assert.Equal($"“{document.Words}”: the largest error of a share is {Shown(document.MeanFieldError, 3)} by mean field and {Shown(document.CollapsedError, 3)} by CVB0.", await open.TextAsync("#lda-errors"));
            Assert.Equal((double[])[.. document.Exact, .. document.MeanField, .. document.Collapsed], await open.AskAsync<double[]>("document.getElementById('lda-shares').data.flatMap(trace => trace.y)"));
            Assert.Equal((string[])[$"{i + 1}: {document.Words}", Shown(document.LogEvidence, 4), Shown(document.Elbo, 4), Shown(document.Divergence, 4), Shown(document.Annealed, 4), Shown(document.StandardError, 4), Shown(document.MeanFieldError, 4), Shown(document.CollapsedError, 4)],
                await open.Page.Locator($"#lda-documents tbody tr:nth-child({i + 1}) td").AllInnerTextsAsync());
        }
        open.AssertQuiet();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Nothing_serious_is_wrong_with_its_accessibility(ColorScheme colors)
    {
        await using OpenPage open = await OpenAsync(colors);
        await open.AssertAccessibleAsync();
        await open.Page.ClickAsync("#theme");
        await open.AssertAccessibleAsync();
        open.AssertQuiet();
    }

    [Theory]
    [InlineData(360)]
    [InlineData(800)]
    [InlineData(1440)]
    public async Task It_fits_the_width(int width)
    {
        await using OpenPage open = await OpenAsync(ColorScheme.Light, width);
        Assert.Equal(width, await open.AskAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(await open.AskAsync<string[]>($"[...document.querySelectorAll('.chart .main-svg, select, input')].filter(part => part.getBoundingClientRect().right > {width}).map(part => part.closest('[id]').id)"));
        if (Environment.GetEnvironmentVariable("ELBO_SCREENSHOTS") is { Length: > 0 } folder) await open.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"explain-{width}.png"), FullPage = true });
        open.AssertQuiet();
    }

    static async Task AssertJensenAsync(OpenPage open, Jensen jensen)
    {
        Assert.Equal($"α f(v₁) + (1 − α) f(v₂) = {Shown(jensen.Secant, 4)} {(jensen.Secant <= jensen.Curve ? "≤" : ">")} {Shown(jensen.Curve, 4)} = f({Shown(jensen.Mean, 4)}) = f(α v₁ + (1 − α) v₂)", await open.TextAsync("#jensen-sides"));
        Assert.Equal(jensen.Verdict.ToString(), await open.Page.GetAttributeAsync("#jensen-verdict", "data-verdict"), ignoreCase: true);
        Assert.Equal(Shown(jensen.Weight, 2), await open.TextAsync("#jensen-weight-value"));
        Assert.Equal((double[])[jensen.Secant, jensen.Curve], await open.AskAsync<double[]>("document.getElementById('jensen-chart').data[2].y"), (expected, actual) => Math.Abs(expected - actual) < 1e-12);
    }

    static async Task AssertStepAsync(OpenPage open, int index)
    {
        HalfStepEntry step = Expected.Decomposition.Steps[index];
        Assert.Equal(step.Kind == "start" ? "The start" : $"Iteration {step.Iteration}, after the {step.Kind}-step", await open.TextAsync("#decomposition-name"));
        Assert.Equal($"{index + 1} of {Expected.Decomposition.Steps.Count}", await open.TextAsync("#decomposition-place"));
        foreach ((string code, double value) in new[] { ("evidence", step.LogEvidence), ("elbo", step.Elbo), ("kl", step.Divergence), ("joint", step.ExpectedLogJoint), ("entropy", step.Entropy) })
            Assert.Equal(Shown(Math.Abs(value) < 5e-4 ? 0 : value, 3), await open.TextAsync($"#decomposition-numbers [data-number={code}]"));
        double[] ends = await open.AskAsync<double[]>("document.getElementById('decomposition-bar').data.map(trace => trace.base[0] + trace.x[0])");
        Assert.Equal((double[])[step.Elbo, step.LogEvidence], ends, (expected, actual) => Math.Abs(expected - actual) < 1e-9);
        Assert.Equal(Expected.Decomposition.Responsibilities[step.Q], await open.AskAsync<double[]>("document.getElementById('decomposition-data').data[0].marker.color"));
        Assert.Equal(Expected.Decomposition.Parameters[step.Theta].Means.Select(mean => mean[1]), await open.AskAsync<double[]>("document.getElementById('decomposition-data').data[3].y"));
    }

    /// <summary>As the page writes numbers.</summary>
    static string Shown(double value, int digits) => value.ToString($"N{digits}", CultureInfo.InvariantCulture).Replace('-', '−');

    static Task FillAsync(OpenPage open, string selector, double value) => open.Page.FillAsync(selector, value.ToString(CultureInfo.InvariantCulture));

    async Task<OpenPage> OpenAsync(ColorScheme colors = ColorScheme.Light, int width = 1280)
    {
        string path = Path.Combine(_folder.FullName, "explain.html");
        Explanation.Save(path);
        return await browser.OpenAsync(path, colors, width);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
