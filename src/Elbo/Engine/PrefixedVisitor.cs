namespace Elbo.Engine;

/// <summary>Shows the tensors of a part of a value under names of its own: the inverse of <see cref="TensorSet.Under"/>.</summary>
/// <param name="prefix">What goes before every name.</param>
/// <param name="visitor">Who sees them.</param>
public sealed class PrefixedVisitor(string prefix, ITensorVisitor visitor) : ITensorVisitor
{
    /// <inheritdoc/>
    public void Visit(string name, ReadOnlySpan<long> shape, ReadOnlySpan<double> values, TensorConstraint constraint) => visitor.Visit(prefix + name, shape, values, constraint);

    /// <inheritdoc/>
    public void Visit(string name, ReadOnlySpan<long> shape, ReadOnlySpan<int> values) => visitor.Visit(prefix + name, shape, values);

    /// <inheritdoc/>
    public void Visit(string name, ReadOnlySpan<long> shape, ReadOnlySpan<byte> values) => visitor.Visit(prefix + name, shape, values);
}
