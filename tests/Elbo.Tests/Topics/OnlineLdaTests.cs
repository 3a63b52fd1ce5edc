using Elbo.Corpora;
using Elbo.Topics;

namespace Elbo.Tests.Topics;

public sealed class OnlineLdaTests
{
    static LdaOptions Options => new() { Topics = 2, Threads = 1 };

    [Theory]
    [InlineData(TopicEStep.Automatic)]
    [InlineData(TopicEStep.OnlineMeanField)]
    public void A_stream_is_learned_from_batch_by_batch(TopicEStep eStep)
    {
        var vocabulary = Vocabulary.Numbered(40);
        var model = new OnlineLda(vocabulary, Options with { EStep = eStep });
        var scores = new List<double?>();
        Corpus batch = null!;
        for (ulong number = 0; number < 12; number++)
        {
            batch = SmallCorpora.Random(number, documents: 60, terms: 40, tokens: 60);
            OnlineUpdate update = model.Update(batch);
            Assert.Equal((int)number + 1, update.Batch);
            Assert.Equal(60, update.Documents);
            Assert.Equal(3600, update.Tokens);
            Assert.Equal(0, update.UnknownTokens);
            Assert.False(update.HasFallen);
            scores.Add(update.HeldOut);
        }
        Assert.Null(scores[0]);
        Assert.True(scores[^1] > scores[1]);
        // Half of a document tells which half of the vocabulary the rest is of: far better than even odds over 40 terms.
        Assert.InRange(scores[^1]!.Value, -3.5, -3.0);
        TopicModel topics = model.ToModel(batch);
        Assert.Equal(720, topics.Record.Documents);
        Assert.Equal(12 * 3600, topics.Record.Tokens);
        Assert.Equal(12, topics.Passes.Count);
        double[] lower = [.. topics.Topics.Select(topic => Enumerable.Range(0, 20).Sum(topic.Probability))];
        Assert.InRange(Math.Abs(lower[0] - lower[1]), 0.6, 1);
    }

    [Fact]
    public void Unknown_words_are_counted_and_a_stream_that_turns_is_noticed()
    {
        var model = new OnlineLda(Vocabulary.Numbered(40), Options with { Topics = 4 });
        for (ulong number = 0; number < 5; number++) Assert.False(model.Update(SmallCorpora.Random(number, documents: 100, terms: 38, tokens: 60)).HasFallen);
        // Of two terms that were never met.
        var builder = new CorpusBuilder(new Vocabulary(["38", "39", "another"]));
        for (int document = 0; document < 50; document++) builder.Add([(0, 10), (1, 10), (2, 5)]);
        OnlineUpdate update = model.Update(builder.Build());
        Assert.Equal(250, update.UnknownTokens);
        Assert.Equal(1000, update.Tokens);
        Assert.True(update.HasFallen);
    }

    [Fact]
    public void A_long_stream_keeps_the_records_of_its_latest_batches()
    {
        var vocabulary = Vocabulary.Numbered(3);
        var builder = new CorpusBuilder(vocabulary);
        builder.Add([(0, 2), (2, 1)]);
        using Corpus batch = builder.Build();
        var model = new OnlineLda(vocabulary, Options);
        for (int number = 0; number < 1003; number++) model.Update(batch);
        TopicModel topics = model.ToModel(batch);
        Assert.Equal(Enumerable.Range(4, 1000), topics.Passes.Select(pass => pass.Number));
        Assert.Equal(1003, topics.Record.Documents);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        var vocabulary = Vocabulary.Numbered(3);
        Assert.Throws<ArgumentException>(() => new OnlineLda(vocabulary, Options with { EStep = TopicEStep.Collapsed }));
        Assert.Throws<ArgumentException>(() => new OnlineLda(vocabulary, Options with { UpdateAlpha = ConcentrationUpdate.Symmetric }));
        var model = new OnlineLda(vocabulary, Options);
        Assert.Throws<ArgumentException>(() => model.Update(LdaCases.Build(3, [])));
        Assert.Throws<InvalidOperationException>(() => model.ToModel(LdaCases.Build(3, [(0, 1)])));
    }
}
