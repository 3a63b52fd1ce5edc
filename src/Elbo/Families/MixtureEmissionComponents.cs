using Elbo.Engine;

namespace Elbo.Families;

/// <summary>K components that are each a mixture of M parts of one family. Immutable.</summary>
/// <typeparam name="TComponents">The parameters of the parts.</typeparam>
public sealed class MixtureEmissionComponents<TComponents> : IComponents<MixtureEmissionComponents<TComponents>>
    where TComponents : class, IComponents<TComponents>
{
    const string Prefix = "parts/";

    readonly double[] _weights;

    /// <summary>Joins weights and parts.</summary>
    /// <param name="weights">K × M, the weights of each component's parts; a row adds up to 1.</param>
    /// <param name="parts">K · M parts, those of one component beside each other.</param>
    /// <param name="count">K.</param>
    /// <exception cref="ArgumentException">The numbers do not fit, or a row of weights is no distribution.</exception>
    public MixtureEmissionComponents(double[] weights, TComponents parts, int count)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(parts);
        if (count < 1 || weights.Length != parts.Count || weights.Length % count != 0)
            throw new ArgumentException($"{weights.Length} weights and {parts.Count} parts do not make {count} components with as many parts each.", nameof(weights));
        (_weights, Parts, Count) = (weights, parts, count);
        for (int k = 0; k < count; k++)
        {
            double sum = 0;
            foreach (double weight in Weights(k)) sum += weight >= 0 ? weight : double.NaN;
            if (!(Math.Abs(sum - 1) <= 1e-9)) throw new ArgumentException($"The weights of the parts of component {k} must be 0 or more and add up to 1; they add up to {sum:R}.", nameof(weights));
        }
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int Columns => Parts.Columns;

    /// <summary>M, how many parts each component has.</summary>
    public int PartCount => _weights.Length / Count;

    /// <summary>The K · M parts: part m of component k is number k M + m.</summary>
    public TComponents Parts { get; }

    /// <summary>The weights of one component's parts.</summary>
    public ReadOnlySpan<double> Weights(int component) => _weights.AsSpan(checked(component * PartCount), PartCount);

    internal MixtureEmissionComponents<TComponents> WithParts(TComponents parts) => new(_weights, parts, Count);

    /// <inheritdoc/>
    public MixtureEmissionComponents<TComponents> Select(ReadOnlySpan<int> components)
    {
        int[] parts = [.. components.ToArray().SelectMany(k => Enumerable.Range(k * PartCount, PartCount))];
        return new MixtureEmissionComponents<TComponents>([.. parts.Select(part => _weights[part])], Parts.Select(parts), components.Length);
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("part_weights", [Count, PartCount], _weights, TensorConstraint.Simplex);
        Parts.Describe(new PrefixedVisitor(Prefix, visitor));
    }

    /// <inheritdoc/>
    public static MixtureEmissionComponents<TComponents> FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        double[] weights = tensors.Doubles("part_weights", TensorConstraint.Simplex, -1, -1);
        try
        {
            return new MixtureEmissionComponents<TComponents>(weights, TComponents.FromTensors(tensors.Under(Prefix)), tensors.Length("part_weights", 0));
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }
}

/// <summary>Statistics of components that are mixtures: Σ q of every part, and the parts' own. Not thread-safe.</summary>
/// <typeparam name="TStatistics">The parts' statistics.</typeparam>
/// <param name="parts">How many parts all components have together.</param>
/// <param name="own">The parts' statistics.</param>
public sealed class MixtureEmissionStatistics<TStatistics>(int parts, TStatistics own) : IStatistics<MixtureEmissionStatistics<TStatistics>>
    where TStatistics : class, IStatistics<TStatistics>
{
    const string Prefix = "parts/";

    readonly double[] _counts = new double[parts];

    /// <summary>Σ q of each part.</summary>
    public Span<double> Counts => _counts;

    /// <summary>The parts' statistics.</summary>
    public TStatistics Parts => own;

    /// <inheritdoc/>
    public void Add(MixtureEmissionStatistics<TStatistics> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._counts.Length != _counts.Length) throw new ArgumentException($"Statistics of {other._counts.Length} parts cannot be added to those of {_counts.Length}.", nameof(other));
        for (int i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        own.Add(other.Parts);
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
        visitor.Visit("part_counts", [_counts.Length], _counts, TensorConstraint.Fixed);
        own.Describe(new PrefixedVisitor(Prefix, visitor));
    }

    /// <inheritdoc/>
    public static MixtureEmissionStatistics<TStatistics> FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        double[] counts = tensors.Doubles("part_counts", TensorConstraint.Fixed, -1);
        var statistics = new MixtureEmissionStatistics<TStatistics>(counts.Length, TStatistics.FromTensors(tensors.Under(Prefix)));
        counts.CopyTo(statistics._counts, 0);
        return statistics;
    }
}
