using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace Elbo.Orleans.Hosting;

/// <summary>
/// Lets no call in that does not show the cluster's key: none at all to Elbo's own grains, and none of a client to those of Orleans. Who a call says it is from could be
/// made up, so Elbo's grains do not go by it; Orleans' silos among themselves rely on their network being private.
/// </summary>
sealed class KeyGuard(ElboWorkerOptions options, ILogger<KeyGuard> logger) : IIncomingGrainCallFilter
{
    internal const string Name = "elbo-key";

    /// <summary>How the names of the clients begin that are part of a silo.</summary>
    const string Hosted = "hosted-";

    readonly byte[]? _key = options.Key is { } key ? Hash(key) : null;

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (_key is null || !IsGuarded(context)) return context.Invoke();
        var key = RequestContext.Get(Name) as string;
        if (key is not null && CryptographicOperations.FixedTimeEquals(_key, Hash(key))) return context.Invoke();
        Log.Refused(logger, context.MethodName, context.SourceId?.ToString() ?? "", key is null ? "no key" : "wrong key");
        throw new UnauthorizedAccessException(key is null ? "This cluster asks for a key." : "The key is not this cluster's.");
    }

    // A client that connects asks which grains there are, before it can call any and be told that it needs a key.
    static bool IsGuarded(IIncomingGrainCallContext context) =>
        context.InterfaceMethod?.DeclaringType?.Assembly == typeof(KeyGuard).Assembly
        || context.SourceId is { } source && source.IsClient() && !source.Key.ToString()!.StartsWith(Hosted, StringComparison.Ordinal)
            && context.MethodName is not ("GetClusterManifest" or "GetClusterManifestUpdate");

    // Of one length, so that the time of the comparison tells nothing.
    static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <summary>Shows the key with every call.</summary>
sealed class KeyBearer(string key) : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        RequestContext.Set(KeyGuard.Name, key);
        return context.Invoke();
    }
}
