using CoinFlips;
using Elbo.Engine;

namespace Elbo.Testing.Tests;

public sealed class CoinFlipsTests
{
    [Fact]
    public async Task The_published_example_comes_out()
    {
        var model = new CoinModel();
        var shards = new ArrayShards<Session>([new(5, 5), new(9, 1), new(8, 2), new(4, 6), new(7, 3)], rowsPerShard: 2);
        var executor = new LocalExecutor<ReadOnlySpan<Session>, Coins, DenseStatistics>(shards, model, model);
        List<Iterate<Coins>> run = [];
        await foreach (Iterate<Coins> iterate in ExpectationMaximization.RunAsync(
            model, executor, new(0, new Coins(0.6, 0.5)), new EmOptions { MaximumIterations = 10, Stop = StoppingRule.Never }, cancellationToken: TestContext.Current.CancellationToken))
            run.Add(iterate);

        // Do & Batzoglou 2008, figure 1b: 0.71 and 0.58 after one iteration, 0.80 and 0.52 after ten.
        Assert.Equal([0.71, 0.58], run[1].Parameters.Heads.Select(p => Math.Round(p, 2)));
        Assert.Equal([0.80, 0.52], run[10].Parameters.Heads.Select(p => Math.Round(p, 2)));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 3)]
    [InlineData(5, 1)]
    [InlineData(100, 1)]
    public void Array_shards_hold_every_row_once_and_in_order(int rowsPerShard, int count)
    {
        var shards = new ArrayShards<int>([1, 2, 3, 4, 5], rowsPerShard);
        Assert.Equal(count, shards.Count);
        List<int> rows = [];
        for (int shard = 0; shard < shards.Count; shard++)
        {
            Assert.InRange(shards.Read(shard).Length, 1, rowsPerShard);
            rows.AddRange(shards.Read(shard));
        }
        Assert.Equal([1, 2, 3, 4, 5], rows);
    }

    [Fact]
    public void Array_shards_need_a_row_and_a_length()
    {
        Assert.Throws<ArgumentException>(() => new ArrayShards<int>([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ArrayShards<int>([1], 0));
    }

    [Fact]
    public void Dense_statistics_of_other_lengths_do_not_add_up() =>
        Assert.Throws<ArgumentException>(() => new DenseStatistics(2).Add(new DenseStatistics(3)));
}
