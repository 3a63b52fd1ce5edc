using Elbo.Numerics;
using Elbo.Reports.Topics;
using Elbo.Topics;

namespace Elbo.Reports.Tests.Topics;

public sealed class RelevanceTests
{
    [Theory]
    [InlineData(400, 0.05)]
    [InlineData(90, 1)]
    [InlineData(20, 1)]
    public void Terms_are_those_of_the_formula_for_every_place_of_the_slider(int terms, double concentration)
    {
        double[][] topics = TopicCases.Topics(3, 3, terms, concentration);
        // A term that was never seen, and one that a topic lacks.
        topics[1][4] += topics[1][5];
        topics[1][5] = 0;
        var random = new Philox(8);
        double[] shares = [.. Enumerable.Range(0, terms).Select(term => term == 7 ? 0 : random.NextDouble())];
        double total = shares.Sum();
        for (int term = 0; term < terms; term++) shares[term] /= total;
        LdaParameters parameters = TopicCases.Model(topics).Parameters;
        var relevance = new Relevance(parameters, shares);
        for (int topic = 0; topic < 3; topic++)
        {
            var expected = new SortedSet<int>();
            for (int step = 0; step <= 100; step++)
            {
                double lambda = step / 100.0;
                double Score(int term) => lambda * Math.Log(topics[topic][term]) + (1 - lambda) * Math.Log(topics[topic][term] / shares[term]);
                expected.UnionWith(Enumerable.Range(0, terms).Where(term => shares[term] > 0 && topics[topic][term] > 0).OrderByDescending(Score).ThenBy(term => term).Take(30));
            }
            Assert.Equal(expected, relevance.TermsOf(topic));
            Assert.DoesNotContain(7, relevance.TermsOf(topic));
        }
        Assert.DoesNotContain(5, relevance.TermsOf(1));
    }

    [Fact]
    public void Equal_terms_come_in_the_order_of_their_ids()
    {
        double[][] topics = [[.. Enumerable.Repeat(0.01, 100)]];
        Assert.Equal(Enumerable.Range(0, 30), new Relevance(TopicCases.Model(topics).Parameters, topics[0]).TermsOf(0));
    }
}
