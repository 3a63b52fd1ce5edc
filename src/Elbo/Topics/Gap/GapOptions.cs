namespace Elbo.Topics.Gap;

/// <summary>By what the evidence of a document is estimated. Both are unbiased for p(w|α,β).</summary>
[Flags]
public enum EvidenceEstimators
{
    /// <summary>Annealed importance sampling (Neal 2001), from tokens that are independent to the model. Its cost grows with the document.</summary>
    Annealing = 1,

    /// <summary>Left-to-right, each particle's product over the positions and then their mean (Wallach et al. 2009, in Buntine's form of 2009). Its cost grows with the square of the document.</summary>
    LeftToRight = 2,

    /// <summary>Both, each as a check on the other.</summary>
    Both = Annealing | LeftToRight,
}

/// <summary>How the gap is measured.</summary>
public sealed record GapOptions
{
    /// <summary>By what.</summary>
    public EvidenceEstimators Estimators { get; init; } = EvidenceEstimators.Both;

    /// <summary>Annealing: independent chains, ≥ 2. The standard error falls with their square root.</summary>
    public int Chains { get; init; } = 32;

    /// <summary>Annealing: steps from independent tokens to the model, ≥ 1. More of them make the chains' weights more alike.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Left-to-right: particles, ≥ 2.</summary>
    public int Particles { get; init; } = 64;

    /// <summary>Left-to-right: longer documents, in tokens, are left to annealing, or out where that is not asked for.</summary>
    public int MaximumLength { get; init; } = 500;

    /// <summary>The most documents to measure, ≥ 1; of more, so many are drawn by the seed.</summary>
    public int MaximumDocuments { get; init; } = 500;

    /// <summary>The seed; the same seed gives the same bits. A document's estimates depend on its number, not on which others are measured.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many threads to work with; the result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    internal bool Anneals => Estimators.HasFlag(EvidenceEstimators.Annealing);

    internal bool GoesLeftToRight => Estimators.HasFlag(EvidenceEstimators.LeftToRight);

    internal void Validate()
    {
        if (Estimators is < EvidenceEstimators.Annealing or > EvidenceEstimators.Both) throw new ArgumentOutOfRangeException(nameof(Estimators), Estimators, "At least one estimator is needed.");
        if (Chains < 2) throw new ArgumentOutOfRangeException(nameof(Chains), Chains, "There must be 2 chains or more: one has no standard error.");
        if (Steps < 1) throw new ArgumentOutOfRangeException(nameof(Steps), Steps, "There must be 1 step or more.");
        if (Particles < 2) throw new ArgumentOutOfRangeException(nameof(Particles), Particles, "There must be 2 particles or more: one has no standard error.");
        if (MaximumLength < 0) throw new ArgumentOutOfRangeException(nameof(MaximumLength), MaximumLength, "The longest document must have 0 tokens or more.");
        if (MaximumDocuments < 1) throw new ArgumentOutOfRangeException(nameof(MaximumDocuments), MaximumDocuments, "At least one document is needed.");
        if (Threads < 1) throw new ArgumentOutOfRangeException(nameof(Threads), Threads, "At least one thread is needed.");
    }
}
