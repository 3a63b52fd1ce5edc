using Orleans.Runtime;

namespace Elbo.Orleans.Execution;

/// <summary>What went wrong with a silo, in a few words; Orleans tells of messages and addresses.</summary>
static class Trouble
{
    public static string Describe(Exception error, ClusterTimeouts timeouts) => error switch
    {
        TimeoutException => $"no answer for {timeouts.Call.TotalSeconds:0.#} seconds",
        SiloUnavailableException or OrleansMessageRejectionException => "it is gone, or cannot be reached",
        _ => error.Message.TrimEnd('.'),
    };
}
