using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Elbo.Orleans.Tests;

/// <summary>Silos of this process, which meet on its own ports.</summary>
sealed class InProcessCluster : IAsyncDisposable
{
    readonly List<IHost> _silos = [];
    readonly int _port = RedisServer.FreePort();

    public ClusterAddress Address => ClusterAddress.Parse($"localhost:{_port}");

    /// <summary>Adds a silo; the first is where the others and the client look.</summary>
    public async Task<string> AddAsync(Action<ElboWorkerBuilder> configure, ElboWorkerOptions? options = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        int port = _silos.Count == 0 ? _port : RedisServer.FreePort();
        builder.UseOrleans(silo => configure(silo
            .UseElboCluster(Address)
            .ConfigureEndpoints(IPAddress.Loopback, port, _silos.Count == 0 ? _port + 1 : RedisServer.FreePort())
            .AddElboWorker(options ?? new ElboWorkerOptions { Threads = 2 })));
        IHost host = builder.Build();
        _silos.Add(host);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();
    }

    public Task<ElboCluster> ConnectAsync(string? key = null) => ElboCluster.ConnectAsync(Address, key, new ClusterTimeouts { Patience = TimeSpan.FromSeconds(15) }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        for (int i = _silos.Count - 1; i >= 0; i--)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await _silos[i].StopAsync(limit.Token);
            _silos[i].Dispose();
        }
    }
}
