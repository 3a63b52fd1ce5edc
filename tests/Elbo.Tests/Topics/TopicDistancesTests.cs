using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Tests.Topics;

public sealed class TopicDistancesTests
{
    [Theory]
    [InlineData(7, 40, 0.05)]
    [InlineData(5, 3000, 0.1)]
    [InlineData(3, 1024, 5)]
    public void Distances_are_those_of_the_formula(int topics, int terms, double concentration)
    {
        double[][] rows = Rows(topics, terms, concentration);
        TopicDistances distances = TopicDistances.Of(Parameters(rows), cancellationToken: TestContext.Current.CancellationToken);
        for (int a = 0; a < topics; a++)
        {
            Assert.Equal(0, distances[a, a]);
            for (int b = 0; b < topics; b++)
            {
                double divergence = 0;
                for (int term = 0; term < terms; term++)
                {
                    double middle = (rows[a][term] + rows[b][term]) / 2;
                    if (rows[a][term] > 0) divergence += 0.5 * rows[a][term] * Math.Log(rows[a][term] / middle);
                    if (rows[b][term] > 0) divergence += 0.5 * rows[b][term] * Math.Log(rows[b][term] / middle);
                }
                Assert.Equal(divergence, distances[a, b] * distances[a, b], 1e-13);
                Assert.Equal(distances[a, b], distances[b, a]);
            }
        }
    }

    [Fact]
    public void Equal_topics_are_at_no_distance_and_topics_without_a_common_term_at_the_largest()
    {
        double[] first = [0.25, 0.75, 0, 0], last = [0, 0, 0.1, 0.9];
        TopicDistances distances = TopicDistances.Of(Parameters([first, first, last]), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(0, distances[0, 1]);
        Assert.Equal(TopicDistances.Largest, distances[0, 2], 12);
        IReadOnlyList<(double X, double Y)> map = distances.Map();
        Assert.Equal(map[0].X, map[1].X, 12);
        Assert.Equal(TopicDistances.Largest, Math.Abs(map[0].X - map[2].X), 12);
        Assert.All(map, place => Assert.Equal(0, place.Y, 6));
    }

    [Fact]
    public void Posteriors_are_compared_by_their_means_and_threads_do_not_matter()
    {
        double[][] rows = Rows(6, 2500, 0.1);
        double[] lambda = [.. Enumerable.Range(0, 2500).SelectMany(term => rows.Select((row, topic) => 1e-12 + (topic + 2) * 100 * row[term]))];
        var smoothed = new LdaParameters(lambda, [.. rows.Select(_ => 0.1)], new TopicPrior(0.01));
        TopicDistances one = TopicDistances.Of(smoothed, 1, TestContext.Current.CancellationToken), three = TopicDistances.Of(smoothed, 3, TestContext.Current.CancellationToken),
            points = TopicDistances.Of(Parameters(rows), 1, TestContext.Current.CancellationToken);
        for (int a = 0; a < 6; a++)
        {
            for (int b = 0; b < 6; b++)
            {
                Assert.Equal(one[a, b], three[a, b]);
                Assert.Equal(points[a, b], one[a, b], 1e-6);
            }
        }
    }

    static double[][] Rows(int topics, int terms, double concentration)
    {
        var random = new Philox(11);
        double[] prior = [.. Enumerable.Repeat(concentration, terms)];
        double[][] rows = [.. Enumerable.Range(0, topics).Select(_ => new double[terms])];
        foreach (double[] row in rows) random.NextDirichlet(prior, row);
        return rows;
    }

    static LdaParameters Parameters(double[][] rows) => new([.. Enumerable.Range(0, rows[0].Length).SelectMany(term => rows.Select(row => row[term]))], [.. rows.Select(_ => 0.1)], null);
}
