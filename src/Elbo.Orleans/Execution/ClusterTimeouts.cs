namespace Elbo.Orleans;

/// <summary>How long to wait for what on a cluster. The defaults go with the membership settings of <c>AddElboWorker</c>.</summary>
public sealed record ClusterTimeouts
{
    /// <summary>A worker that has not answered a call in this time is taken for lost, and its shards are given to others. Calls themselves take at most about a second. Positive.</summary>
    public TimeSpan Call { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long to go on looking for a worker when none is there. Positive.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Call, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Patience, TimeSpan.Zero);
    }
}
