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

    /// <summary>Statistics and bound of the whole are the sums over the parts in any cut and order; Scale multiplies, Clear empties, Recentre changes nothing. To 1e-9 of the scale.</summary>
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

    /// <summary>Statistics and bound do not change with the order of the observations. To 1e-9 of the scale.</summary>
    Shuffle,

    /// <summary>
    /// Log-evidence, entropy and expected log joint of single observations are what a sum over all values of their latent variables says, the last at another θ too.
    /// To 1e-9 of the scale. Needs <see cref="ModelSubject{TBatch, TParameters, TStatistics}.EnumerateLogJoint"/>.
    /// </summary>
    BruteForce,

    /// <summary>
    /// The M-step leads to a maximum of E_q[log p(X, Z | θ)] + global bound: along every free coordinate there is at most 1e-9 of the scale to win (finite differences), and no random step goes up.
    /// </summary>
    MaximizationOptimality,

    /// <summary>After an exact E-step ∇ log p(X | θ) is ∇ E_q[log p(X, Z | θ)] (Fisher's identity), to 1e-6 of the scale.</summary>
    FisherIdentity,

    /// <summary>Components under other names give the same bounds, before and after an iteration, to 1e-9 of the scale. Needs <see cref="ModelSubject{TBatch, TParameters, TStatistics}.Relabel"/>.</summary>
    LabelPermutation,

    /// <summary>Where the model is a simpler one, it has that one's log-evidence, to 1e-9 of the scale. Needs <see cref="ModelSubject{TBatch, TParameters, TStatistics}.Reductions"/>.</summary>
    Reduction,

    /// <summary>On nothing, one observation, one a thousand times and two, EM stays finite and does not fall (to 1e-9 of the scale), or an <see cref="InvalidOperationException"/> says why it cannot go on.</summary>
    DegenerateInput,
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
