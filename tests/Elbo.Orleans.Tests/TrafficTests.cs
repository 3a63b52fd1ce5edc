using Elbo.Orleans.Execution;
using Elbo.Topics;

namespace Elbo.Orleans.Tests;

/// <summary>What an E-step moves is what docs/scale.md says, within a tenth.</summary>
public sealed class TrafficTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_E_step_of_topics_moves_what_the_formula_says()
    {
        using var topics = new TopicsCase(iterations: 2);
        await using var silos = new InProcessCluster();
        for (int i = 0; i < 2; i++) await silos.AddAsync(_ => { });
        await using ElboCluster cluster = await silos.ConnectAsync();
        var moved = new List<Traffic>();
        Assert.Equal(topics.Expected, await topics.FitAsync(cluster, new ClusterFitEvents { Moved = moved.Add }, cancellationToken: Cancellation));

        int shards = new DocumentShards(topics.Corpus).Count, sums = 0;
        int[] borders = ShardCut.Borders(0, shards, [2, 2]);
        for (int worker = 0; worker < 2; worker++) sums += Subtrees(borders[worker], borders[worker + 1], shards);
        double parameters = 8.0 * (8 * 500 + 8 + 1), statistics = 8.0 * (8 * 500 + 8 + 2) + 4 * 501;
        // Two passes, the start's, and the closing one.
        Assert.Equal(4, moved.Count);
        Assert.All(moved, step =>
        {
            Assert.Equal(2, step.Workers);
            Assert.InRange(step.Sent, 0.9 * 2 * parameters, 1.1 * 2 * parameters);
            Assert.InRange(step.Received, 0.9 * sums * statistics, 1.1 * sums * statistics);
        });
    }

    /// <summary>How many of the largest whole subtrees a run of shards is, by taking them off from the left.</summary>
    static int Subtrees(int first, int end, int shards)
    {
        int count = 0;
        while (first < end)
        {
            int size = 1;
            // The tree's right edge counts as whole: what is missing there does not exist.
            while (first % (2 * size) == 0 && size < shards && (first + 2 * size <= end || end == shards)) size *= 2;
            first += size;
            count++;
        }
        return count;
    }
}
