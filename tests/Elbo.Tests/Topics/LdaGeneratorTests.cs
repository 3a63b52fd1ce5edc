using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Tests.Files;
using Elbo.Topics;

namespace Elbo.Tests.Topics;

public sealed class LdaGeneratorTests : IDisposable
{
    static readonly LdaGeneratorOptions Small = new() { Topics = 4, Terms = 200, Length = 80, Seed = 3 };

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        LdaDraw draw = new LdaGenerator(Small).Write(_folder["a"], 50, cancellationToken: TestContext.Current.CancellationToken);
        new LdaGenerator(Small).Write(_folder["b"], 50, cancellationToken: TestContext.Current.CancellationToken);
        new LdaGenerator(Small with { Seed = 4 }).Write(_folder["c"], 50, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(_folder["a"]), File.ReadAllBytes(_folder["b"]));
        using Corpus written = CorpusFile.Open(_folder["a"]), other = CorpusFile.Open(_folder["c"]);
        (Corpus drawn, LdaDraw again) = new LdaGenerator(Small).Draw(50);
        Assert.Equal(drawn.Checksum, written.Checksum);
        Assert.Equal(drawn.Properties, written.Properties);
        Assert.Equal(draw.TermTokens, again.TermTokens);
        Assert.NotEqual(written.Checksum, other.Checksum);
    }

    [Fact]
    public void A_number_is_always_the_same_document()
    {
        var generator = new LdaGenerator(Small);
        Corpus many = generator.Draw(30).Corpus, few = generator.Draw(5, first: 20).Corpus, heldOut = generator.Draw(30, LdaGenerator.HeldOut).Corpus;
        for (int document = 0; document < 5; document++) Assert.Equal(Pairs(many, 20 + document), Pairs(few, document));
        for (int document = 0; document < 30; document++) Assert.NotEqual(Pairs(many, document), Pairs(heldOut, document));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(80)]
    [InlineData(1500)]
    public void Documents_have_their_length_on_average_and_one_token_at_least(int length)
    {
        const int Documents = 400;
        (Corpus corpus, LdaDraw draw) = new LdaGenerator(Small with { Length = length }).Draw(Documents);
        int[] lengths = [.. Enumerable.Range(0, Documents).Select(document => corpus.Counts(document).ToArray().Sum())];
        Assert.True(lengths.Min() >= 1);
        // Mean and variance of the Poisson part are both length − 1.
        double deviation = Math.Sqrt((length - 1.0) / Documents);
        Assert.InRange(lengths.Average(), length - 4 * deviation, length + 4 * deviation);
        double variance = lengths.Average(value => Math.Pow(value - lengths.Average(), 2));
        Assert.InRange(variance, 0.7 * (length - 1), 1.4 * (length - 1));
        Assert.Equal((Documents, corpus.EntryCount, corpus.TokenCount), (draw.Documents, draw.EntryCount, draw.TokenCount));
        Assert.Equal(draw.TokenCount, draw.TermTokens.Sum());
        for (int term = 0; term < Small.Terms; term++) Assert.Equal(Occurrences(corpus, term), draw.TermTokens[term]);
    }

    [Fact]
    public void Terms_come_as_often_as_the_topics_of_the_tokens_say()
    {
        var generator = new LdaGenerator(Small);
        LdaDraw draw = generator.Draw(2000).Draw;
        (double statistic, int cells) = ChiSquare(generator.Parameters, draw);
        Assert.InRange(statistic, 0, cells + 5 * Math.Sqrt(2 * cells));
        // The test can fail: it finds the topics of another seed out.
        Assert.True(ChiSquare(new LdaGenerator(Small with { Seed = 4 }).Parameters, draw).Statistic > 100 * cells);
    }

    [Fact]
    public void Two_tokens_of_a_document_agree_as_often_as_alpha_says()
    {
        foreach (double alpha in (double[])[0.02, 0.3, 5])
        {
            var generator = new LdaGenerator(Small with { Alpha = alpha });
            Corpus corpus = generator.Draw(4000).Corpus;
            // Σ_v c_v (c_v − 1) of a document, and N (N − 1): the share of its pairs of tokens that are of one term.
            double[] shares = [.. Enumerable.Range(0, corpus.DocumentCount).Select(document =>
            {
                int[] counts = corpus.Counts(document).ToArray();
                double length = counts.Sum();
                return counts.Sum(count => count * (count - 1.0)) / (length * (length - 1));
            })];
            double mean = shares.Average(), error = Math.Sqrt(shares.Average(share => (share - mean) * (share - mean)) / shares.Length);
            Assert.Equal(Agreement(generator.Parameters, alpha), mean, 5 * error);
            Assert.NotInRange(Agreement(generator.Parameters, alpha * 2), mean - 5 * error, mean + 5 * error);
        }
    }

    [Fact]
    public void Terms_are_named_after_their_likeliest_topic_by_rank()
    {
        var generator = new LdaGenerator(Small);
        for (int topic = 0; topic < Small.Topics; topic++)
        {
            int first = generator.Vocabulary.IndexOf($"t{topic}.1"), second = generator.Vocabulary.IndexOf($"t{topic}.2");
            Assert.True(generator.Parameters.TermProbability(topic, first) > generator.Parameters.TermProbability(topic, second));
            for (int other = 0; other < Small.Topics; other++)
                Assert.True(generator.Parameters.TermProbability(topic, second) >= generator.Parameters.TermProbability(other, second));
        }
    }

    [Fact]
    public void The_truth_is_a_model_like_any_other_but_was_not_fitted()
    {
        var generator = new LdaGenerator(Small);
        (Corpus corpus, LdaDraw draw) = generator.Draw(200);
        Corpus heldOut = generator.Draw(50, LdaGenerator.HeldOut).Corpus;
        TopicModel truth = generator.Truth(draw);
        TopicModelFile.Save(truth, _folder["truth"]);
        TopicModel loaded = TopicModelFile.Load(_folder["truth"]);
        Assert.Equal(truth.Evaluate(heldOut), loaded.Evaluate(heldOut));
        Assert.True(truth.Evaluate(heldOut).All.PerToken > generator.Unigram(draw).Evaluate(heldOut).All.PerToken + 0.3);
        Assert.Equal((StopReason.NotFitted, 200, corpus.TokenCount), (loaded.Record.StopReason, loaded.Record.Documents, loaded.Record.Tokens));
        Assert.Empty(loaded.Trace);
        Assert.True(double.IsNaN(loaded.Bound));
        Assert.Equal(truth.Topics.Select(topic => topic.Prevalence), loaded.Topics.Select(topic => topic.Prevalence));
        Assert.Equal("4", loaded.Record.CorpusProperties["generated.topics"]);
        Assert.Equal(50, loaded.Infer(heldOut).Count());
    }

    [Fact]
    public void A_fit_comes_close_to_the_truth()
    {
        var generator = new LdaGenerator(new LdaGeneratorOptions { Topics = 5, Terms = 250, Length = 150, Seed = 2 });
        (Corpus corpus, LdaDraw draw) = generator.Draw(400);
        Corpus heldOut = generator.Draw(200, LdaGenerator.HeldOut).Corpus;
        TopicModel model = Lda.Fit(corpus, new LdaOptions { Topics = 5, Alpha = generator.Alpha, Eta = generator.Eta, Restarts = 3, ShortIterations = 10, Threads = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        double Score(TopicModel scored) => scored.Evaluate(heldOut).All.PerToken;
        double oracle = Score(generator.Truth(draw)), unigram = Score(generator.Unigram(draw)), fitted = Score(model);
        Assert.InRange(fitted, oracle - 0.05 * (oracle - unigram), oracle + 0.01);
        // Every true topic has a fitted one that shares nearly all of its probability.
        foreach (Topic truth in generator.Truth(draw).Topics)
            Assert.True(model.Topics.Max(topic => Enumerable.Range(0, 250).Sum(term => Math.Min(topic.Probability(term), truth.Probability(term)))) > 0.9);
    }

    [Fact]
    public void One_topic_and_one_term_are_no_special_cases()
    {
        (Corpus corpus, LdaDraw draw) = new LdaGenerator(new LdaGeneratorOptions { Topics = 1, Terms = 1, Length = 3, Seed = 0 }).Draw(4);
        Assert.Equal((4L, corpus.TokenCount), (draw.EntryCount, draw.TopicTokens[0]));
        Assert.Equal(["t0.1"], corpus.Vocabulary);
        Assert.Equal(0, new LdaGenerator(Small).Draw(0).Draw.TokenCount);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        static void Fails(LdaGeneratorOptions options, string message) =>
            Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => new LdaGenerator(options)).Message, StringComparison.Ordinal);
        Fails(Small with { Topics = 0 }, "topics must be 1 or more");
        Fails(Small with { Terms = 0 }, "terms must be 1 or more");
        Fails(Small with { Length = 0 }, "length of documents");
        Fails(Small with { Length = int.MaxValue }, "length of documents");
        Fails(Small with { Alpha = 0 }, "α must be");
        Fails(Small with { Eta = double.NaN }, "η must be");
        Fails(Small with { Topics = 1 << 20, Terms = 1 << 20 }, "more than");
        Assert.Throws<ArgumentOutOfRangeException>(() => new LdaGenerator(Small).Draw(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LdaGenerator(Small).Draw(1, -1));
    }

    [Fact]
    public void Stopped_on_the_way_it_leaves_what_was_there()
    {
        _folder.Write("c", "old");
        using var source = new CancellationTokenSource();
        var generator = new LdaGenerator(Small with { Length = 2000 });
        Assert.Throws<OperationCanceledException>(() => generator.Write(_folder["c"], 10_000, 0, new Progress(tokens => source.Cancel()), source.Token));
        // Also while the parts are put together.
        Assert.Throws<OperationCanceledException>(() => generator.Write(_folder["c"], 10, cancellationToken: source.Token));
        Assert.Equal("old", File.ReadAllText(_folder["c"]));
        Assert.Equal(["c"], _folder.Files);
    }

    static (int, int)[] Pairs(Corpus corpus, int document) => [.. corpus.Terms(document).ToArray().Zip(corpus.Counts(document).ToArray())];

    static long Occurrences(Corpus corpus, int term) =>
        Enumerable.Range(0, corpus.DocumentCount).Sum(document => Pairs(corpus, document).Where(pair => pair.Item1 == term).Sum(pair => (long)pair.Item2));

    /// <summary>Given how many tokens each topic made, a term's expected number is Σ_k n_k β_kv; of terms that are expected five times or more.</summary>
    static (double Statistic, int Cells) ChiSquare(LdaParameters parameters, LdaDraw draw)
    {
        double statistic = 0;
        int cells = 0;
        for (int term = 0; term < parameters.Terms; term++)
        {
            double expected = 0;
            for (int topic = 0; topic < parameters.Topics; topic++) expected += draw.TopicTokens[topic] * parameters.TermProbability(topic, term);
            if (expected < 5) continue;
            statistic += Math.Pow(draw.TermTokens[term] - expected, 2) / expected;
            cells++;
        }
        return (statistic, cells);
    }

    /// <summary>Σ_v Σ_kl E[ϑ_k ϑ_l] β_kv β_lv, with E[ϑ_k ϑ_l] = α (α + [k = l]) / (Kα (Kα + 1)).</summary>
    static double Agreement(LdaParameters parameters, double alpha)
    {
        double sum = 0, total = parameters.Topics * alpha;
        for (int term = 0; term < parameters.Terms; term++)
            for (int k = 0; k < parameters.Topics; k++)
                for (int l = 0; l < parameters.Topics; l++)
                    sum += alpha * (k == l ? alpha + 1 : alpha) / (total * (total + 1)) * parameters.TermProbability(k, term) * parameters.TermProbability(l, term);
        return sum;
    }

    sealed class Progress(Action<long> hear) : IProgress<long>
    {
        public void Report(long value) => hear(value);
    }
}
