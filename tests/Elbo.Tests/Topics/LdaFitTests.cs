using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Tests.Topics;

/// <summary>Fits as a whole: reproducibility, checkpoints, restarts, odd corpora, priors.</summary>
public sealed class LdaFitTests
{
    static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    public static TheoryData<string> Schedules() => ["default", "cold", "warm", "guarded", "short cold", "short guarded", "points", "estimated"];

    [Theory]
    [InlineData("default")]
    [InlineData("points")]
    [InlineData("estimated")]
    public void The_number_of_threads_changes_no_bit(string schedule)
    {
        // Eight shards of documents, each of which is a few entries of high counts.
        Corpus corpus = SmallCorpora.Random(seed: 11, documents: 64, terms: 30, tokens: 4096);
        Assert.Equal(8, new DocumentShards(corpus).Count);
        LdaOptions options = Options(schedule) with { Topics = 4, MaximumIterations = 8 };
        TopicModel one = Lda.Fit(corpus, options, cancellationToken: Token);
        Assert.Equal(["cold", "guarded"], one.Trace.Select(record => record.Segment).Distinct());
        double[] rows = [.. one.Infer(corpus).SelectMany(row => row.Proportions)];
        CompletionScore score = one.Evaluate(corpus);
        foreach (int threads in new[] { 2, 3, 7 })
        {
            TopicModel several = Lda.Fit(corpus, options with { Threads = threads }, cancellationToken: Token);
            LdaCases.AssertBits(one, several);
            LdaCases.AssertBits(rows, [.. several.Infer(corpus, threads).SelectMany(row => row.Proportions)]);
            Assert.Equal(score, several.Evaluate(corpus, threads: threads));
        }
    }

    [Fact]
    public void A_seed_gives_the_same_bits_again_and_another_seed_others()
    {
        Corpus corpus = SmallCorpora.Random(seed: 12, documents: 20, terms: 16, tokens: 30);
        LdaOptions options = Options("default") with { Seed = 0 };
        TopicModel model = Lda.Fit(corpus, options, cancellationToken: Token);
        LdaCases.AssertBits(model, Lda.Fit(corpus, options, cancellationToken: Token));
        Assert.NotEqual(model.Bound, Lda.Fit(corpus, options with { Seed = 1 }, cancellationToken: Token).Bound);
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public async Task Every_checkpoint_leads_to_the_same_bits(string schedule)
    {
        Corpus corpus = SmallCorpora.Random(seed: 13, documents: 25, terms: 16, tokens: 20);
        List<LdaCheckpoint> checkpoints = [];
        TopicModel whole = Lda.Fit(corpus, Options(schedule), checkpoint: checkpoint => checkpoints.Add(checkpoint with
        {
            // The fit goes on to use this memory.
            LocalState = checkpoint.LocalState is { } local ? LdaLocalState.FromTensors(TensorSet.Of(local)) : null,
        }), cancellationToken: Token);
        Assert.True(checkpoints.Count >= 4);
        Assert.Equal(schedule.StartsWith("short", StringComparison.Ordinal), checkpoints.Any(checkpoint => checkpoint.Continuing));
        Assert.True(checkpoints.Select(checkpoint => checkpoint.Start).Distinct().Count() > 1);
        foreach (LdaCheckpoint checkpoint in checkpoints)
        {
            // Going on uses the memory too, and a checkpoint must serve again.
            LdaCheckpoint copy = checkpoint with { LocalState = checkpoint.LocalState is { } local ? LdaLocalState.FromTensors(TensorSet.Of(local)) : null };
            LdaCases.AssertBits(whole, await Lda.ResumeAsync(corpus, copy, cancellationToken: Token));
        }
    }

    [Fact]
    public async Task A_checkpoint_is_for_its_corpus()
    {
        Corpus corpus = SmallCorpora.Random(seed: 14, documents: 5, terms: 8, tokens: 10), other = SmallCorpora.Random(seed: 15, documents: 5, terms: 8, tokens: 10);
        LdaCheckpoint? checkpoint = null;
        Lda.Fit(corpus, Options("cold"), checkpoint: seen => checkpoint = seen, cancellationToken: Token);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => Lda.ResumeAsync(other, checkpoint!, cancellationToken: Token));
        Assert.Contains("The corpus is not the one that the checkpoint was written for", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Restarts_report_the_best_bound(string schedule)
    {
        for (ulong seed = 0; seed < 5; seed++)
        {
            Corpus corpus = SmallCorpora.Random(seed, documents: 12, terms: 12, tokens: 15);
            TopicModel model = Lda.Fit(corpus, Options(schedule) with { Restarts = 4, Seed = seed }, cancellationToken: Token);
            Assert.Equal(4, model.Record.Traces.Count);
            Assert.Equal(model.Record.Traces.Max(trace => trace.Max(record => record.Objective)), model.Bound);
            Assert.Contains(model.Record.Traces[model.Record.BestStart], record => record.Objective == model.Bound);
            Assert.Equal(4, model.Record.Traces.Select(trace => trace[0].Objective).Distinct().Count());
        }
    }

    [Fact]
    public void Kernel_profiles_agree()
    {
        Corpus corpus = SmallCorpora.Random(seed: 16, documents: 40, terms: 40, tokens: 60);
        foreach (double? eta in new double?[] { null, 0.05 })
        {
            LdaParameters? expected = null;
            foreach (KernelProfile profile in KernelProfiles.Available)
            {
                LdaParameters found = Run(profile, eta);
                expected ??= found;
                for (int i = 0; i < found.TermTopic.Length; i++) Assert.Equal(expected.TermTopic[i], found.TermTopic[i], 1e-10 * Math.Max(1, expected.TermTopic[i]));
                for (int k = 0; k < found.Topics; k++) Assert.Equal(1, found.Alpha[k] / expected.Alpha[k], 1e-10);
            }
        }

        LdaParameters Run(KernelProfile profile, double? eta)
        {
            var options = new LdaOptions { Topics = 5, Eta = eta, UpdateAlpha = ConcentrationUpdate.Symmetric };
            var model = new LdaModel(options.UpdateAlpha);
            var local = new LdaLocalState(corpus.DocumentCount, 5);
            var executor = new LocalExecutor<DocumentBatch, LdaParameters, LdaStatistics>(
                new DocumentShards(corpus, local), model, new LdaEStep(DocumentStart.Guarded, options.Document, profile));
            LdaParameters parameters = LdaStarts.Create(corpus, options, 0);
            for (int pass = 0; pass < 8; pass++)
                parameters = model.Maximize(executor.ExpectAsync(parameters, Token).AsTask().GetAwaiter().GetResult().Statistics, parameters);
            return parameters;
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.01)]
    public void Odd_corpora_are_fitted(double? eta)
    {
        // Nothing, one token, 12,000 tokens; more topics than documents, terms or even kinds of tokens.
        Corpus corpus = LdaCases.Build(5, [], [(1, 1)], [(0, 12_000)], [(0, 5000), (1, 1), (2, 6999)], []);
        foreach (ConcentrationUpdate update in Enum.GetValues<ConcentrationUpdate>())
        {
            TopicModel model = Lda.Fit(corpus, new LdaOptions { Topics = 50, Eta = eta, UpdateAlpha = update, Threads = 1 }, cancellationToken: Token);
            DocumentTopics[] rows = [.. model.Infer(corpus)];
            Assert.Equal([0L, 1, 12_000, 12_000, 0], rows.Select(row => row.Tokens));
            Assert.Equal(0, rows[0].UnknownShare);
            Assert.All(rows, row => Assert.Equal(1, row.Proportions.Sum(), 1e-12));
            Assert.All(rows, row => Assert.All(row.Proportions, share => Assert.True(share > 0)));
            // An empty document says nothing: E[ϑ] is that of the prior.
            double total = 0;
            foreach (double alpha in model.Parameters.Alpha) total += alpha;
            for (int topic = 0; topic < 50; topic++) Assert.Equal(model.Parameters.Alpha[topic] / total, rows[4].Proportions[topic], 1e-12);
            foreach (Topic topic in model.Topics) Assert.Equal(1, Enumerable.Range(0, 5).Sum(topic.Probability), 1e-9);
            LdaCases.AssertNoFall(model.Trace);
        }
    }

    [Fact]
    public void A_corpus_without_tokens_is_refused() =>
        Assert.Contains("Every document of the corpus is empty", Assert.Throws<ArgumentException>(() => Lda.Fit(LdaCases.Build(3, [], []), cancellationToken: Token)).Message, StringComparison.Ordinal);

    [Fact]
    public void Unknown_terms_are_counted_and_say_nothing()
    {
        Corpus corpus = SmallCorpora.Random(seed: 17, documents: 20, terms: 10, tokens: 20);
        TopicModel model = Lda.Fit(corpus, Options("default"), cancellationToken: Token);
        var builder = new CorpusBuilder(new Vocabulary(["unheard", "3", "0", "never"]));
        builder.Add([(0, 5), (1, 2), (2, 1)]);
        builder.Add([(0, 1), (3, 2)]);
        builder.Add([(1, 2), (2, 1)]);
        DocumentTopics[] rows = [.. model.Infer(builder.Build())];
        Assert.Equal([(8L, 5L), (3L, 3L), (3L, 0L)], rows.Select(row => (row.Tokens, row.UnknownTokens)));
        Assert.Equal(5.0 / 8, rows[0].UnknownShare);
        LdaCases.AssertBits(rows[2].Proportions, rows[0].Proportions);
        LdaCases.AssertBits(model.Infer([(3, 2), (0, 1)]).Proportions, rows[0].Proportions);
        LdaCases.AssertBits(model.Infer([]).Proportions, rows[1].Proportions);
        Assert.Equal((7L, 4L), model.Infer([(3, 3)], unknownTokens: 4) is var one ? (one.Tokens, one.UnknownTokens) : default);
    }

    [Fact]
    public void Terms_that_are_impossible_in_every_topic_are_unknown()
    {
        TopicModel model = LdaCases.Model(new LdaParameters([0.5, 0.25, 0.5, 0.75, 0, 0], [1, 1], null), Vocabulary.Numbered(3));
        DocumentTopics row = model.Infer([(0, 1), (2, 6)]);
        Assert.Equal((7L, 6L), (row.Tokens, row.UnknownTokens));
        LdaCases.AssertBits(model.Infer([(0, 1)]).Proportions, row.Proportions);
    }

    [Fact]
    public void Guided_topics_pull_their_terms()
    {
        for (ulong seed = 0; seed < 8; seed++)
        {
            Corpus corpus = SmallCorpora.Random(seed, documents: 40, terms: 20, tokens: 30);
            // The halves of the vocabulary are its two themes; which topic gets which is up to the guide. (From sampled documents the start may overrule
            // so light a guide.)
            int low = (int)(seed % 2);
            TopicModel model = Lda.Fit(corpus, Options("default") with { Topics = 2, Restarts = 1, Seed = seed, Start = TopicStart.Random, GuidedTopics = [new(low, ["0", "1"]) { Count = 5 }, new(1 - low, ["18", "19"]) { Count = 5 }] }, cancellationToken: Token);
            Assert.All(Enumerable.Range(0, 8), term => Assert.True(model.Topics[low].Probability(term) > model.Topics[1 - low].Probability(term)));
            Assert.All(Enumerable.Range(12, 8), term => Assert.True(model.Topics[low].Probability(term) < model.Topics[1 - low].Probability(term)));
            LdaCases.AssertNoFall(model.Trace);
        }
    }

    [Fact]
    public void Estimating_eta_and_alpha_raises_the_bound()
    {
        Corpus corpus = SmallCorpora.Random(seed: 18, documents: 60, terms: 20, tokens: 30);
        LdaOptions options = Options("guarded") with { Restarts = 1, Eta = 1, Alpha = 1, MaximumIterations = 40 };
        double fixedBound = Lda.Fit(corpus, options, cancellationToken: Token).Bound;
        TopicModel eta = Lda.Fit(corpus, options with { UpdateEta = true }, cancellationToken: Token);
        TopicModel alpha = Lda.Fit(corpus, options with { UpdateAlpha = ConcentrationUpdate.Symmetric }, cancellationToken: Token);
        Assert.True(eta.Bound > fixedBound + 10);
        Assert.True(alpha.Bound > fixedBound + 10);
        Assert.NotEqual(1, eta.Parameters.Prior!.Concentration);
        Assert.Equal(1, eta.Parameters.Alpha[0]);
        Assert.Equal(1, alpha.Parameters.Prior!.Concentration);
    }

    [Fact]
    public void Cancelled_it_keeps_what_it_has_and_says_so()
    {
        Corpus corpus = SmallCorpora.Random(seed: 19, documents: 20, terms: 16, tokens: 20);
        List<LdaProgress> whole = Progress(corpus, int.MaxValue, out _);
        for (int after = 1; after < whole.Count; after++)
        {
            Progress(corpus, after, out TopicModel? model);
            // Between two starts it ends the series, and no run was cut.
            if (model!.Record.Traces.Count == whole.Max(news => news.Start) + 1) Assert.Equal(StopReason.Cancelled, model.Record.Traces[^1][^1].StopReason);
            Assert.Equal(model.Record.Traces.Max(trace => trace.Max(record => record.Objective)), model.Bound);
        }

        static List<LdaProgress> Progress(Corpus corpus, int cancelAfter, out TopicModel model)
        {
            using var source = new CancellationTokenSource();
            var seen = new Recorder { OnReport = count => { if (count == cancelAfter) source.Cancel(); } };
            model = Lda.Fit(corpus, Options("default"), seen, cancellationToken: source.Token);
            return seen.News;
        }
    }

    sealed class Recorder : IProgress<LdaProgress>
    {
        public List<LdaProgress> News { get; } = [];

        public required Action<int> OnReport { get; init; }

        public void Report(LdaProgress value)
        {
            News.Add(value);
            OnReport(News.Count);
        }
    }

    static LdaOptions Options(string schedule)
    {
        var options = new LdaOptions { Topics = 3, MaximumIterations = 10, RelativeTolerance = 1e-7, Restarts = 2, Threads = 1 };
        return schedule switch
        {
            "default" => options,
            "cold" => options with { DocumentStart = DocumentStart.Cold },
            "warm" => options with { DocumentStart = DocumentStart.Warm },
            "guarded" => options with { DocumentStart = DocumentStart.Guarded },
            "short cold" => options with { ShortIterations = 3, Restarts = 3 },
            "short guarded" => options with { ShortIterations = 3, Restarts = 3, DocumentStart = DocumentStart.Guarded },
            "points" => options with { Eta = null, Start = TopicStart.SampledDocuments },
            "estimated" => options with { UpdateEta = true, UpdateAlpha = ConcentrationUpdate.Asymmetric },
            _ => throw new ArgumentException(schedule, nameof(schedule)),
        };
    }
}
