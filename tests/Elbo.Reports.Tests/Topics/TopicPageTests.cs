using System.Globalization;
using System.Text.Json;
using Elbo.Corpora;
using Elbo.Reports.Tests.Browser;
using Elbo.Reports.Topics;
using Elbo.Topics;
using Elbo.Topics.Gap;
using Elbo.Topics.Quality;
using Microsoft.Playwright;

namespace Elbo.Reports.Tests.Topics;

/// <summary>The page of a topic model in a browser: every control is driven, and what it shows is what the model says.</summary>
public sealed class TopicPageTests(BrowserFixture browser) : IDisposable
{
    const string Hostile = "<img src=x onerror=alert(1)></script><script>alert(2)</script>";

    static readonly (TopicModel Model, TopicReport Report) Usual = Fit();

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("elbo-page-");

    static TopicPage Page => Usual.Report.Page;

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Is_quiet_and_accessible_in_both_themes(ColorScheme colors, int width)
    {
        await using OpenPage open = await OpenAsync(Usual.Report, colors, width);
        await open.AssertAccessibleAsync();
        string before = await open.AskAsync<string>("document.documentElement.dataset.theme");
        await open.Page.ClickAsync("#theme");
        Assert.NotEqual(before, await open.AskAsync<string>("document.documentElement.dataset.theme"));
        await open.AssertAccessibleAsync();
        Assert.True(await open.AskAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "The page is wider than the window.");
        Assert.Equal(["Topics", "Words", "Documents", "Over time", "Trust"], await open.Page.Locator("#sections a").AllInnerTextsAsync());
        open.AssertQuiet();
    }

    [Fact]
    public async Task The_list_is_sorted_and_a_topic_chosen_from_it_is_shown()
    {
        await using OpenPage open = await OpenAsync(Usual.Report);
        Assert.Equal(Page.Topics.MaxBy(topic => topic.Share)!.Id, await ChosenAsync(open));
        await open.Page.SelectOptionAsync("#sort", "share");
        Assert.Equal(Page.Topics.OrderByDescending(topic => topic.Share).Select(topic => topic.Id), await ListedAsync(open));
        await open.Page.SelectOptionAsync("#sort", "effectiveTerms");
        Assert.Equal(Page.Topics.OrderByDescending(topic => topic.EffectiveTerms).Select(topic => topic.Id), await ListedAsync(open));
        await open.Page.SelectOptionAsync("#sort", "id");
        foreach (TopicEntry topic in Page.Topics)
        {
            await open.Page.ClickAsync($"#topic-table button[data-topic='{topic.Id}']");
            Assert.Equal(topic.Id, await ChosenAsync(open));
            Assert.Equal($"Topic {topic.Id}: {topic.Label ?? topic.Words}", await open.TextAsync("#topic-name"));
            Assert.StartsWith(Percent(topic.Share), await open.TextAsync("#topic-facts"), StringComparison.Ordinal);
            Assert.All(topic.Quality, quality => Assert.Contains(quality.Value, open.TextAsync("#topic-facts").Result, StringComparison.Ordinal));
            Assert.Equal(topic.Documents.Select(document => Page.Documents[document].Id), await open.Page.Locator("#topic-documents button").AllInnerTextsAsync());
            Assert.Equal(topic.Shares.Select(Percent), await open.Page.Locator("#topic-documents tbody td:first-child").AllInnerTextsAsync());
            Assert.Equal(topic.Correlated.Select(other => Fixed(other.Correlation, 2)), await open.Page.Locator("#topic-correlated tbody td:first-child").AllInnerTextsAsync());
        }
        await open.Page.ClickAsync("#next");
        Assert.Equal(0, await ChosenAsync(open));
        await open.Page.ClickAsync("#previous");
        Assert.Equal(Page.Topics.Count - 1, await ChosenAsync(open));
        // The map tells plotly's clicks which topic they are on.
        await open.Page.EvaluateAsync("document.getElementById('map').emit('plotly_click', { points: [{ customdata: 1 }] })");
        Assert.Equal(1, await ChosenAsync(open));
        Assert.Equal(Page.Topics.Select(topic => topic.X).ToArray(), await open.AskAsync<double[]>("document.getElementById('map').data[0].x"), new Near(1e-4));
        open.AssertQuiet();
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.6)]
    [InlineData(0.0)]
    public async Task Words_are_ordered_by_relevance(double lambda)
    {
        await using OpenPage open = await OpenAsync(Usual.Report);
        await open.Page.FillAsync("#lambda", lambda.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(Fixed(lambda, 2), await open.TextAsync("#lambda-value"));
        long total = Usual.Model.Record.Tokens;
        foreach (Topic topic in Usual.Model.Topics)
        {
            await open.Page.ClickAsync($"#topic-table button[data-topic='{topic.Id}']");
            string[] shown = await open.AskAsync<string[]>("[...document.getElementById('terms').data[0].y].reverse()");
            double[] inTopic = await open.AskAsync<double[]>("[...document.getElementById('terms').data[1].x].reverse()");
            double Relevance(string term)
            {
                int id = Usual.Model.Vocabulary.IndexOf(term);
                double p = topic.Probability(id);
                return lambda * Math.Log(p) + (1 - lambda) * Math.Log(p / ((double)Usual.Model.Record.TermCounts[id] / total));
            }
            double[] relevance = [.. shown.Select(Relevance)];
            // The page has five digits of every probability.
            Assert.Equal(relevance.OrderDescending(), relevance, new Near(1e-4));
            Assert.Equal(Usual.Model.Vocabulary.Select(Relevance).OrderDescending().Take(30), relevance, new Near(1e-4));
            Assert.Equal(shown.Select(term => topic.Probability(Usual.Model.Vocabulary.IndexOf(term)) * topic.Prevalence), inTopic, new Near(1e-4));
        }
        open.AssertQuiet();
    }

    [Fact]
    public async Task Labels_are_edited_and_exported()
    {
        await using OpenPage open = await OpenAsync(Usual.Report);
        await open.Page.ClickAsync("#topic-table button[data-topic='2']");
        await open.Page.FillAsync("#label", "stocks & <b>bonds</b>");
        await open.Page.PressAsync("#label", "Enter");
        Assert.Equal("Topic 2: stocks & <b>bonds</b>", await open.TextAsync("#topic-name"));
        Assert.Contains("stocks & <b>bonds</b>", await open.Page.Locator("#topic-table button").AllInnerTextsAsync());
        IDownload download = await open.Page.RunAndWaitForDownloadAsync(() => open.Page.ClickAsync("#export"));
        string path = Path.Combine(_folder.FullName, "labels.json");
        await download.SaveAsAsync(path);
        Dictionary<string, string> labels = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        Assert.Equal(new() { ["0"] = "named", ["2"] = "stocks & <b>bonds</b>" }, labels);
        await open.Page.FillAsync("#label", "");
        await open.Page.PressAsync("#label", "Enter");
        Assert.Equal($"Topic 2: {Page.Topics[2].Words}", await open.TextAsync("#topic-name"));
        open.AssertQuiet();
    }

    [Fact]
    public async Task A_word_leads_to_its_topics()
    {
        await using OpenPage open = await OpenAsync(Usual.Report);
        int term = Array.IndexOf(Page.Terms.Names, "stock");
        await open.Page.FillAsync("#search", "sto");
        Assert.Equal("stock", (await open.Page.Locator("#found button").AllInnerTextsAsync())[0]);
        Assert.Equal(Page.Terms.TopicShares[term].Select(Percent), await open.Page.Locator("#term-topics tbody td:first-child").AllInnerTextsAsync());
        await open.Page.Locator("#term-topics tbody button").First.ClickAsync();
        Assert.Equal(Page.Terms.Topics[term][0], await ChosenAsync(open));
        await open.Page.FillAsync("#search", "no such word");
        Assert.Equal("no such word", await open.TextAsync("#search-note"));
        Assert.Equal(0, await open.Page.Locator("#found button").CountAsync());
        open.AssertQuiet();
    }

    [Fact]
    public async Task A_document_shows_its_mixture_and_its_text_by_topics()
    {
        await using OpenPage open = await OpenAsync(Usual.Report);
        await open.Page.FillAsync("#document-search", "d7");
        Assert.Equal("d7", await open.TextAsync("#document-name"));
        int index = Page.Documents.Select(document => document.Id).ToList().IndexOf("d7");
        DocumentEntry document = Page.Documents[index];
        Assert.Equal(document.Text, await open.Page.Locator("#document-text").TextContentAsync());
        Assert.Equal(document.Topics.Zip(document.Shares).Select(pair => $"{Percent(pair.Second)} Topic {pair.First}: {Page.Topics[pair.First].Label ?? Page.Topics[pair.First].Words}"),
            await open.Page.Locator("#document-topics button").AllInnerTextsAsync());
        int[] marks = [.. (await open.AskAsync<string[]>("[...document.querySelectorAll('#document-text mark')].map(mark => mark.dataset.topic)")).Select(topic => int.Parse(topic, CultureInfo.InvariantCulture))];
        Assert.Equal(document.Marks.Chunk(4).Select(mark => mark[2]), marks);
        // One topic alone: the marks of the others grow faint.
        await open.Page.ClickAsync($"#document-topics button[data-topic='{document.Topics[0]}']");
        Assert.Equal("true", await open.Page.GetAttributeAsync($"#document-topics button[data-topic='{document.Topics[0]}']", "aria-pressed"));
        Assert.Equal(marks.Count(topic => topic != document.Topics[0]) + document.Marks.Chunk(4).Count(mark => mark[2] == document.Topics[0] && mark[3] < 50), await open.Page.Locator("#document-text mark.faint").CountAsync());
        await open.Page.FillAsync("#document-search", "");
        await open.Page.SelectOptionAsync("#document", "3");
        Assert.Equal(Page.Documents[3].Id, await open.TextAsync("#document-name"));
        await open.Page.Locator("#topic-documents button").First.ClickAsync();
        Assert.Equal(Page.Documents[Page.Topics[await ChosenAsync(open)].Documents[0]].Id, await open.TextAsync("#document-name"));
        open.AssertQuiet();
    }

    [Fact]
    public async Task Trust_shows_the_trace_the_starts_and_what_was_measured()
    {
        await using OpenPage open = await OpenAsync(Usual.Report);
        TrustEntry trust = Page.Trust;
        Assert.Equal(trust.Stop, await open.TextAsync("#stop"));
        Assert.Equal(trust.Certificate, await open.TextAsync("#certificate"));
        double[] line = await open.AskAsync<double[]>("document.getElementById('trace').data[0].y");
        double[] expected = [.. trust.Trace.AfterExpectation.Zip(trust.Trace.AfterMaximization).SelectMany(pair => new[] { pair.First, pair.Second }).Where(bound => bound is not null).Select(bound => bound!.Value), trust.Trace.Objective[^1]];
        Assert.Equal(expected, line);
        await open.Page.SelectOptionAsync("#range", "0.5");
        Assert.Equal(expected[(int)Math.Floor(expected.Length * 0.5)..], await open.AskAsync<double[]>("document.getElementById('trace').data[0].y"));
        Assert.Equal(trust.Trace.Terms.Select(term => term.Name.Replace("<", "&lt;", StringComparison.Ordinal)), (await open.AskAsync<string[]>("document.getElementById('parts').data.map(trace => trace.name)"))[..^1]);
        Assert.Equal(trust.Starts.Select(start => Fixed(start.Objective[^1], 2)), await open.Page.Locator("#starts-table tbody td:nth-child(3)").AllInnerTextsAsync());
        Assert.Contains(Fixed(trust.HeldOut!.PerToken, 4), await open.TextAsync("#held-out"), StringComparison.Ordinal);
        GapEntry gap = trust.Gap!;
        Assert.Contains($"{Fixed(gap.Value, 1)} nats ({Fixed(gap.Lower, 1)} to {Fixed(gap.Upper, 1)}, 95 %)", await open.TextAsync("#measured-gap"), StringComparison.Ordinal);
        Assert.Equal(gap.SortedPerToken, await open.AskAsync<double[]>("document.getElementById('document-gap').data[0].y"), new Near(1e-4));
        double[] trend = await open.AskAsync<double[]>("document.getElementById('trend').data.at(-1).y");
        Assert.Equal(Page.Trend!.Shares[await ChosenAsync(open)], trend, new Near(1e-4));
        open.AssertQuiet();
    }

    [Fact]
    public async Task Text_of_strangers_is_shown_and_never_run()
    {
        var vocabulary = new Vocabulary([Hostile, "<b>bold</b>", "javascript:alert(3)", "plain", "\"quoted\"", "{{data}}"]);
        var builder = new CorpusBuilder(vocabulary);
        for (int document = 0; document < 12; document++) builder.Add([(document % 6, 5), ((document + 1) % 6, 3)], $"{Hostile} {document}", document % 2 == 0 ? Hostile : "<i>label</i>", Hostile);
        Corpus corpus = builder.Build();
        TopicModel model = Lda.Fit(corpus, new LdaOptions { Topics = 3, EStep = TopicEStep.MeanField, Threads = 1, Eta = 0.05 }, cancellationToken: TestContext.Current.CancellationToken).WithLabels(new Dictionary<int, string> { [1] = Hostile });
        await using OpenPage open = await OpenAsync(TopicReport.Create(model, new() { Title = Hostile, Corpus = corpus, Threads = 1 }, TestContext.Current.CancellationToken));
        Assert.Equal(Hostile, await open.TextAsync("#title"));
        await open.Page.ClickAsync("#topic-table button[data-topic='1']");
        Assert.Equal($"Topic 1: {Hostile}", await open.TextAsync("#topic-name"));
        await open.Page.FillAsync("#search", "<img");
        await open.Page.SelectOptionAsync("#document", "0");
        await open.Page.HoverAsync("#terms");
        await open.Page.HoverAsync("#map");
        await open.Page.HoverAsync("#trend");
        Assert.Contains(Hostile, await open.TextAsync("#document-text"), StringComparison.Ordinal);
        Assert.Equal(0, await open.Page.Locator("main img, main script, main i").CountAsync());
        open.AssertQuiet();
    }

    static (TopicModel, TopicReport) Fit()
    {
        (Corpus corpus, Dictionary<int, string> texts) = TopicCases.Texts(60);
        TopicModel model = Lda.Fit(corpus, new LdaOptions { Topics = 4, Seed = 3, Restarts = 3, EStep = TopicEStep.MeanField, Threads = 1 }).WithLabels(new Dictionary<int, string> { [0] = "named" });
        return (model, TopicReport.Create(model, new()
        {
            Title = "Three themes",
            Corpus = corpus,
            Texts = chosen => chosen.ToDictionary(document => document, document => new DocumentText(texts[document],
                [.. Enumerable.Range(0, corpus.Tokens(document).Length).Select(i => new DocumentToken(corpus.Tokens(document)[i], corpus.TokenStarts(document)[i], corpus.TokenLengths(document)[i]))])),
            Quality = ModelQuality.Of(model, corpus, new CoherenceOptions { Threads = 1 }),
            Gap = EvidenceGap.Measure(model, corpus, new GapOptions { MaximumDocuments = 20, Threads = 1 }),
            HeldOut = model.Evaluate(TopicCases.Texts(20).Corpus, threads: 1),
            Threads = 1,
        }));
    }

    static async Task<int> ChosenAsync(OpenPage open) => int.Parse((await open.Page.GetAttributeAsync("#topic-table tr.chosen button", "data-topic"))!, CultureInfo.InvariantCulture);

    static async Task<int[]> ListedAsync(OpenPage open) => [.. (await open.Page.Locator("#topic-table tbody td:first-child").AllInnerTextsAsync()).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    /// <summary>As the page writes shares, of which it has five digits.</summary>
    static string Percent(double share) => (100 * double.Parse(share.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)).ToString("N1", CultureInfo.InvariantCulture) + " %";

    /// <summary>As the page writes numbers.</summary>
    static string Fixed(double value, int digits) => value.ToString($"N{digits}", CultureInfo.InvariantCulture).Replace('-', '−');

    async Task<OpenPage> OpenAsync(TopicReport report, ColorScheme colors = ColorScheme.Light, int width = 1280)
    {
        string path = Path.Combine(_folder.FullName, "report.html");
        report.Save(path);
        return await browser.OpenAsync(path, colors, width);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Equal to so much of the larger.</summary>
    sealed class Near(double relative) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= relative * Math.Max(1e-3, Math.Max(Math.Abs(x), Math.Abs(y)));

        public int GetHashCode(double value) => 0;
    }
}
