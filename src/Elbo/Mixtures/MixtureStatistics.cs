using Elbo.Engine;

namespace Elbo.Mixtures;

/// <summary>Expected sufficient statistics of a finite mixture: N_k = Σ w q(z = k), and the components' own. Not thread-safe.</summary>
/// <typeparam name="TStatistics">The components' statistics.</typeparam>
/// <param name="components">K.</param>
/// <param name="own">The components' statistics.</param>
public sealed class MixtureStatistics<TStatistics>(int components, TStatistics own) : IStatistics<MixtureStatistics<TStatistics>>
    where TStatistics : class, IStatistics<TStatistics>
{
    const string Prefix = "components/";

    readonly double[] _counts = new double[components];

    /// <summary>N, one for each component.</summary>
    public Span<double> Counts => _counts;

    /// <summary>The components' statistics.</summary>
    public TStatistics Components => own;

    /// <inheritdoc/>
    public void Add(MixtureStatistics<TStatistics> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._counts.Length != _counts.Length)
            throw new ArgumentException($"Statistics of {other._counts.Length} components cannot be added to those of {_counts.Length}.", nameof(other));
        for (int k = 0; k < _counts.Length; k++) _counts[k] += other._counts[k];
        own.Add(other.Components);
    }

    /// <inheritdoc/>
    public void Scale(double factor)
    {
        foreach (ref double count in _counts.AsSpan()) count *= factor;
        own.Scale(factor);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        Array.Clear(_counts);
        own.Clear();
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("counts", [_counts.Length], _counts, TensorConstraint.Fixed);
        own.Describe(new PrefixedVisitor(Prefix, visitor));
    }

    /// <inheritdoc/>
    public static MixtureStatistics<TStatistics> FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        double[] counts = tensors.Doubles("counts", TensorConstraint.Fixed, -1);
        var statistics = new MixtureStatistics<TStatistics>(counts.Length, TStatistics.FromTensors(tensors.Under(Prefix)));
        counts.CopyTo(statistics._counts, 0);
        return statistics;
    }
}
