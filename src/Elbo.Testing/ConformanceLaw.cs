namespace Elbo.Testing;

/// <summary>The laws that every model and E-step must keep.</summary>
public enum ConformanceLaw
{
    /// <summary>
    /// The kernel's E_q[log p(X, Z | θ)] is the model's, computed from the statistics alone; after an exact E-step it makes the log-evidence
    /// together with the entropy, and otherwise no more than that. To 1e-9 of the scale.
    /// </summary>
    Decomposition,

    /// <summary>The M-step never lowers the bound with q fixed, and the E-step never lowers it with θ fixed where its guarantee says so. To 1e-10 of the scale.</summary>
    Ascent,

    /// <summary>Statistics and bound of the whole are the sums over the parts in any cut and order; Scale multiplies, Clear empties. To 1e-9 of the scale.</summary>
    SplitMerge,

    /// <summary>An observation of weight 2 is the observation twice, one of weight 0 is absent, two halves are one. To 1e-9 of the scale.</summary>
    Weights,

    /// <summary>Parameters and statistics come back from their tensors with the same bits, and behave the same.</summary>
    CodecRoundTrip,

    /// <summary>The same bits on 1, 2, 3 and 7 threads.</summary>
    ThreadInvariance,

    /// <summary>A kernel gives the same bits for the same batch, whatever it, or its E-step, did before.</summary>
    KernelReuse,

    /// <summary>A kernel that is warm allocates nothing on the managed heap.</summary>
    Allocation,
}

/// <summary>How thoroughly to check.</summary>
public sealed record ConformanceOptions
{
    /// <summary>The seed of the first start; 0 is an ordinary seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many starts, ≥ 1.</summary>
    public int Starts { get; init; } = 3;

    /// <summary>How many iterations of EM to look at from each start, ≥ 1.</summary>
    public int Iterations { get; init; } = 5;
}
