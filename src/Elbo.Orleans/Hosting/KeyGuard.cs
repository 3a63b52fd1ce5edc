using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace Elbo.Orleans.Hosting;

/// <summary>Lets no call of a client in that does not show the cluster's key. Silos among themselves rely on their network being private.</summary>
sealed class KeyGuard(ElboWorkerOptions options, ILogger<KeyGuard> logger) : IIncomingGrainCallFilter
{
    internal const string Name = "elbo-key";

    readonly byte[]? _key = options.Key is { } key ? Hash(key) : null;

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (_key is null || context.SourceId is not { } source || !source.IsClient()) return context.Invoke();
        bool shown = RequestContext.Get(Name) is string key;
        if (shown && CryptographicOperations.FixedTimeEquals(_key, Hash((string)RequestContext.Get(Name)!))) return context.Invoke();
        Log.Refused(logger, context.MethodName, source.ToString(), shown ? "wrong key" : "no key");
        throw new UnauthorizedAccessException(shown ? "The key is not this cluster's." : "This cluster asks for a key.");
    }

    // Of one length, so that the time of the comparison tells nothing.
    static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <summary>Shows the key with every call of a client.</summary>
sealed class KeyBearer(string key) : IOutgoingGrainCallFilter
{
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        RequestContext.Set(KeyGuard.Name, key);
        return context.Invoke();
    }
}
