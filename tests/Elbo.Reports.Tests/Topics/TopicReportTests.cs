using System.Text.Json;
using Elbo.Corpora;
using Elbo.Numerics;
using Elbo.Reports.Pages;
using Elbo.Reports.Topics;
using Elbo.Topics;

namespace Elbo.Reports.Tests.Topics;

public sealed class TopicReportTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static (TopicModel Model, Corpus Corpus, Dictionary<int, string> Texts) Fitted()
    {
        (Corpus corpus, Dictionary<int, string> texts) = TopicCases.Texts(30);
        return (Lda.Fit(corpus, new LdaOptions { Topics = 3, Seed = 2, Restarts = 2, EStep = TopicEStep.MeanField, MaximumIterations = 60 }, cancellationToken: Cancellation), corpus, texts);
    }

    static Func<IReadOnlySet<int>, IReadOnlyDictionary<int, DocumentText>> Texts(Corpus corpus, Dictionary<int, string> texts) => chosen => chosen.ToDictionary(document => document,
        document => new DocumentText(texts[document], [.. Enumerable.Range(0, corpus.Tokens(document).Length)
            .Select(i => new DocumentToken(corpus.Tokens(document)[i], corpus.TokenStarts(document)[i], corpus.TokenLengths(document)[i]))]));

    [Fact]
    public void Every_part_of_the_page_is_of_the_model_and_its_documents()
    {
        (TopicModel model, Corpus corpus, Dictionary<int, string> texts) = Fitted();
        TopicPage page = TopicReport.Create(model, new() { Title = "A <title>", Corpus = corpus, Texts = Texts(corpus, texts), Threads = 1 }, Cancellation).Page;
        Assert.Equal("A <title>", page.Title);
        Assert.Equal([0, 1, 2], page.Topics.Select(topic => topic.Id));
        Assert.Equal(model.Record.Prevalence, page.Topics.Select(topic => topic.Share));
        Assert.Equal(30, page.Documents.Count);
        DocumentTopics[] inferred = [.. model.Infer(corpus)];
        for (int d = 0; d < 30; d++)
        {
            DocumentEntry document = page.Documents[d];
            Assert.Equal(("d" + d, texts[d], "text", false), (document.Id, document.Text, document.TextKind, document.IsCut));
            Assert.Equal(inferred[d].Proportions.OrderDescending().TakeWhile(share => share >= 0.01), document.Shares);
            Assert.Equal(20, document.Marks.Length / 4);
            int at = 0;
            for (int i = 0; i < document.Marks.Length; i += 4)
            {
                at += document.Marks[i];
                Assert.Equal(corpus.Vocabulary[corpus.Tokens(d)[i / 4]], document.Text![at..(at + document.Marks[i + 1])]);
                Assert.InRange(document.Marks[i + 2], 0, 2);
                Assert.InRange(document.Marks[i + 3], 33, 100);
                at += document.Marks[i + 1];
            }
        }
        foreach (TopicEntry topic in page.Topics)
        {
            Assert.Equal(inferred.OrderByDescending(document => document.Proportions[topic.Id]).Take(10).Select(document => document.Document), topic.Documents);
            Assert.Equal(topic.Documents.Select(document => inferred[document].Proportions[topic.Id]), topic.Shares);
            Assert.Equal(topic.Terms.Select(term => model.Topics[topic.Id].Probability(model.Vocabulary.IndexOf(page.Terms.Names[term]))), topic.Probabilities);
            Assert.Equal(3, topic.Words.Split(' ').Length);
        }
        Assert.Equal(1, page.Terms.Shares.Sum(), 12);
        Assert.All(page.Terms.TopicShares, shares => Assert.InRange(shares.Sum(), 0.97, 1 + 1e-12));
        Assert.Equal(model.Trace.Count, page.Trust.Trace.Number.Length);
        Assert.Equal(2, page.Trust.Starts.Count);
        // The terms of the bound add up to it.
        for (int i = 0; i < model.Trace.Count; i++) Assert.Equal(page.Trust.Trace.Objective[i], page.Trust.Trace.Terms.Sum(term => term.Values[i]), 1e-9 * Math.Abs(page.Trust.Trace.Objective[i]));
    }

    [Fact]
    public void Shares_over_labels_are_expected_tokens_over_tokens()
    {
        (TopicModel model, Corpus corpus, _) = Fitted();
        LabelTrend trend = TopicReport.Create(model, new() { Corpus = corpus, Threads = 1 }, Cancellation).Page.Trend!;
        Assert.True(trend.IsNumeric);
        Assert.Equal(["1990", "1991", "1992"], trend.Labels);
        Assert.Equal([200, 200, 200], trend.Tokens);
        DocumentTopics[] inferred = [.. model.Infer(corpus)];
        double alpha = model.Parameters.Alpha[0];
        for (int label = 0; label < 3; label++)
        {
            for (int topic = 0; topic < 3; topic++)
            {
                double expected = inferred.Where(document => document.Document % 3 == label).Sum(document => document.Proportions[topic] * (3 * alpha + 20) - alpha) / 200;
                Assert.Equal(expected, trend.Shares[topic][label], 12);
            }
            Assert.Equal(1, trend.Shares.Sum(shares => shares[label]), 12);
        }
    }

    [Fact]
    public void The_same_page_for_any_number_of_threads_and_another_for_another_seed()
    {
        var generator = new LdaGenerator(new() { Topics = 6, Terms = 300, Length = 30, Seed = 3 });
        (Corpus corpus, LdaDraw draw) = generator.Draw(2000);
        TopicModel model = generator.Truth(draw);
        string Json(int threads, ulong seed) => JsonSerializer.Serialize(TopicReport.Create(model, new() { Corpus = corpus, Threads = threads, Seed = seed }, Cancellation).Page, PageJson.Default.TopicPage);
        string one = Json(1, 1);
        Assert.Equal(one, Json(3, 1));
        Assert.NotEqual(one, Json(1, 0));
    }

    [Fact]
    public void A_corpus_of_another_vocabulary_is_matched_by_name()
    {
        (TopicModel model, Corpus corpus, _) = Fitted();
        // The same words under other numbers, and one that the model lacks.
        var other = new Vocabulary(model.Vocabulary.Reverse().Append("zebra"));
        var builder = new CorpusBuilder(other);
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            int[] tokens = [.. corpus.Tokens(document).ToArray().Select(term => other.IndexOf(model.Vocabulary[term])), other.IndexOf("zebra")];
            builder.Add(tokens, new int[tokens.Length], new int[tokens.Length], corpus.Id(document), corpus.Label(document), corpus.Source(document));
        }
        TopicPage page = TopicReport.Create(model, new() { Corpus = builder.Build(), Threads = 1 }, Cancellation).Page, same = TopicReport.Create(model, new() { Corpus = corpus, Threads = 1 }, Cancellation).Page;
        Assert.Equal(same.Topics.Select(topic => topic.Documents), page.Topics.Select(topic => topic.Documents));
        Assert.All(page.Documents, document => Assert.Equal((21L, 1L, "tokens"), (document.Tokens, document.UnknownTokens, document.TextKind)));
        for (int d = 0; d < page.Documents.Count; d++)
        {
            Assert.Equal(same.Documents[d].Marks, page.Documents[d].Marks);
            Assert.Equal(same.Documents[d].Text + " zebra", page.Documents[d].Text);
        }
    }

    [Fact]
    public void Without_a_corpus_there_are_no_documents_and_with_counts_their_text_is_put_together()
    {
        (TopicModel model, Corpus corpus, _) = Fitted();
        TopicPage bare = TopicReport.Create(model, cancellationToken: Cancellation).Page;
        Assert.Empty(bare.Documents);
        Assert.Null(bare.Trend);
        Assert.All(bare.Topics, topic => Assert.Equal(0, topic.Documents.Length + topic.Correlated.Length));
        var builder = new CorpusBuilder(corpus.Vocabulary);
        builder.Add([(3, 2), (1, 5)]);
        builder.Add([]);
        TopicPage counts = TopicReport.Create(model, new() { Corpus = builder.Build() }, Cancellation).Page;
        Assert.Equal($"{corpus.Vocabulary[1]} (5), {corpus.Vocabulary[3]} (2)", counts.Documents[0].Text);
        Assert.Equal([0, corpus.Vocabulary[1].Length, 6, corpus.Vocabulary[3].Length], new[] { 0, 1, 4, 5 }.Select(i => counts.Documents[0].Marks[i]));
        Assert.Equal(("", 0), (counts.Documents[1].Text, counts.Documents[1].Marks.Length));
    }

    [Fact]
    public void Two_hundred_topics_and_fifty_thousand_documents_of_text_stay_under_fifteen_megabytes()
    {
        var generator = new LdaGenerator(new() { Topics = 200, Terms = 30_000, Length = 60, Seed = 5 });
        (Corpus corpus, LdaDraw draw) = generator.Draw(50_000);
        // Long texts in which every letter is escaped, as of another script.
        string filler = new('ж', 4000);
        IReadOnlyDictionary<int, DocumentText> Text(IReadOnlySet<int> chosen) => chosen.ToDictionary(document => document, document =>
            new DocumentText(string.Concat(Enumerable.Repeat("слово ", 60)) + filler, [.. Enumerable.Range(0, 60).Select(i => new DocumentToken(corpus.Terms(document)[i % corpus.Terms(document).Length], 6 * i, 5))]));
        TopicReport report = TopicReport.Create(generator.Truth(draw), new() { Corpus = corpus, Texts = Text }, Cancellation);
        string path = Path.GetTempFileName();
        try
        {
            report.Save(path);
            Assert.InRange(new FileInfo(path).Length, 3_000_000, 15_000_000);
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Equal(50_000, report.Page.DocumentCount);
        Assert.InRange(report.Page.Documents.Count, DocumentSurvey.SampledDocuments, DocumentSurvey.SampledDocuments + 200 * DocumentSurvey.TopDocuments);
        Assert.All(report.Page.Documents, document => Assert.True(document.IsCut));
    }
}
