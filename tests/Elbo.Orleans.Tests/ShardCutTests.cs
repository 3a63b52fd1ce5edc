using CsCheck;
using Elbo.Orleans.Execution;

namespace Elbo.Orleans.Tests;

public sealed class ShardCutTests
{
    [Fact]
    public void Every_shard_has_one_worker_and_no_worker_has_much_more_than_its_share() => Gen.Select(Gen.Int[0, 50], Gen.Int[1, 5000], Gen.Int[1, 8].Array[1, 20]).Sample((first, count, threads) =>
    {
        int[] borders = ShardCut.Borders(first, first + count, threads);
        Assert.Equal(threads.Length + 1, borders.Length);
        Assert.Equal((first, first + count), (borders[0], borders[^1]));
        double slack = count / (10.0 * threads.Length) + 1;
        for (int i = 0; i < threads.Length; i++)
        {
            int own = borders[i + 1] - borders[i];
            double share = count * (double)threads[i] / threads.Sum();
            Assert.True(own >= 0 && own <= share + slack, $"Worker {i} has {own} of {count} shards, and its share is {share}.");
        }
    });

    // n = 61 in two: 32 is near the middle and the first half is one subtree.
    [Theory]
    [InlineData(61, 2, new[] { 0, 32, 61 })]
    [InlineData(245, 2, new[] { 0, 128, 245 })]
    [InlineData(245, 3, new[] { 0, 80, 160, 245 })]
    [InlineData(2, 3, new[] { 0, 1, 2, 2 })]
    public void Borders_are_where_few_subtrees_are_cut(int shards, int workers, int[] expected) =>
        Assert.Equal(expected, ShardCut.Borders(0, shards, [.. Enumerable.Repeat(1, workers)]));
}
