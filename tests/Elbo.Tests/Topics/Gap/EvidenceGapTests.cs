using Elbo.Corpora;
using Elbo.Topics;
using Elbo.Topics.Gap;

namespace Elbo.Tests.Topics.Gap;

public sealed class EvidenceGapTests
{
    static readonly GapOptions Quick = new() { Chains = 8, Steps = 20, Particles = 8, Threads = 1 };

    static readonly Lazy<(TopicModel Model, Corpus Corpus)> Fitted = new(() =>
    {
        Corpus corpus = SmallCorpora.Random(seed: 5, documents: 24, terms: 16, tokens: 30);
        return (Lda.Fit(corpus, new LdaOptions { Topics = 3, Threads = 1 }), corpus);
    });

    static GapReport Measure(TopicModel model, Corpus corpus, GapOptions options) =>
        EvidenceGap.Measure(model, corpus, options, cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public void Sums_are_those_of_the_documents_and_no_gap_is_below_0_beyond_its_error()
    {
        (TopicModel model, Corpus corpus) = Fitted.Value;
        GapReport report = Measure(model, corpus, Quick with { Chains = 32, Steps = 100, Particles = 32 });
        Assert.Equal(Enumerable.Range(0, 24), report.Documents.Select(document => document.Document));
        foreach (DocumentGap document in report.Documents)
        {
            Assert.Equal(30, document.Tokens);
            foreach (EvidenceEstimate estimate in (EvidenceEstimate[])[document.Annealing!.Value, document.LeftToRight!.Value])
                Assert.True(estimate.LogEvidence - document.Bound >= -4 * estimate.StandardError);
            Assert.Equal(document.Annealing, document.Evidence);
            Assert.Equal(document.Evidence.LogEvidence - document.Bound, document.Gap.Value);
            Assert.True(document.Gap.Lower < document.Gap.Value && document.Gap.Upper - document.Gap.Value > document.Gap.Value - document.Gap.Lower);
        }
        GapTotal total = report.Total!;
        Assert.Equal((24, 720L, 32), (total.Documents, total.Tokens, total.Samples));
        Assert.Equal(report.Documents.Sum(document => document.Bound), total.Bound, 1e-9);
        Assert.Equal(report.Documents.Sum(document => document.Evidence.LogEvidence), total.LogEvidence, 1e-9);
        Assert.Equal(Math.Sqrt(report.Documents.Sum(document => Math.Pow(document.Evidence.StandardError, 2))), total.StandardError, 1e-12);
        Assert.Equal(-0.5 * total.StandardError * total.StandardError, total.Bias, 1e-12);
        Assert.Equal(total, report.Annealing);
        Assert.True(total.Gap.Lower > 0);
        Assert.True(report.Agreement!.Deviation < 4, $"{report.Agreement}");
        Assert.True(report.IsAtMeans);
    }

    [Fact]
    public void The_same_bits_for_any_number_of_threads()
    {
        (TopicModel model, Corpus corpus) = Fitted.Value;
        GapReport one = Measure(model, corpus, Quick);
        foreach (int threads in (int[])[2, 3, 7]) Assert.Equal(one.Documents, Measure(model, corpus, Quick with { Threads = threads }).Documents);
        Assert.NotEqual(one.Documents, Measure(model, corpus, Quick with { Seed = 2 }).Documents);
    }

    [Fact]
    public void Drawn_documents_are_measured_as_they_are_among_all()
    {
        (TopicModel model, Corpus corpus) = Fitted.Value;
        GapReport all = Measure(model, corpus, Quick), some = Measure(model, corpus, Quick with { MaximumDocuments = 5 });
        Assert.Equal((5, 24), (some.Documents.Count, some.CorpusDocuments));
        Assert.Equal(some.Documents.Select(document => all.Documents[document.Document]), some.Documents);
        Assert.Equal(some.Documents.OrderBy(document => document.Document), some.Documents);
        Assert.NotEqual(some.Documents.Select(document => document.Document), Measure(model, corpus, Quick with { MaximumDocuments = 5, Seed = 9 }).Documents.Select(document => document.Document));
    }

    [Fact]
    public void Smoothed_topics_are_taken_at_their_means()
    {
        double[] lambda = [3, 1, 0.5, 2, 1.5, 7];
        var smoothed = new LdaParameters(lambda, [0.4, 0.9], new TopicPrior(0.5));
        var points = new LdaParameters([.. lambda.Select((value, i) => value / (i % 2 == 0 ? 5.0 : 10.0))], [0.4, 0.9], null);
        Corpus corpus = LdaCases.Build(3, [(0, 4), (2, 3)], [(1, 2)]);
        GapReport atMeans = Measure(LdaCases.Model(smoothed, corpus.Vocabulary), corpus, Quick), atPoints = Measure(LdaCases.Model(points, corpus.Vocabulary), corpus, Quick);
        Assert.Equal(atPoints.Documents, atMeans.Documents);
        Assert.Equal((true, false), (atMeans.IsAtMeans, atPoints.IsAtMeans));
    }

    [Fact]
    public void Unknown_and_impossible_tokens_are_left_out_and_counted()
    {
        // Term 2 is possible in no topic, term 3 is not in the model.
        TopicModel model = LdaCases.Model(new LdaParameters([0.25, 0.5, 0.75, 0.5, 0, 0], [0.4, 0.9], null), Vocabulary.Numbered(3));
        GapReport whole = Measure(model, LdaCases.Build(4, [(0, 4), (1, 3), (2, 5), (3, 1)], [(2, 1)], []), Quick);
        GapReport known = Measure(model, LdaCases.Build(3, [(0, 4), (1, 3)], [], []), Quick);
        Assert.Equal(known.Documents, whole.Documents.Select(document => document with { UnknownTokens = 0 }));
        Assert.Equal([6L, 1L, 0L], whole.Documents.Select(document => document.UnknownTokens));
        Assert.Equal((7L, 2), (whole.UnknownTokens, whole.EmptyDocuments));
    }

    [Fact]
    public void An_empty_document_has_no_gap()
    {
        (TopicModel model, _) = Fitted.Value;
        GapReport report = Measure(model, LdaCases.Build(16, [], []), Quick);
        Assert.All(report.Documents, document => Assert.Equal((0.0, 0.0, 0.0, new GapInterval(0, 0, 0)), (document.Bound, document.Evidence.LogEvidence, document.GapPerToken, document.Gap)));
        Assert.Null(report.Agreement);
        Assert.True(double.IsNaN(report.Quantile(document => document.GapPerToken, 0.5)));
        Assert.Null(Measure(model, LdaCases.Build(16), Quick).Total);
    }

    [Fact]
    public void Long_documents_are_left_to_annealing()
    {
        (TopicModel model, _) = Fitted.Value;
        Corpus corpus = LdaCases.Build(16, [(0, 3)], [(1, 20)]);
        GapReport both = Measure(model, corpus, Quick with { MaximumLength = 19 });
        Assert.Equal((2, 1, 1, 0), (both.Annealing!.Documents, both.LeftToRight!.Documents, both.Agreement!.Documents, both.TooLongDocuments));
        GapReport one = Measure(model, corpus, Quick with { MaximumLength = 19, Estimators = EvidenceEstimators.LeftToRight });
        Assert.Equal((1, 1), (one.Documents.Count, one.TooLongDocuments));
        Assert.Null(one.Annealing);
        Assert.Equal(both.Documents[0].LeftToRight, one.Documents[0].Evidence);
        Assert.Null(Measure(model, corpus, Quick with { Estimators = EvidenceEstimators.Annealing }).LeftToRight);
    }

    [Fact]
    public void Progress_is_heard_and_cancellation_obeyed()
    {
        (TopicModel model, Corpus corpus) = Fitted.Value;
        var heard = new Heard();
        EvidenceGap.Measure(model, corpus, Quick, heard, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, 24), heard.Values);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => EvidenceGap.Measure(model, corpus, Quick with { Threads = 2 }, cancellationToken: source.Token));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        (TopicModel model, Corpus corpus) = Fitted.Value;
        foreach (GapOptions bad in (GapOptions[])[Quick with { Chains = 1 }, Quick with { Steps = 0 }, Quick with { Particles = 1 }, Quick with { MaximumLength = -1 }, Quick with { MaximumDocuments = 0 }, Quick with { Threads = 0 }, Quick with { Estimators = 0 }])
            Assert.Throws<ArgumentOutOfRangeException>(() => Measure(model, corpus, bad));
    }

    [Fact]
    [Trait("Category", "SharedData")]
    public void On_short_news_articles_the_estimators_agree()
    {
        Corpus corpus = LdaCFormat.Read(SharedData.Find("data/ap/docs.ldac"), SharedData.Find("data/ap/vocab.txt"));
        TopicModel model = Lda.Fit(corpus, new LdaOptions { Topics = 20, EStep = TopicEStep.OnlineMap }, cancellationToken: TestContext.Current.CancellationToken);
        var builder = new CorpusBuilder(corpus.Vocabulary);
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            int[] terms = corpus.Terms(document).ToArray(), counts = corpus.Counts(document).ToArray();
            if (counts.Sum() <= 100) builder.Add(terms.Zip(counts));
        }
        GapReport report = Measure(model, builder.Build(), new GapOptions { MaximumDocuments = 200, Particles = 256 });
        Assert.True(report.Agreement!.Documents >= 190);
        Assert.InRange(report.Agreement.MedianPerToken, 1e-6, 0.01);
        double annealing = report.Quantile(document => document.Annealing!.Value.LogEvidence / document.Tokens, 0.5);
        Assert.Equal(annealing, report.Quantile(document => document.LeftToRight!.Value.LogEvidence / document.Tokens, 0.5), 0.01);
        Assert.True(report.Total!.Gap.Lower > 0);
        Assert.True(report.Agreement.Deviation < 4, $"{report.Agreement}");
    }

    sealed class Heard : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public void Report(int value) => Values.Add(value);
    }
}
