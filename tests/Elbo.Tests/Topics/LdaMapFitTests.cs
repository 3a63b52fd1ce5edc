using CsCheck;
using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Tests.Topics;

/// <summary>Fits by MAP as a whole: ascent, reproducibility, checkpoints, and the closing mean-field pass.</summary>
public sealed class LdaMapFitTests : IDisposable
{
    static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    readonly string _folder = Directory.CreateTempSubdirectory("elbo").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Schedules() => ["map", "cold", "plsa", "short", "guided"];

    [Fact]
    public void The_objective_never_falls_and_is_the_log_evidence() =>
        LdaCases.Fits.Sample(fit =>
        {
            // Every fourth adds nothing to documents, and what has no prior nothing to topics: pLSA.
            LdaOptions options = fit.Options with { EStep = TopicEStep.Map, UpdateAlpha = ConcentrationUpdate.Fixed, UpdateEta = false, Alpha = fit.Options.Seed % 4 == 0 ? 0 : fit.Options.Alpha };
            TopicModel model = Lda.Fit(fit.Corpus, options, cancellationToken: Token);
            IReadOnlyList<Iteration> trace = [.. model.Trace.SkipLast(1)];
            Assert.Equal(13, trace.Count);
            Assert.All(trace, record => Assert.Equal(("map", Guarantee.Evidence), (record.Segment, record.Guarantee)));
            Assert.All(trace, record => Assert.Equal(0, record.Own.KullbackLeibler!.Value / record.Scale, 1e-9));
            LdaCases.AssertNoFall(trace);
            Assert.Equal(1, model.Record.Prevalence.Sum(), 1e-12);
        }, iter: 300);

    [Fact]
    public async Task The_last_record_is_the_ELBO_of_the_topics_by_mean_field()
    {
        Corpus corpus = SmallCorpora.Random(seed: 31, documents: 30, terms: 12, tokens: 25);
        LdaOptions options = Options("map") with { Alpha = 0.3, Eta = 0.05, Restarts = 1, MaximumIterations = 60, RelativeTolerance = 1e-9 };
        TopicModel model = await Lda.FitAsync(corpus, options, cancellationToken: Token);
        Iteration closing = model.Trace[^1], end = model.Trace[^2];
        Assert.Equal((TopicModel.ClosingSegment, Guarantee.None, Move.Start), (closing.Segment, closing.Guarantee, closing.Move));
        Assert.Equal((end.Number, end.StopReason), (closing.Number, closing.StopReason));
        Assert.Equal(model.Bound, closing.Objective);
        Assert.Null(closing.Own.LogEvidence);

        // λ = η + S: the counts of all tokens, shared between the topics as the mode shares them.
        LdaParameters parameters = model.Parameters;
        Assert.Equal(TopicEstimate.Variational, parameters.Estimate);
        Assert.Equal((0.05, 0.3), (parameters.Prior!.Concentration, parameters.Alpha[0]));
        for (int term = 0; term < 12; term++)
        {
            long count = model.Record.TermCounts[term];
            Assert.Equal(count, parameters.TermTopic.Slice(term * 3, 3).ToArray().Sum() - 3 * 0.05, 1e-9);
        }

        // The same ELBO as a fit of mean field gives these topics where it starts from them.
        var executor = new LocalExecutor<DocumentBatch, LdaParameters, LdaStatistics>(new DocumentShards(corpus), new LdaModel(), new LdaEStep(DocumentStart.Cold, options.Document));
        LocalBound bound = (await executor.ExpectAsync(parameters, Token)).Bound;
        Assert.Equal(bound.ExpectedLogJoint + bound.Entropy + new LdaModel().GlobalBound(parameters), model.Bound);
        Assert.All(model.Infer(corpus), row => Assert.Equal(1, row.Proportions.Sum(), 1e-12));
        Assert.True(double.IsFinite(model.Evaluate(corpus).All.PerToken));
    }

    [Fact]
    public void Plsa_closes_with_points()
    {
        Corpus corpus = SmallCorpora.Random(seed: 32, documents: 30, terms: 12, tokens: 25);
        foreach (double? eta in new double?[] { null, 0 })
        {
            TopicModel model = Lda.Fit(corpus, Options("plsa") with { Eta = eta }, cancellationToken: Token);
            Assert.Equal(TopicEstimate.MaximumLikelihood, model.Parameters.Estimate);
            Assert.Equal(DirichletEstimator.Minimum, model.Parameters.Alpha[0]);
            Assert.All(model.Parameters.TopicSums.ToArray(), sum => Assert.Equal(1, sum, 1e-12));
            Assert.True(double.IsFinite(model.Bound));
        }
    }

    [Fact]
    public async Task It_finds_the_themes_that_documents_were_drawn_from()
    {
        // Two halves of a vocabulary; more passes, more evidence, and the topics are the halves.
        Corpus corpus = SmallCorpora.Random(seed: 33, documents: 60, terms: 20, tokens: 40);
        var options = new LdaOptions { Topics = 2, EStep = TopicEStep.Map, Alpha = 0.1, Eta = 0.1, MaximumIterations = 200, RelativeTolerance = 1e-9, Threads = 1, Restarts = 3 };
        TopicModel model = await Lda.FitAsync(corpus, options, cancellationToken: Token);
        int low = model.Topics[0].Probability(0) > model.Topics[1].Probability(0) ? 0 : 1;
        Assert.All(Enumerable.Range(0, 9), term => Assert.True(model.Topics[low].Probability(term) > model.Topics[1 - low].Probability(term)));
        Assert.All(Enumerable.Range(11, 9), term => Assert.True(model.Topics[low].Probability(term) < model.Topics[1 - low].Probability(term)));
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void The_number_of_threads_changes_no_bit(string schedule)
    {
        Corpus corpus = SmallCorpora.Random(seed: 34, documents: 64, terms: 30, tokens: 4096);
        TopicModel one = Lda.Fit(corpus, Options(schedule), cancellationToken: Token);
        foreach (int threads in new[] { 2, 3, 7 }) LdaCases.AssertBits(one, Lda.Fit(corpus, Options(schedule) with { Threads = threads }, cancellationToken: Token));
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public async Task Every_checkpoint_leads_to_the_same_bits_through_its_file(string schedule)
    {
        Corpus corpus = SmallCorpora.Random(seed: 35, documents: 25, terms: 16, tokens: 20);
        var paths = new List<string>();
        TopicModel whole = Lda.Fit(corpus, Options(schedule), checkpoint: checkpoint =>
        {
            paths.Add(Path.Combine(_folder, $"{paths.Count}.checkpoint"));
            LdaCheckpointFile.Save(checkpoint, paths[^1], new Dictionary<string, string>());
        }, cancellationToken: Token);
        Assert.True(paths.Count >= 4);
        foreach (string path in paths)
        {
            (LdaCheckpoint checkpoint, _) = LdaCheckpointFile.Load(path);
            Assert.Equal(TopicEStep.Map, checkpoint.Options.EStep);
            Assert.Equal(schedule != "cold", checkpoint.LocalState is not null);
            LdaCases.AssertBits(whole, await Lda.ResumeAsync(corpus, checkpoint, cancellationToken: Token));
        }
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void A_model_file_gives_back_the_fit(string schedule)
    {
        Corpus corpus = SmallCorpora.Random(seed: 36, documents: 20, terms: 16, tokens: 20);
        TopicModel model = Lda.Fit(corpus, Options(schedule) with { Precision = Precision.Double }, cancellationToken: Token);
        string path = Path.Combine(_folder, "model.elbo");
        TopicModelFile.Save(model, path);
        TopicModel loaded = TopicModelFile.Load(path);
        LdaCases.AssertBits(model, loaded);
        Assert.Equal((TopicEStep.Map, Precision.Double), (loaded.Record.Options.EStep, loaded.Record.Options.Precision));
        LdaCases.AssertBits(model.Infer(corpus).SelectMany(row => row.Proportions).ToArray(), loaded.Infer(corpus).SelectMany(row => row.Proportions).ToArray());
    }

    [Fact]
    public void Options_from_before_there_was_a_choice_are_of_mean_field()
    {
        var properties = new Dictionary<string, string>();
        LdaOptionsProperties.Write(new LdaOptions { EStep = TopicEStep.Map, Precision = Precision.Double, Alpha = 0, Eta = 0 }, properties);
        LdaOptions options = LdaOptionsProperties.Read(properties);
        Assert.Equal((TopicEStep.Map, (Precision?)Precision.Double, 0.0, (double?)0.0), (options.EStep, options.Precision, options.Alpha, options.Eta));

        LdaOptionsProperties.Write(new LdaOptions(), properties);
        properties.Remove("e_step");
        properties.Remove("precision");
        options = LdaOptionsProperties.Read(properties);
        Assert.Equal((TopicEStep.MeanField, (Precision?)null), (options.EStep, options.Precision));
    }

    [Fact]
    public void Starts_are_chosen_by_the_objective_of_map()
    {
        for (ulong seed = 0; seed < 5; seed++)
        {
            Corpus corpus = SmallCorpora.Random(seed, documents: 12, terms: 12, tokens: 15);
            TopicModel model = Lda.Fit(corpus, Options("map") with { Restarts = 4, Seed = seed }, cancellationToken: Token);
            double[] best = [.. model.Record.Traces.Select(trace => trace.Where(record => record.Segment == "map").Max(record => record.Objective))];
            Assert.Equal(best.Max(), best[model.Record.BestStart]);
            Assert.Single(model.Record.Traces.SelectMany(trace => trace), record => record.Segment == TopicModel.ClosingSegment);
        }
    }

    [Fact]
    public void Kernel_profiles_agree()
    {
        Corpus corpus = SmallCorpora.Random(seed: 37, documents: 40, terms: 40, tokens: 60);
        foreach (double added in new[] { 0, 0.05 })
        {
            LdaParameters[] found = [.. KernelProfiles.Available.Select(profile => Run(profile, added))];
            foreach (LdaParameters other in found)
                for (int i = 0; i < other.TermTopic.Length; i++) Assert.Equal(found[0].TermTopic[i], other.TermTopic[i], 1e-10);
        }

        LdaParameters Run(KernelProfile profile, double added)
        {
            var model = new LdaModel();
            var executor = new LocalExecutor<DocumentBatch, LdaParameters, LdaStatistics>(
                new DocumentShards(corpus, new LdaLocalState(corpus.DocumentCount, 5)), model, new LdaMapEStep(profile: profile));
            LdaParameters parameters = LdaStarts.Create(corpus, new LdaOptions { Topics = 5, EStep = TopicEStep.Map, Alpha = added, Eta = added }, 0);
            for (int pass = 0; pass < 8; pass++)
                parameters = model.Maximize(executor.ExpectAsync(parameters, Token).AsTask().GetAwaiter().GetResult().Statistics, parameters);
            return parameters;
        }
    }

    [Fact]
    public void Odd_corpora_are_fitted()
    {
        Corpus corpus = LdaCases.Build(5, [], [(1, 1)], [(0, 12_000)], [(0, 5000), (1, 1), (2, 6999)], []);
        foreach (double added in new[] { 0, 0.01 })
        {
            TopicModel model = Lda.Fit(corpus, new LdaOptions { Topics = 50, EStep = TopicEStep.Map, Alpha = added, Eta = added, Threads = 1 }, cancellationToken: Token);
            LdaCases.AssertNoFall(model.Trace);
            Assert.All(model.Infer(corpus), row => Assert.Equal(1, row.Proportions.Sum(), 1e-12));
        }
    }

    [Fact]
    public async Task Given_topics_are_where_the_fit_begins()
    {
        Corpus corpus = LdaCases.Build(3, [(0, 2), (1, 1)], [(2, 3)]);
        var options = new LdaOptions { Topics = 2, EStep = TopicEStep.Map, Alpha = 0.1, Eta = null, MaximumIterations = 0, Threads = 1 };
        // Nothing in common: each token has one topic, and the counts are the tokens.
        LdaParameters found = (await Lda.FitFromAsync(corpus, [8, 0, 2, 0, 0, 1], options, cancellationToken: Token)).Parameters;
        double[] expected = [2 / 3.0, 0, 1 / 3.0, 0, 0, 1];
        for (int i = 0; i < 6; i++) Assert.Equal(expected[i], found.TermTopic[i], 1e-12);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Lda.FitFromAsync(corpus, [1, 1, 1, 1, 0, 0], options, cancellationToken: Token));
        Assert.Contains("Term 2 has the probability 0 in every topic", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelled_it_keeps_what_it_has_and_says_so()
    {
        Corpus corpus = SmallCorpora.Random(seed: 38, documents: 20, terms: 16, tokens: 20);
        for (int after = 1; after < 12; after += 3)
        {
            using var source = new CancellationTokenSource();
            int heard = 0;
            TopicModel model = Lda.Fit(corpus, Options("map"), new Listener(() => { if (++heard == after) source.Cancel(); }), cancellationToken: source.Token);
            Assert.Equal(StopReason.Cancelled, model.Record.StopReason);
            Assert.Equal(TopicModel.ClosingSegment, model.Trace[^1].Segment);
            Assert.Equal(model.Bound, model.Trace[^1].Objective);
        }
    }

    public static TheoryData<string, LdaOptions> Bad() => new()
    {
        { "α must be a number of 0 or more", new() { Alpha = -1 } },
        { "η must be a number of 0 or more, or null", new() { Eta = -1 } },
        { "η must be a number of 0 or more, or null", new() { Eta = double.PositiveInfinity } },
        { "MAP holds α and η fixed", new() { UpdateAlpha = ConcentrationUpdate.Symmetric } },
        { "MAP holds α and η fixed", new() { UpdateEta = true } },
        { "Guarded is for mean field", new() { DocumentStart = DocumentStart.Guarded } },
        { "Guided topics need a prior", new() { Eta = 0, GuidedTopics = [new(0, ["0"])] } },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Bad_options_are_refused_by_name(string message, LdaOptions options)
    {
        Exception error = Assert.ThrowsAny<ArgumentException>(() => Lda.Fit(LdaCases.Build(3, [(0, 2)]), options with { EStep = TopicEStep.Map }, cancellationToken: Token));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    static LdaOptions Options(string schedule)
    {
        var options = new LdaOptions { Topics = 3, EStep = TopicEStep.Map, MaximumIterations = 8, RelativeTolerance = 0, Restarts = 2, Threads = 1 };
        return schedule switch
        {
            "map" => options,
            "cold" => options with { DocumentStart = DocumentStart.Cold },
            "plsa" => options with { Alpha = 0, Eta = null },
            "short" => options with { ShortIterations = 3, Restarts = 3 },
            "guided" => options with { GuidedTopics = [new(1, ["3", "4"]) { Count = 5 }] },
            _ => throw new ArgumentException(schedule, nameof(schedule)),
        };
    }

    sealed class Listener(Action hear) : IProgress<LdaProgress>
    {
        public void Report(LdaProgress value) => hear();
    }
}
