namespace Elbo.Engine;

/// <summary>What values a tensor may hold: what a reader checks, and how a packing for unconstrained optimisation maps it.</summary>
public enum TensorConstraint
{
    /// <summary>Any finite number.</summary>
    Real,

    /// <summary>Finite numbers above 0.</summary>
    Positive,

    /// <summary>Numbers ≥ 0 that add up to 1 along the last axis.</summary>
    Simplex,

    /// <summary>Symmetric positive definite matrices in the last two axes.</summary>
    PositiveDefinite,

    /// <summary>Not a free parameter: counts, sums, indices, settings.</summary>
    Fixed,
}

/// <summary>
/// Parameters and statistics described once, as named tensors: model file, checkpoint, wire format and the packing for acceleration
/// all derive from this description.
/// </summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface ITensors<TSelf> where TSelf : ITensors<TSelf>
{
    /// <summary>Shows every tensor to the visitor, always in the same order.</summary>
    void Describe(ITensorVisitor visitor);

    /// <summary>The inverse of <see cref="Describe"/>: the same value, bit for bit, from its tensors.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, or has another type, shape or range than it must.</exception>
    static abstract TSelf FromTensors(TensorSet tensors);
}

/// <summary>Sees the tensors of a value one after another. The spans are valid only during the call. Data are row-major.</summary>
public interface ITensorVisitor
{
    /// <summary>A tensor of double precision numbers.</summary>
    void Visit(string name, ReadOnlySpan<long> shape, ReadOnlySpan<double> values, TensorConstraint constraint);

    /// <summary>A tensor of 32-bit integers; <see cref="TensorConstraint.Fixed"/>.</summary>
    void Visit(string name, ReadOnlySpan<long> shape, ReadOnlySpan<int> values);

    /// <summary>A tensor of bytes, UTF-8 text for instance; <see cref="TensorConstraint.Fixed"/>.</summary>
    void Visit(string name, ReadOnlySpan<long> shape, ReadOnlySpan<byte> values);
}
