namespace Elbo.Engine;

/// <summary>How a run of EM goes and when it stops.</summary>
public sealed record EmOptions
{
    /// <summary>When the run has converged.</summary>
    public StoppingRule Stop { get; init; } = StoppingRule.RelativeObjective(1e-8);

    /// <summary>Proposals beyond plain EM; only for E-steps that guarantee something and keep no local state.</summary>
    public Acceleration Acceleration { get; init; }

    /// <summary>
    /// Whether a proposal may lower the objective, by up to 1 nat at a time. Often fewer iterations are needed then; those that such a proposal leads to
    /// have no guarantee, and the trace says so.
    /// </summary>
    public bool AllowTemporaryDecrease { get; init; }

    /// <summary>The most M-steps to take, ≥ 0.</summary>
    public int MaximumIterations { get; init; } = 1000;

    /// <summary>Stop at the end of the iteration in which this much time has passed. The only option that makes a result depend on the clock.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Stop when the bound falls by more than rounding, as it may where the E-step has no guarantee (with one, a fall is an error).</summary>
    public bool StopWhenBoundFalls { get; init; }

    /// <summary>The name of this stretch in the trace.</summary>
    public string Segment { get; init; } = "EM";

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate(Guarantee guarantee)
    {
        ArgumentNullException.ThrowIfNull(Stop);
        ArgumentOutOfRangeException.ThrowIfNegative(MaximumIterations);
        if (Acceleration != Acceleration.None && guarantee is not (Guarantee.Evidence or Guarantee.Bound))
            throw new ArgumentException($"An E-step with the guarantee '{guarantee}' cannot be accelerated: whether a proposal is better could not be told.");
    }
}
