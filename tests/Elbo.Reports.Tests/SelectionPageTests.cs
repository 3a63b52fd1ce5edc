using System.Globalization;
using Elbo.Corpora;
using Elbo.Reports.Selection;
using Elbo.Reports.Tests.Browser;
using Elbo.Reports.Tests.Topics;
using Elbo.Selection;
using Elbo.Topics;
using Microsoft.Playwright;

namespace Elbo.Reports.Tests;

/// <summary>The page that compares numbers of topics, in a browser.</summary>
public sealed class SelectionPageTests(BrowserFixture browser) : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("elbo-selection-");

    [Fact]
    public async Task Every_control_shows_what_was_computed()
    {
        Corpus corpus = TopicCases.Texts(90).Corpus;
        var options = new TopicSelectionOptions { Topics = [2, 3, 5], Restarts = 2, Fit = new LdaOptions { EStep = TopicEStep.MeanField, Threads = 1 } };
        TopicSelectionResult result = await TopicSelection.RunAsync(corpus, options, cancellationToken: TestContext.Current.CancellationToken);
        string path = Path.Combine(_folder.FullName, "numbers.html");
        SelectionReport.Create(result, "<b>How many</b>?").Save(path);
        await using OpenPage open = await browser.OpenAsync(path);
        Assert.Equal("<b>How many</b>?", await open.TextAsync("#title"));
        Assert.Equal(result.Advice, await open.Page.Locator("#recommendation p").AllInnerTextsAsync());
        Assert.Equal(["2", "3", "5"], await open.Page.Locator("#candidates tbody button").AllInnerTextsAsync());
        Assert.Equal($"{result.Recommended.Topics}", await open.TextAsync("#candidates tr.chosen button"));
        (string Name, Func<TopicCandidate, double> Of)[] measures = [("held-out score", one => one.HeldOut), ("bound", one => one.Restarts.Max(restart => restart.Bound)), ("NPMI", one => one.Coherence), ("stability", one => one.Stability!.Overlap)];
        Assert.Equal(measures.Select(measure => measure.Name), await open.Page.Locator("#measure option").AllInnerTextsAsync());
        for (int i = 0; i < measures.Length; i++)
        {
            await open.Page.SelectOptionAsync("#measure", i.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(result.Candidates.Select(measures[i].Of), await open.AskAsync<double[]>("document.getElementById('curve').data[0].y"));
        }
        for (int i = 0; i < result.Candidates.Count; i++)
        {
            TopicCandidate candidate = result.Candidates[i];
            if (i % 2 == 0) await open.Page.SelectOptionAsync("#candidate", new SelectOptionValue { Value = i.ToString(CultureInfo.InvariantCulture) });
            else await open.Page.ClickAsync($"#candidates button[data-topics='{candidate.Topics}']");
            Assert.Equal(candidate.Model.Topics.OrderByDescending(topic => topic.Prevalence).Select(topic => $"{topic.Id}"), await open.Page.Locator("#topics tbody td:first-child").AllInnerTextsAsync());
            Assert.Equal(candidate.Restarts.Select(restart => restart.HeldOut.Seen.PerToken.ToString("N4", CultureInfo.InvariantCulture).Replace('-', '−')), await open.Page.Locator("#restarts tbody td:nth-child(2)").AllInnerTextsAsync());
        }
        await open.AssertAccessibleAsync();
        await open.Page.ClickAsync("#theme");
        await open.AssertAccessibleAsync();
        open.AssertQuiet();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
