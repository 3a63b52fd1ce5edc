using Elbo.Engine;

namespace Elbo.Orleans;

/// <summary>What the client of a fit on a cluster hears. It is called on one thread at a time, and holds up the news while it works.</summary>
public sealed record ClusterFitEvents
{
    /// <summary>A new record of a start.</summary>
    public Action<int, Iteration>? Record { get; init; }

    /// <summary>Something that happened on the cluster: a worker that was lost, or one that cannot read its data.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>The bytes that an E-step moved.</summary>
    public Action<Traffic>? Moved { get; init; }

    /// <summary>The content of a checkpoint file from which the fit can go on, here or there.</summary>
    public Action<byte[]>? Checkpoint { get; init; }
}
