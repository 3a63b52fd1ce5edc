using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Topics;
using Elbo.Topics.Sweeps;

namespace Elbo.Tests.Topics.Sweeps;

/// <summary>Fits by the fast E-steps as a whole.</summary>
public sealed class SweepFitTests
{
    static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    public static TheoryData<TopicEStep> ESteps => [TopicEStep.MeanField, TopicEStep.Map, TopicEStep.Collapsed, TopicEStep.OnlineMap, TopicEStep.OnlineMeanField];

    static LdaOptions Options(TopicEStep eStep) => new()
    {
        Topics = 6,
        EStep = eStep,
        Precision = Precision.Single,
        MaximumIterations = 12,
        HeldOutShare = 0.1,
        BatchTokens = 4000,
        Threads = 1,
    };

    [Theory]
    [MemberData(nameof(ESteps))]
    public void The_number_of_threads_changes_no_bit(TopicEStep eStep)
    {
        Corpus corpus = SmallCorpora.Random(seed: 21, documents: 400, terms: 200, tokens: 100);
        TopicModel one = Lda.Fit(corpus, Options(eStep), cancellationToken: Token);
        double[] rows = [.. one.Infer(corpus).SelectMany(row => row.Proportions)];
        foreach (int threads in new[] { 2, 3, 7 })
        {
            TopicModel several = Lda.Fit(corpus, Options(eStep) with { Threads = threads }, cancellationToken: Token);
            LdaCases.AssertBits(one, several);
            Assert.Equal(one.Passes.Select(pass => pass with { Elapsed = default }), several.Passes.Select(pass => pass with { Elapsed = default }));
            LdaCases.AssertBits(rows, [.. several.Infer(corpus, threads).SelectMany(row => row.Proportions)]);
        }
    }

    [Theory]
    [MemberData(nameof(ESteps))]
    public void Passes_are_followed_by_a_closing_bound_and_come_back_from_a_file(TopicEStep eStep)
    {
        Corpus corpus = SmallCorpora.Random(seed: 22, documents: 300, terms: 60, tokens: 80);
        List<LdaProgress> heard = [];
        TopicModel model = Lda.Fit(corpus, Options(eStep), new Hearing(heard), cancellationToken: Token);
        Iteration closing = Assert.Single(model.Trace);
        Assert.Equal("closing mean field", closing.Segment);
        Assert.Equal(Guarantee.None, closing.Guarantee);
        Assert.Equal(model.Bound, closing.Objective);
        Assert.NotEmpty(model.Passes);
        Assert.Equal(model.Passes, heard.Where(news => news.Pass is not null).Select(news => news.Pass));
        Assert.Equal(eStep == TopicEStep.Collapsed, model.Passes[^1].Moved is not null);
        Assert.Equal(eStep is TopicEStep.MeanField or TopicEStep.Map, model.Passes[^1].HeldOut is null);
        Assert.Equal(1, model.Record.Prevalence.Sum(), 1e-9);

        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "m.elbo");
        TopicModelFile.Save(model, path);
        TopicModel loaded = TopicModelFile.Load(path);
        Assert.Equal(model.Passes.Select(pass => pass with { Elapsed = default }), loaded.Passes);
        LdaCases.AssertBits(model, loaded);
        LdaCases.AssertBits([.. model.Infer(corpus).SelectMany(row => row.Proportions)], [.. loaded.Infer(corpus).SelectMany(row => row.Proportions)]);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    /// <summary>The closing bound, in single precision, is the bound of the certified E-step at the same parameters.</summary>
    [Fact]
    public async Task The_closing_bound_is_that_of_double_precision()
    {
        Corpus corpus = SmallCorpora.Random(seed: 23, documents: 300, terms: 60, tokens: 80);
        LdaOptions options = Options(TopicEStep.Collapsed) with { Document = new DocumentOptions { Tolerance = 1e-5, MaximumUpdates = 500 } };
        TopicModel model = Lda.Fit(corpus, options, cancellationToken: Token);
        var executor = new LocalExecutor<DocumentBatch, LdaParameters, LdaStatistics>(new DocumentShards(corpus), new LdaModel(), new LdaEStep(DocumentStart.Cold, options.Document));
        EStepResult<LdaStatistics> certified = await executor.ExpectAsync(model.Parameters, Token);
        // Topics that are negligible in a document are left out of its q, which lowers the bound a little and moves its terms more.
        double bound = certified.Bound.ExpectedLogJoint + certified.Bound.Entropy, closing = model.Trace[^1].Own.ExpectedLogJoint + model.Trace[^1].Own.Entropy;
        Assert.InRange(closing, bound - 5e-4 * Math.Abs(bound), bound + 1e-5 * Math.Abs(bound));
        for (int term = 0; term < 5; term++) Assert.Equal(certified.Bound.Terms[term], model.Trace[^1].Terms[term], 5e-3 * Math.Abs(bound));
        Assert.Equal(new LdaModel().GlobalBound(model.Parameters), model.Trace[^1].Own.GlobalBound);
    }

    /// <summary>Two halves of a vocabulary that hardly share a document: every E-step must tell them apart.</summary>
    [Theory]
    [MemberData(nameof(ESteps))]
    public void Topics_that_are_there_are_found(TopicEStep eStep)
    {
        Corpus corpus = SmallCorpora.Random(seed: 24, documents: 400, terms: 40, tokens: 60);
        TopicModel model = Lda.Fit(corpus, Options(eStep) with { Topics = 2, MaximumIterations = 40 }, cancellationToken: Token);
        double[] lower = [.. model.Topics.Select(topic => Enumerable.Range(0, 20).Sum(topic.Probability))];
        Assert.InRange(Math.Abs(lower[0] - lower[1]), 0.6, 1);
    }

    [Fact]
    public void Concentrations_are_estimated_in_segments_of_their_own()
    {
        Corpus corpus = SmallCorpora.Random(seed: 25, documents: 300, terms: 60, tokens: 80);
        foreach (TopicEStep eStep in (ReadOnlySpan<TopicEStep>)[TopicEStep.Collapsed, TopicEStep.OnlineMap, TopicEStep.Map])
        {
            LdaOptions options = Options(eStep) with { UpdateAlpha = ConcentrationUpdate.Asymmetric, UpdateEta = true, MaximumIterations = 30, MovedTolerance = 0, RelativeTolerance = 0, Eta = 0.05 };
            TopicModel model = Lda.Fit(corpus, options, cancellationToken: Token);
            Assert.True(model.Passes.Select(pass => pass.Segment).Distinct().Count() > 1);
            Assert.NotEqual(options.Alpha, model.Parameters.Alpha[0]);
            Assert.NotEqual(model.Parameters.Alpha[0], model.Parameters.Alpha[1]);
            Assert.NotEqual(options.Eta, model.Parameters.Prior!.Concentration);
        }
    }

    [Fact]
    public void Automatic_is_chosen_from_counts_and_recorded()
    {
        Assert.Equal(TopicEStep.MeanField, TopicEStepChoice.For(100, 10_000, 20).EStep);
        Assert.Equal(TopicEStep.Collapsed, TopicEStepChoice.For(2000, 400_000, 100).EStep);
        Assert.Equal(TopicEStep.OnlineMap, TopicEStepChoice.For(4_000_000, 1_000_000_000, 100).EStep);
        Corpus corpus = SmallCorpora.Random(seed: 26, documents: 50, terms: 20, tokens: 20);
        Assert.Equal(TopicEStep.MeanField, Lda.Fit(corpus, new LdaOptions { Topics = 2, Threads = 1 }, cancellationToken: Token).Record.Options.EStep);
        Assert.Equal(TopicEStep.MeanField, TopicEStepChoice.For(corpus, new LdaOptions { Topics = 1_000_000, Eta = null }).EStep);
    }

    /// <summary>Documents of few tokens for the number of topics keep them: only what is negligible for them is left out.</summary>
    [Fact]
    public async Task Short_documents_keep_their_tokens_among_many_topics()
    {
        Corpus corpus = SmallCorpora.Random(seed: 29, documents: 200, terms: 60, tokens: 5);
        TopicModel model = Lda.Fit(corpus, Options(TopicEStep.Collapsed) with { Topics = 400, MaximumIterations = 4 }, cancellationToken: Token);
        var executor = new LocalExecutor<DocumentBatch, LdaParameters, LdaStatistics>(new DocumentShards(corpus), new LdaModel(), new LdaEStep());
        EStepResult<LdaStatistics> certified = await executor.ExpectAsync(model.Parameters, Token);
        Assert.Equal(certified.Bound.ExpectedLogJoint + certified.Bound.Entropy + new LdaModel().GlobalBound(model.Parameters), model.Bound, 2e-2 * Math.Abs(certified.Bound.ExpectedLogJoint));
        Assert.InRange(model.Bound, -1e9, certified.Bound.ExpectedLogJoint + certified.Bound.Entropy + new LdaModel().GlobalBound(model.Parameters) + 1);
    }

    [Fact]
    public void No_pass_at_all_gives_the_start_a_bound()
    {
        Corpus corpus = SmallCorpora.Random(seed: 30, documents: 30, terms: 20, tokens: 20);
        foreach (TopicEStep eStep in ESteps)
        {
            TopicModel model = Lda.Fit(corpus, Options(eStep) with { MaximumIterations = 0 }, cancellationToken: Token);
            Assert.Empty(model.Passes);
            Assert.True(double.IsFinite(model.Bound));
        }
    }

    [Fact]
    public void Batches_are_even_and_have_every_document_once()
    {
        Corpus corpus = SmallCorpora.Random(seed: 31, documents: 101, terms: 20, tokens: 100);
        int[] all = [.. Enumerable.Range(0, 101)];
        List<int[]> batches = [.. SweepOrder.Batches(corpus, all, 1000, seed: 1, start: 0, pass: 0)];
        Assert.Equal(all, batches.SelectMany(batch => batch).Order());
        Assert.All(batches, batch => Assert.InRange(batch.Length, 5, 15));
        Assert.NotEqual(batches[0], [.. SweepOrder.Batches(corpus, all, 1000, seed: 1, start: 0, pass: 1).First()]);
        Assert.Equal(batches[0], SweepOrder.Batches(corpus, all, 1000, seed: 1, start: 0, pass: 0).First());
    }

    [Fact]
    public void Cancelled_it_keeps_what_it_has()
    {
        Corpus corpus = SmallCorpora.Random(seed: 27, documents: 200, terms: 60, tokens: 80);
        using var source = new CancellationTokenSource();
        TopicModel model = Lda.Fit(corpus, Options(TopicEStep.Collapsed) with { MovedTolerance = 0, MaximumIterations = 1000 },
            new Hearing([], news => { if (news.Pass?.Number == 5) source.Cancel(); }), cancellationToken: source.Token);
        Assert.Equal(StopReason.Cancelled, model.Record.StopReason);
        Assert.Equal(5, model.Passes.Count);
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Lda.Fit(corpus, Options(TopicEStep.Collapsed), cancellationToken: source.Token));
    }

    [Fact]
    public void Options_that_do_not_go_together_are_refused()
    {
        Corpus corpus = SmallCorpora.Random(seed: 28, documents: 20, terms: 10, tokens: 10);
        Refuse(Options(TopicEStep.Collapsed) with { Precision = Precision.Double }, "double precision");
        Refuse(Options(TopicEStep.Collapsed) with { Eta = null }, "needs a prior");
        Refuse(Options(TopicEStep.OnlineMap) with { Eta = 0.01 }, "needs a prior");
        Refuse(Options(TopicEStep.Map) with { Alpha = 0 }, "α above 0");
        Refuse(Options(TopicEStep.OnlineMap) with { ShortIterations = 3 }, "Short runs");
        Refuse(Options(TopicEStep.OnlineMap) with { GuidedTopics = [new GuidedTopic(0, ["0"])] }, "Guided topics");
        Refuse(Options(TopicEStep.MeanField) with { DocumentStart = DocumentStart.Guarded }, "begin cold");
        Refuse(Options(TopicEStep.Collapsed) with { HeldOutShare = 0.6 }, "held-out");
        Refuse(Options(TopicEStep.Collapsed) with { Forgetting = 0.4 }, "Forgetting");
        Assert.Contains("Checkpoints", Assert.Throws<ArgumentException>(() => Lda.Fit(corpus, Options(TopicEStep.Collapsed), checkpoint: _ => { }, cancellationToken: Token)).Message, StringComparison.Ordinal);

        void Refuse(LdaOptions options, string because) =>
            Assert.Contains(because, Assert.ThrowsAny<ArgumentException>(() => Lda.Fit(corpus, options, cancellationToken: Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_and_odd_documents_are_no_trouble()
    {
        // Fewer documents than topics, empty ones, one token, many of the same.
        Corpus corpus = LdaCases.Build(4, [], [(0, 1)], [(3, 12_000)], [(0, 2), (1, 1), (2, 5)]);
        foreach (TopicEStep eStep in ESteps)
        {
            TopicModel model = Lda.Fit(corpus, Options(eStep) with { Topics = 7 }, cancellationToken: Token);
            Assert.True(double.IsFinite(model.Bound));
            Assert.All(model.Parameters.TermTopic.ToArray(), value => Assert.True(double.IsFinite(value) && value > 0));
            Assert.Equal(4, model.Infer(corpus).Count());
        }
    }

    sealed class Hearing(List<LdaProgress> heard, Action<LdaProgress>? also = null) : IProgress<LdaProgress>
    {
        public void Report(LdaProgress value)
        {
            heard.Add(value);
            also?.Invoke(value);
        }
    }
}
