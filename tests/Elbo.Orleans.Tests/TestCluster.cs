namespace Elbo.Orleans.Tests;

/// <summary>A Redis server, some workers of one thread each, and a client; all of it ends with the test.</summary>
sealed class TestCluster : IAsyncDisposable
{
    readonly List<WorkerProcess> _workers = [];

    TestCluster(RedisServer redis) => Redis = redis;

    public RedisServer Redis { get; }

    public IReadOnlyList<WorkerProcess> Workers => _workers;

    public ElboCluster Client { get; private set; } = null!;

    public static async Task<TestCluster> StartAsync(int workers)
    {
        var cluster = new TestCluster(await RedisServer.StartAsync());
        try
        {
            await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => cluster.AddAsync()));
            cluster.Client = await cluster.ConnectAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task<WorkerProcess> AddAsync()
    {
        WorkerProcess worker = await WorkerProcess.StartAsync(Redis.Address);
        lock (_workers) _workers.Add(worker);
        return worker;
    }

    public Task<ElboCluster> ConnectAsync(ClusterTimeouts? timeouts = null) =>
        ElboCluster.ConnectAsync(ClusterAddress.Parse(Redis.Address), timeouts: timeouts, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Kills a worker by SIGKILL.</summary>
    public async Task KillAsync(WorkerProcess worker)
    {
        await worker.DisposeAsync();
        lock (_workers) _workers.Remove(worker);
    }

    /// <summary>The worker on which the loop of the running fit is.</summary>
    public async Task<WorkerProcess> OwnerAsync()
    {
        for (int attempt = 0; ; attempt++)
        {
            ClusterStatus status = await Client.GetStatusAsync(TestContext.Current.CancellationToken);
            if (status.Workers.FirstOrDefault(worker => worker.Fits.Count > 0) is { } found) return _workers.Single(worker => worker.Silo == found.Silo);
            Assert.True(attempt < 100, "No worker runs a fit.");
            await Task.Delay(20);
        }
    }

    /// <summary>All that the workers have logged, for a test that fails.</summary>
    public string Said => string.Join('\n', _workers.Select(worker => worker.Said));

    public async ValueTask DisposeAsync()
    {
        if (Client is not null) await Client.DisposeAsync();
        foreach (WorkerProcess worker in _workers) await worker.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
