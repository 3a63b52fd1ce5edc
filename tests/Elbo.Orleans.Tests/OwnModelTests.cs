using CoinFlips;
using Elbo.Engine;

namespace Elbo.Orleans.Tests;

/// <summary>A model that Elbo does not know, hosted and fitted as its author would.</summary>
public sealed class OwnModelTests
{
    static readonly CoinModel _model = new();

    static readonly Session[] _sessions = [.. Enumerable.Range(0, 100).Select(i => new Session(i * 7 % 11, i * 5 % 13))];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static ShardWorker Open(IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken) =>
        ShardWorker.Create(new ArrayShards<Session>(_sessions, int.Parse(properties["size"], null)), _model, _model);

    [Fact]
    public async Task It_is_fitted_from_a_client_to_the_same_bits()
    {
        await using var silos = new InProcessCluster();
        for (int i = 0; i < 2; i++) await silos.AddAsync(worker => worker.AddModel("coins", Open));
        await using ElboCluster cluster = await silos.ConnectAsync();
        var moved = new List<Traffic>();
        OrleansExecutor<Coins, DenseStatistics> executor = await OrleansExecutor<Coins, DenseStatistics>.OpenAsync(
            cluster.Grains, "coins", new Dictionary<string, string> { ["size"] = "3" }, moved: moved.Add, cancellationToken: Cancellation);
        var local = new LocalExecutor<ReadOnlySpan<Session>, Coins, DenseStatistics>(new ArrayShards<Session>(_sessions, 3), _model, _model);
        Assert.Equal(Guarantee.Evidence, executor.Guarantee);
        List<Iterate<Coins>> here = await RunAsync(local), there = await RunAsync(executor);
        Assert.Equal(here.Count, there.Count);
        Assert.All(here.Zip(there), pair =>
        {
            Assert.Equal(pair.First.Parameters.Heads, pair.Second.Parameters.Heads);
            Assert.Equal(pair.First.Iteration.Own, pair.Second.Iteration.Own);
            Assert.Equal(pair.First.Iteration.Scale, pair.Second.Iteration.Scale);
        });
        Assert.All(moved, step => Assert.Equal(2, step.Workers));
    }

    [Fact]
    public async Task A_worker_that_cannot_open_its_data_says_what_and_the_fit_says_who()
    {
        await using var silos = new InProcessCluster();
        await silos.AddAsync(worker => worker.AddModel("coins", Open));
        string other = await silos.AddAsync(worker => worker.AddModel("coins", (_, _) => throw new FileNotFoundException("Cannot read 'coins.csv': there is no such file.")));
        await using ElboCluster cluster = await silos.ConnectAsync();
        ElboClusterException error = await Assert.ThrowsAsync<ElboClusterException>(() => OrleansExecutor<Coins, DenseStatistics>.OpenAsync(
            cluster.Grains, "coins", new Dictionary<string, string> { ["size"] = "3" }, cancellationToken: Cancellation));
        Assert.Contains(other, error.Message, StringComparison.Ordinal);
        Assert.Contains("Cannot read 'coins.csv'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_no_worker_knows_is_named()
    {
        await using var silos = new InProcessCluster();
        await silos.AddAsync(_ => { });
        await using ElboCluster cluster = await silos.ConnectAsync();
        ElboClusterException error = await Assert.ThrowsAsync<ElboClusterException>(() => OrleansExecutor<Coins, DenseStatistics>.OpenAsync(
            cluster.Grains, "coins", new Dictionary<string, string>(), cancellationToken: Cancellation));
        Assert.Contains("knows no model 'coins'", error.Message, StringComparison.Ordinal);
        Assert.Contains("AddModel", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_fails_at_a_shard_is_named()
    {
        await using var silos = new InProcessCluster();
        string silo = await silos.AddAsync(worker => worker.AddModel("coins", (_, _) => ShardWorker.Create(new Torn(), _model, _model)));
        await using ElboCluster cluster = await silos.ConnectAsync();
        OrleansExecutor<Coins, DenseStatistics> executor = await OrleansExecutor<Coins, DenseStatistics>.OpenAsync(cluster.Grains, "coins", new Dictionary<string, string>(), cancellationToken: Cancellation);
        ElboClusterException error = await Assert.ThrowsAsync<ElboClusterException>(async () => await executor.ExpectAsync(new Coins(0.6, 0.5), Cancellation));
        Assert.Contains(silo, error.Message, StringComparison.Ordinal);
        Assert.Contains("row 7 is torn", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_long_for_a_message_is_refused_before_it_is_sent()
    {
        await using var silos = new InProcessCluster();
        await silos.AddAsync(_ => { });
        await using ElboCluster cluster = await silos.ConnectAsync();
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => OrleansExecutor<Coins, DenseStatistics>.OpenAsync(
            cluster.Grains, "coins", new Dictionary<string, string> { ["long"] = new string('x', 3 << 20) }, cancellationToken: Cancellation));
        Assert.Contains("bytes", error.Message, StringComparison.Ordinal);
        // The client is none the worse for it.
        Assert.Single((await cluster.GetStatusAsync(Cancellation)).Workers);
    }

    static async Task<List<Iterate<Coins>>> RunAsync(IExecutor<Coins, DenseStatistics> executor)
    {
        var iterates = new List<Iterate<Coins>>();
        await foreach (Iterate<Coins> iterate in ExpectationMaximization.RunAsync(_model, executor, new(0, new Coins(0.6, 0.5)), new EmOptions(), cancellationToken: Cancellation)) iterates.Add(iterate);
        return iterates;
    }

    sealed class Torn : IShards<ReadOnlySpan<Session>>
    {
        public int Count => 1;

        public ReadOnlySpan<Session> Read(int shard) => throw new InvalidDataException("row 7 is torn");
    }
}
