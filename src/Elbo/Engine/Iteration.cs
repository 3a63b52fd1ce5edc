namespace Elbo.Engine;

/// <summary>Why a fit ended. None of these is an error.</summary>
public enum StopReason
{
    /// <summary>The <see cref="StoppingRule"/> was met.</summary>
    Converged,

    /// <summary>The limit of iterations was reached.</summary>
    IterationLimit,

    /// <summary>The time limit was reached.</summary>
    TimeLimit,

    /// <summary>Somebody cancelled; the fit so far stands.</summary>
    Cancelled,

    /// <summary>An E-step without a guarantee lowered the bound, and whoever started it wanted to hear of that.</summary>
    BoundFell,

    /// <summary>A component degenerated, and the policy is to give such a run up.</summary>
    Degenerate,

    /// <summary>The score on documents that were set aside fell: more passes would fit the others alone.</summary>
    HeldOutFell,

    /// <summary>Nothing was run: the parameters are not those of a fit, but known otherwise.</summary>
    NotFitted,
}

/// <summary>What led to an iterate.</summary>
public enum Move
{
    /// <summary>It is the start.</summary>
    Start,

    /// <summary>An EM step, θ_t = M(θ_t−1).</summary>
    Map,

    /// <summary>A proposal of an <see cref="Acceleration"/> that was accepted.</summary>
    Proposal,
}

/// <summary>
/// Record t of a fit: θ_t with its own objective, and the two half-steps that led to it. Iteration 0 is the start: it has no half-steps before it.
/// </summary>
public sealed record Iteration
{
    /// <summary>t, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>The stretch of the fit this belongs to; ascent is asserted within one.</summary>
    public required string Segment { get; init; }

    /// <summary>What the E-step promises in this stretch.</summary>
    public required Guarantee Guarantee { get; init; }

    /// <summary>What led to θ_t.</summary>
    public Move Move { get; init; }

    /// <summary>How many proposals were tried and rejected since the iteration before, each at the price of an E-step.</summary>
    public int RejectedProposals { get; init; }

    /// <summary>After the E-step: L(q_t, θ_t−1) and log p(X | θ_t−1). Null for the start.</summary>
    public HalfStep? EStep { get; init; }

    /// <summary>After the M-step: L(q_t, θ_t), and log p(X | θ_t) where the next E-step tells it. Null for the start.</summary>
    public HalfStep? MStep { get; init; }

    /// <summary>θ_t's own bound, L(q_t+1, θ_t), from the E-step that follows.</summary>
    public required HalfStep Own { get; init; }

    /// <summary>The terms of <see cref="Own"/>, named by the E-step's term names.</summary>
    public required BoundTerms Terms { get; init; }

    /// <summary>The scale of rounding errors, in nats: Σ |ExpectedLogJoint| + |Entropy| over shards, + <see cref="IModel{TParameters, TStatistics}.Magnitude"/> + |GlobalBound| + 1.</summary>
    public required double Scale { get; init; }

    /// <summary>The change of the objective since the iteration before, in nats; null for a start.</summary>
    public double? Change { get; init; }

    /// <summary>Time since the run began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Null while the fit goes on.</summary>
    public StopReason? StopReason { get; init; }

    /// <summary>The objective of θ_t in nats: the ELBO, equal to log p(X | θ_t) (+ log p(θ_t)) for an exact E-step.</summary>
    public double Objective => Own.Elbo;

    /// <summary><see cref="Change"/> over <see cref="Scale"/>.</summary>
    public double? RelativeChange => Change / Scale;
}

/// <summary>The parameters after an iteration, and its record.</summary>
/// <typeparam name="TParameters">θ.</typeparam>
/// <param name="Parameters">θ_t.</param>
/// <param name="Iteration">Record t.</param>
public sealed record Iterate<TParameters>(TParameters Parameters, Iteration Iteration);
