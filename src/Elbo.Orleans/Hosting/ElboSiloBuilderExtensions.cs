using Elbo.Orleans.Execution;
using Elbo.Orleans.Hosting;
using Elbo.Orleans.Jobs;
using Elbo.Orleans.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Elbo.Orleans;

/// <summary>Makes a silo a worker, and ties silos and clients to a cluster.</summary>
public static class ElboSiloBuilderExtensions
{
    /// <summary>
    /// Makes a silo a worker for Elbo's models: it runs E-steps on threads of its own, and the loops of fits that clients ask for. Sets membership so that a silo
    /// that died is noticed in about two seconds. Where silos meet is up to you, by any provider of Orleans or <see cref="UseElboCluster(ISiloBuilder, ClusterAddress)"/>.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Threads, the key, and how long to wait.</param>
    public static ElboWorkerBuilder AddElboWorker(this ISiloBuilder silo, ElboWorkerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        options ??= new ElboWorkerOptions();
        options.Validate();
        var models = new ModelRegistry();
        models.Add(ClusterData.Topics, ClusterData.OpenTopics);
        models.Add(ClusterData.Tables, ClusterData.OpenTable);
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton(options);
        silo.Services.AddSingleton(models);
        silo.Services.AddSingleton<WorkerService>();
        silo.Services.AddSingleton<FitJobs>();
        silo.AddPlacementDirector<OnSilo, OnSiloDirector>();
        silo.AddIncomingGrainCallFilter<KeyGuard>();
        if (options.Key is { } key) silo.AddOutgoingGrainCallFilter(new KeyBearer(key));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromSeconds(1);
            membership.NumMissedProbesLimit = 2;
            membership.NumVotesForDeathDeclaration = 1;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        });
        return new ElboWorkerBuilder(silo, models);
    }

    /// <summary>Lets a silo meet others where <paramref name="address"/> says.</summary>
    public static ISiloBuilder UseElboCluster(this ISiloBuilder silo, ClusterAddress address)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(address);
        silo.Configure<ClusterOptions>(ClusterAddress.Name);
        return address.Redis is { } redis ? silo.UseRedisClustering(options => options.ConfigurationOptions = redis) : silo.UseDevelopmentClustering(address.Primary);
    }

    /// <summary>Lets a client find the silos where <paramref name="address"/> says, and show them the key.</summary>
    public static IClientBuilder UseElboCluster(this IClientBuilder client, ClusterAddress address, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(address);
        client.Configure<ClusterOptions>(ClusterAddress.Name);
        // A silo that has died should not be asked for long.
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
        if (key is not null) client.AddOutgoingGrainCallFilter(new KeyBearer(key));
        return address.Redis is { } redis
            ? client.UseRedisClustering(options => options.ConfigurationOptions = redis)
            : client.UseStaticClustering(new System.Net.IPEndPoint(address.Primary.Address, address.Primary.Port + 1));
    }
}
