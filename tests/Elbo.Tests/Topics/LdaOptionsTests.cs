using Elbo.Corpora;
using Elbo.Topics;

namespace Elbo.Tests.Topics;

/// <summary>Bad options and starts: each an error that says what is wrong.</summary>
public sealed class LdaOptionsTests
{
    static readonly Corpus Corpus = LdaCases.Build(3, [(0, 2), (1, 1)], [(2, 3)]);

    public static TheoryData<string, LdaOptions> Bad() => new()
    {
        { "The number of topics must be 1 or more", new() { Topics = 0 } },
        { "The number of topics must be 1 or more", new() { Topics = -3 } },
        { "α must be a number above 0", new() { Alpha = 0 } },
        { "α must be a number above 0", new() { Alpha = double.NaN } },
        { "α must be a number above 0", new() { Alpha = double.PositiveInfinity } },
        { "η must be a number above 0, or null for topics without a prior", new() { Eta = 0 } },
        { "η must be a number above 0, or null for topics without a prior", new() { Eta = double.NaN } },
        { "η cannot be estimated without a prior: give a starting η", new() { Eta = null, UpdateEta = true } },
        { "η cannot be estimated with guided topics", new() { UpdateEta = true, GuidedTopics = [new(0, ["0"])] } },
        { "Guided topics need a prior: give an η", new() { Eta = null, GuidedTopics = [new(0, ["0"])] } },
        { "Topic 2 is guided, but there are 2 topics (0 to 1)", new() { Topics = 2, GuidedTopics = [new(2, ["0"])] } },
        { "Topic 1 is guided towards 'nowhere', which is not in the vocabulary", new() { Topics = 2, GuidedTopics = [new(1, ["0", "nowhere"])] } },
        { "Topic 0 is given the seed term 1 twice", new() { GuidedTopics = [new(0, ["1"]), new(0, ["1"])] } },
        { "counts must be above 0", new() { GuidedTopics = [new(0, ["1"]) { Count = 0 }] } },
        { "At least one start is needed", new() { Restarts = 0 } },
        { "A short run needs at least one iteration", new() { ShortIterations = 0 } },
        { "The number of iterations must be 0 or more", new() { MaximumIterations = -1 } },
        { "The tolerance must be 0 or more", new() { RelativeTolerance = -1e-3 } },
        { "The tolerance must be 0 or more", new() { RelativeTolerance = double.NaN } },
        { "At least one thread is needed", new() { Threads = 0 } },
        { "The document tolerance must be above 0", new() { Document = new() { Tolerance = 0 } } },
        { "MaximumUpdates", new() { Document = new() { MaximumUpdates = 0 } } },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Each_is_refused_by_name(string message, LdaOptions options)
    {
        Exception error = Assert.ThrowsAny<ArgumentException>(() => Lda.Fit(Corpus, options, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, double[]> BadTopics() => new()
    {
        { "The given topics have 5 weights; 3 terms × 2 topics need 6", [1, 1, 1, 1, 1] },
        { "Topic 1 has the weight -1 for term 0; weights must be finite and 0 or more", [1, -1, 1, 1, 1, 1] },
        { "Topic 0 has the weight NaN for term 2; weights must be finite and 0 or more", [1, 1, 1, 1, double.NaN, 1] },
        { "Topic 1 has no weight at all", [1, 0, 1, 0, 1, 0] },
    };

    [Theory]
    [MemberData(nameof(BadTopics))]
    public async Task Given_topics_are_checked(string message, double[] weights)
    {
        foreach (double? eta in new double?[] { null, 0.1 })
        {
            var options = new LdaOptions { Topics = 2, Eta = eta, Threads = 1 };
            var error = await Assert.ThrowsAsync<ArgumentException>(() => Lda.FitFromAsync(Corpus, weights, options, cancellationToken: TestContext.Current.CancellationToken));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Given_topics_that_cannot_explain_a_token_are_refused_by_its_term()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Lda.FitFromAsync(
            Corpus, [1, 1, 1, 1, 0, 0], new LdaOptions { Topics = 2, Eta = null, Threads = 1 }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("Term 2 has the probability 0 in every topic", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_topics_are_where_the_fit_begins()
    {
        double[] weights = [8, 0, 2, 0, 0, 1];
        foreach (double? eta in new double?[] { null, 0.1 })
        {
            var options = new LdaOptions { Topics = 2, Eta = eta, MaximumIterations = 0, Threads = 1 };
            LdaParameters start = (await Lda.FitFromAsync(Corpus, weights, options, cancellationToken: TestContext.Current.CancellationToken)).Parameters;
            // Six tokens, three a topic.
            double[] expected = eta is null ? [0.8, 0, 0.2, 0, 0, 1] : [0.1 + 3 * 0.8, 0.1, 0.1 + 3 * 0.2, 0.1, 0.1, 3.1];
            for (int i = 0; i < 6; i++) Assert.Equal(expected[i], start.TermTopic[i], 1e-12);
            Assert.Equal([8, 0, 2, 0, 0, 1], weights);
        }
    }

    [Theory]
    [InlineData(TopicStart.Random)]
    [InlineData(TopicStart.SampledDocuments)]
    public void Starts_are_drawn_by_seed_and_number(TopicStart kind)
    {
        Corpus corpus = SmallCorpora.Random(seed: 25, documents: 30, terms: 12, tokens: 20);
        foreach (double? eta in new double?[] { null, 0.1 })
        {
            var options = new LdaOptions { Topics = 3, Eta = eta, Start = kind, Seed = 4 };
            LdaParameters first = LdaStarts.Create(corpus, options, 0);
            LdaCases.AssertBits(first.TermTopic, LdaStarts.Create(corpus, options, 0).TermTopic);
            Assert.NotEqual(first.TermTopic.ToArray(), LdaStarts.Create(corpus, options, 1).TermTopic.ToArray());
            Assert.NotEqual(first.TermTopic.ToArray(), LdaStarts.Create(corpus, options with { Seed = 5 }, 0).TermTopic.ToArray());
            Assert.All(first.TermTopic.ToArray(), weight => Assert.True(weight > 0));
            if (eta is null) Assert.All(first.TopicSums.ToArray(), sum => Assert.Equal(1, sum, 1e-12));
        }
    }

    [Fact]
    public void A_table_that_cannot_be_held_is_refused_before_it_is_made()
    {
        Corpus corpus = SmallCorpora.Random(seed: 1, documents: 2, terms: 1000, tokens: 5);
        var error = Assert.Throws<ArgumentException>(() => Lda.Fit(corpus, new LdaOptions { Topics = 3_000_000 }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("1000 terms × 3000000 topics", error.Message, StringComparison.Ordinal);
    }
}
