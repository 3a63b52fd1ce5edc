using System.Runtime.CompilerServices;

namespace Elbo.Engine;

/// <summary>A batch's part of the bound, in nats. Each number is summed on its own, none is got by subtracting others.</summary>
/// <param name="ExpectedLogJoint">E_q[log p(X, Z | θ)].</param>
/// <param name="Entropy">H(q).</param>
/// <param name="LogEvidence">log p(X | θ), where it can be computed on a way of its own (log-sum-exp, forward pass); otherwise null.</param>
public readonly record struct LocalBound(double ExpectedLogJoint, double Entropy, double? LogEvidence)
{
    /// <summary>The bound broken down further, as <see cref="IEStep{TBatch, TParameters, TStatistics}.TermNames"/> names it.</summary>
    public BoundTerms Terms { get; init; }

    /// <summary>The bounds of two batches together.</summary>
    public static LocalBound operator +(LocalBound left, LocalBound right)
    {
        BoundTerms terms = left.Terms;
        for (int i = 0; i < BoundTerms.Capacity; i++) terms[i] += right.Terms[i];
        return new LocalBound(left.ExpectedLogJoint + right.ExpectedLogJoint, left.Entropy + right.Entropy, left.LogEvidence + right.LogEvidence) { Terms = terms };
    }

    /// <summary>This bound and that of an observation with a weight.</summary>
    internal LocalBound Plus(in LocalBound other, double weight)
    {
        BoundTerms terms = Terms;
        for (int i = 0; i < BoundTerms.Capacity; i++) terms[i] += weight * other.Terms[i];
        return new LocalBound(ExpectedLogJoint + weight * other.ExpectedLogJoint, Entropy + weight * other.Entropy, LogEvidence + weight * other.LogEvidence) { Terms = terms };
    }

    /// <summary>The same as the operator +.</summary>
    public static LocalBound Add(LocalBound left, LocalBound right) => left + right;
}

/// <summary>Up to eight terms of a bound, in nats; those that a model does not use are 0.</summary>
[InlineArray(Capacity)]
public struct BoundTerms : IEquatable<BoundTerms>
{
    /// <summary>How many terms there is room for.</summary>
    public const int Capacity = 8;

    double _first;

    /// <inheritdoc/>
    public readonly bool Equals(BoundTerms other) => ((ReadOnlySpan<double>)this).SequenceEqual(other);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is BoundTerms other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => _first.GetHashCode();

    /// <summary>Whether all terms are equal.</summary>
    public static bool operator ==(BoundTerms left, BoundTerms right) => left.Equals(right);

    /// <summary>Whether any term differs.</summary>
    public static bool operator !=(BoundTerms left, BoundTerms right) => !left.Equals(right);
}
