namespace Elbo.Engine;

/// <summary>Expected sufficient statistics that are one vector of doubles about a fixed origin: counts, sums. Enough for many small models. Not thread-safe.</summary>
/// <param name="length">How many numbers, ≥ 0.</param>
public sealed class DenseStatistics(int length) : IStatistics<DenseStatistics>
{
    readonly double[] _values = new double[length];

    /// <summary>The numbers, to be added to by an E-step and read by an M-step.</summary>
    public Span<double> Values => _values;

    /// <inheritdoc/>
    public void Add(DenseStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._values.Length != _values.Length)
            throw new ArgumentException($"Statistics of {other._values.Length} numbers cannot be added to those of {_values.Length}.", nameof(other));
        for (int i = 0; i < _values.Length; i++) _values[i] += other._values[i];
    }

    /// <inheritdoc/>
    public void Scale(double factor)
    {
        foreach (ref double value in _values.AsSpan()) value *= factor;
    }

    /// <inheritdoc/>
    public void Clear() => Array.Clear(_values);

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("values", [_values.Length], _values, TensorConstraint.Fixed);
    }

    /// <inheritdoc/>
    public static DenseStatistics FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        double[] values = tensors.Doubles("values", TensorConstraint.Fixed, -1);
        var statistics = new DenseStatistics(values.Length);
        values.CopyTo(statistics._values, 0);
        return statistics;
    }
}
