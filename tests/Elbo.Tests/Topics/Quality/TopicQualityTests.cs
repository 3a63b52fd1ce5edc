using Elbo.Corpora;
using Elbo.Topics;
using Elbo.Topics.Quality;

namespace Elbo.Tests.Topics.Quality;

public sealed class TopicQualityTests
{
    static readonly TopicModel Model = HandMadeModel.Of([0.5, 0.3, 0.2, 0], [0.5, 0.1, 0, 0.4]);

    [Fact]
    public void Exclusivity_is_a_topic_s_share_of_a_term()
    {
        var exclusivity = new TopicExclusivity(Model);
        Assert.Equal([0.5, 0.3 / 0.4, 1, 0], exclusivity.Of(0));
        Assert.Equal([0.5, 0.1 / 0.4, 0, 1], exclusivity.Of(1));
        Assert.Equal([0, 1], new TopicExclusivity(HandMadeModel.Of([0, 1.0])).Of(0));
    }

    [Fact]
    public void Frex_by_hand()
    {
        // Topic 0: ranks of frequency a 4/4, b 3/4, c 2/4, d 1/4; of exclusivity c 4/4, b 3/4, a 2/4, d 1/4.
        double[] expected = [1 / (0.5 / 0.5 + 0.5 / 1), 0.75, 1 / (0.5 / 1 + 0.5 / 0.5), 0.25];
        double[] found = new TopicExclusivity(Model).Frex(0);
        for (int term = 0; term < 4; term++) Assert.Equal(expected[term], found[term], 1e-15);
        Assert.Equal(["b", "a", "c"], new TopicExclusivity(Model).TopTerms(0, 3).Select(term => term.Term));
        // All weight on one of the two leaves its ranks.
        Assert.Equal([1, 0.75, 0.5, 0.25], new TopicExclusivity(Model, weight: 0).Frex(0));
        Assert.Equal([0.5, 0.75, 1, 0.25], new TopicExclusivity(Model, weight: 1).Frex(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopicExclusivity(Model, weight: 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopicExclusivity(Model, weight: double.NaN));
    }

    [Fact]
    public void Equal_values_have_equal_ranks()
    {
        double[] frex = new TopicExclusivity(HandMadeModel.Of([0.25, 0.25, 0.25, 0.25], [0.25, 0.25, 0.25, 0.25])).Frex(1);
        Assert.All(frex, value => Assert.Equal(1, value, 1e-15));
    }

    [Fact]
    public void A_model_by_hand()
    {
        ModelQuality quality = ModelQuality.Of(HandMadeModel.Of(new Vocabulary(["a", "b", "c", "d"]), [[0.5, 0.3, 0.2, 0], [0.5, 0.1, 0, 0.4]], [0.5, 0.5]), options: new CoherenceOptions { Terms = 2 });
        // Top terms a b, and a d.
        Assert.Equal((0.5 + 0.75) / 2, quality.Topics[0].Exclusivity, 1e-15);
        Assert.Equal((0.5 + 1.0) / 2, quality.Topics[1].Exclusivity, 1e-15);
        Assert.Equal((2.0 / 3 + 0.75) / 2, quality.Topics[0].Frex, 1e-15);
        Assert.Equal(Math.Exp(-0.5 * Math.Log(0.5) - 0.3 * Math.Log(0.3) - 0.2 * Math.Log(0.2)), quality.Topics[0].EffectiveTerms, 1e-12);
        Assert.Equal((1, 0), (quality.Topics[0].Nearest, quality.Topics[1].Nearest));
        Assert.Equal(0.6, quality.Topics[0].NearestOverlap, 1e-15);
        // All four terms are among the 25 most probable of both.
        Assert.Equal(4.0 / 8, quality.Diversity);
        Assert.Equal(2, quality.EffectiveTopics, 1e-12);
        Assert.All(quality.Topics, topic => Assert.Equal((null, null, null, null, null), (topic.UMass, topic.Uci, topic.Npmi, topic.Cv, topic.UnseenTerms)));
    }

    [Fact]
    public void Diversity_is_the_share_of_distinct_terms_among_25_of_each_topic()
    {
        // 30 terms: topic 0 likes the first 25, topic 1 the last 25, and 20 are in both lists.
        double[] first = [.. Enumerable.Range(0, 30).Select(term => term < 25 ? 0.04 : 0)], second = [.. Enumerable.Range(0, 30).Select(term => term >= 5 ? 0.04 : 0)];
        TopicModel model = HandMadeModel.Of(Vocabulary.Numbered(30), [first, second]);
        Assert.Equal(30.0 / 50, ModelQuality.Of(model).Diversity);
        Assert.Equal(25, ModelQuality.Of(model).Topics[0].EffectiveTerms, 1e-9);
    }

    [Fact]
    public void Effective_topics_and_a_model_of_one()
    {
        double[][] topics = [[1, 0], [0, 1], [0.5, 0.5]];
        ModelQuality quality = ModelQuality.Of(HandMadeModel.Of(new Vocabulary(["a", "b"]), topics, [0.75, 0.25, 0]));
        Assert.Equal(Math.Exp(-0.75 * Math.Log(0.75) - 0.25 * Math.Log(0.25)), quality.EffectiveTopics, 1e-12);
        ModelQuality one = ModelQuality.Of(HandMadeModel.Of([0.5, 0.5]));
        Assert.Null(one.Topics[0].Nearest);
        Assert.Equal(1, one.Topics[0].Exclusivity);
        Assert.Equal(1, one.EffectiveTopics, 1e-12);
    }

    [Fact]
    public void Coherence_comes_with_documents_and_says_how_many_terms_they_lack()
    {
        Corpus texts = SmallCorpora.OfTexts(["a b d", "b d", "d a"]);
        var options = new CoherenceOptions { Terms = 3 };
        ModelQuality quality = ModelQuality.Of(Model, texts, options);
        for (int topic = 0; topic < 2; topic++)
        {
            Assert.Equal(TopicCoherence.Of(CoherenceMeasure.UMass, Model, texts, options)[topic], quality.Topics[topic].UMass);
            Assert.Equal(TopicCoherence.Of(CoherenceMeasure.Uci, Model, texts, options)[topic], quality.Topics[topic].Uci);
            Assert.Equal(TopicCoherence.Of(CoherenceMeasure.Npmi, Model, texts, options)[topic], quality.Topics[topic].Npmi);
            Assert.Equal(TopicCoherence.Of(CoherenceMeasure.Cv, Model, texts, options)[topic], quality.Topics[topic].Cv);
        }
        Assert.Equal([1, 0], quality.Topics.Select(topic => topic.UnseenTerms!.Value));

        var builder = new CorpusBuilder(texts.Vocabulary);
        builder.AddBag([0, 1]);
        ModelQuality counts = ModelQuality.Of(Model, builder.Build(), options);
        Assert.NotNull(counts.Topics[0].UMass);
        Assert.Null(counts.Topics[0].Npmi);
    }
}
