using Elbo.Corpora;
using Elbo.Numerics;
using Elbo.Topics;
using Elbo.Topics.Quality;

namespace Elbo.Tests.Topics.Quality;

public sealed class TopicMatchingTests
{
    [Fact]
    public void Overlap_is_the_probability_that_two_topics_share()
    {
        TopicModel first = HandMadeModel.Of([0.5, 0.3, 0.2, 0], [0, 0, 0, 1]);
        TopicModel second = HandMadeModel.Of([0.2, 0.2, 0.4, 0.2]);
        Assert.Equal(0.2 + 0.2 + 0.2, TopicMatching.Overlap(first.Topics[0], second.Topics[0]), 1e-15);
        Assert.Equal(0.2, TopicMatching.Overlap(first.Topics[1], second.Topics[0]), 1e-15);
        Assert.Equal(0, TopicMatching.Overlap(first.Topics[0], first.Topics[1]));
        Assert.Equal(1, TopicMatching.Overlap(first.Topics[0], first.Topics[0]), 1e-15);
    }

    [Fact]
    public void Terms_are_matched_by_name()
    {
        TopicModel first = HandMadeModel.Of(new Vocabulary(["x", "y", "z"]), [[0.6, 0.3, 0.1]]);
        TopicModel second = HandMadeModel.Of(new Vocabulary(["w", "z", "x"]), [[0.3, 0.2, 0.5]]);
        Assert.Equal(0.5 + 0.1, TopicMatching.Overlap(first.Topics[0], second.Topics[0]), 1e-15);
        Assert.Equal(0.5 + 0.1, TopicMatching.Overlap(second.Topics[0], first.Topics[0]), 1e-15);
    }

    [Fact]
    public void Permuted_topics_find_each_other()
    {
        double[][] topics = HandMadeModel.Draw(2, 12, 60);
        int[] order = [.. Enumerable.Range(0, 12)];
        new Philox(9).Shuffle<int>(order);
        TopicModel first = HandMadeModel.Of(Vocabulary.Numbered(60), topics), second = HandMadeModel.Of(Vocabulary.Numbered(60), [.. order.Select(topic => topics[topic])]);
        IReadOnlyList<TopicPair> pairs = TopicMatching.Match(second, first, threads: 3);
        Assert.Equal(order, pairs.Select(pair => pair.Second));
        Assert.All(pairs, pair => Assert.Equal(1, pair.Overlap, 1e-12));
        Assert.Equal(1, TopicStability.Between([first, second]).Overlap, 1e-12);
        Assert.Equal(1, TopicStability.Between([first, second]).TermJaccard);
    }

    [Fact]
    public void Of_the_larger_model_topics_are_left_over()
    {
        double[][] topics = HandMadeModel.Draw(3, 5, 40);
        TopicModel five = HandMadeModel.Of(Vocabulary.Numbered(40), topics), two = HandMadeModel.Of(Vocabulary.Numbered(40), [topics[4], topics[1]]);
        Assert.Equal([(1, 1), (4, 0)], TopicMatching.Match(five, two).Select(pair => (pair.First, pair.Second)));
        Assert.Equal([(0, 4), (1, 1)], TopicMatching.Match(two, five).Select(pair => (pair.First, pair.Second)));
    }

    [Fact]
    public void Stability_is_the_mean_over_pairs_of_fits_and_their_topics()
    {
        TopicModel first = HandMadeModel.Of([1, 0, 0, 0], [0, 0, 1, 0]);
        TopicModel second = HandMadeModel.Of([0, 0, 0.5, 0.5], [0.75, 0.25, 0, 0]);
        TopicModel third = HandMadeModel.Of([1, 0, 0, 0], [0, 0, 1, 0]);
        // first–second: 0.75 and 0.5; first–third: 1 and 1; second–third: 0.5 and 0.75.
        TopicStability stability = TopicStability.Between([first, second, third], of: 0, terms: 1);
        Assert.Equal((0.75 + 0.5 + 1 + 1 + 0.5 + 0.75) / 6, stability.Overlap, 1e-15);
        Assert.Equal([(0.75 + 1) / 2, (0.5 + 1) / 2], stability.Topics);
        Assert.Equal([0.5, 0.75], TopicStability.Between([first, second, third], of: 1).Topics);
        Assert.Equal(1, stability.TermJaccard);
    }

    [Fact]
    public void Jaccard_is_of_the_most_probable_terms()
    {
        TopicModel first = HandMadeModel.Of([0.5, 0.4, 0.1, 0, 0]), second = HandMadeModel.Of([0.4, 0.1, 0.5, 0, 0]);
        // {a, b} and {a, c}: one in both, three in either.
        Assert.Equal(1.0 / 3, TopicStability.Between([first, second], terms: 2).TermJaccard, 1e-15);
        Assert.Equal(1, TopicStability.Between([first, second], terms: 3).TermJaccard);
    }

    [Fact]
    public void The_same_fit_twice_agrees_with_itself_and_threads_do_not_change_how_others_do()
    {
        Corpus corpus = SmallCorpora.Random(8, 60, 30, 40);
        TopicModel[] fits = [.. new ulong[] { 1, 1, 2, 3 }.Select(seed => Lda.Fit(corpus, new LdaOptions { Topics = 4, Seed = seed, MaximumIterations = 10 }, cancellationToken: TestContext.Current.CancellationToken))];
        Assert.Equal(1, TopicStability.Between([fits[0], fits[1]]).Overlap, 1e-12);
        TopicStability others = TopicStability.Between([fits[0], fits[2], fits[3]], threads: 1);
        Assert.InRange(others.Overlap, 0.1, 0.999);
        TopicStability again = TopicStability.Between([fits[0], fits[2], fits[3]], threads: 4);
        Assert.Equal((others.Overlap, others.TermJaccard), (again.Overlap, again.TermJaccard));
        Assert.Equal(others.Topics, again.Topics);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        TopicModel one = HandMadeModel.Of([0.5, 0.5]), two = HandMadeModel.Of([0.5, 0.5], [1, 0]);
        Assert.Contains("two fits or more", Assert.Throws<ArgumentException>(() => TopicStability.Between([one])).Message, StringComparison.Ordinal);
        Assert.Contains("One fit has 1 topics and another 2", Assert.Throws<ArgumentException>(() => TopicStability.Between([one, two])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => TopicStability.Between([one, one], of: 2));
    }
}
