namespace Elbo.Engine;

/// <summary>How a run of EM goes and when it stops.</summary>
public sealed record EmOptions
{
    /// <summary>Stop when the objective changes by no more than this times its <see cref="Iteration.Scale"/>; 0 never stops for that.</summary>
    public double RelativeTolerance { get; init; } = 1e-8;

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

    internal void Validate()
    {
        if (!(RelativeTolerance >= 0)) throw new ArgumentOutOfRangeException(nameof(RelativeTolerance), RelativeTolerance, "The relative tolerance must be 0 or more.");
        ArgumentOutOfRangeException.ThrowIfNegative(MaximumIterations);
    }
}
