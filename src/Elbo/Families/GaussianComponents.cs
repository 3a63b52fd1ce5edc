using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Families;

/// <summary>The parameters of K Gaussian components of d columns. Immutable.</summary>
public sealed class GaussianComponents : IComponents<GaussianComponents>
{
    readonly double[] _means;
    readonly double[] _covariances;

    /// <summary>Of each group, matrices: L, row-major with zeros above the diagonal, and L⁻¹. Variances: 1/σ² in the latter.</summary>
    readonly double[] _factors = [], _inverses;
    readonly double[] _logDeterminants;

    /// <summary>Joins means and covariances.</summary>
    /// <param name="structure">What the covariances are.</param>
    /// <param name="means">μ, K × d.</param>
    /// <param name="covariances">Full: K × d × d; diagonal: K × d variances; spherical: K variances; tied: d × d.</param>
    /// <param name="columns">d.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, a mean is not finite, or a covariance is not symmetric and positive definite.</exception>
    public GaussianComponents(CovarianceStructure structure, double[] means, double[] covariances, int columns)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(covariances);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (means.Length == 0 || means.Length % columns != 0) throw new ArgumentException($"{means.Length} numbers do not make means of {columns} columns.", nameof(means));
        if (!means.All(double.IsFinite)) throw new ArgumentException("A mean is not finite.", nameof(means));
        Structure = structure;
        Columns = columns;
        Count = means.Length / columns;
        int groups = structure.Groups(Count), length = structure.Length(columns);
        if (covariances.LongLength != (long)groups * length)
            throw new ArgumentException($"{structure} covariances of {Count} components and {columns} columns are {(long)groups * length} numbers, and there are {covariances.Length}.", nameof(covariances));
        _means = means;
        _covariances = covariances;
        _inverses = new double[covariances.Length];
        _logDeterminants = new double[groups];
        if (structure.IsMatrix()) _factors = new double[covariances.Length];
        for (int group = 0; group < groups; group++)
            if (!Factor(group)) throw new ArgumentException($"The covariance of {(groups == 1 ? "the components" : $"component {group}")} is not symmetric and positive definite.", nameof(covariances));
    }

    /// <summary>What the covariances are.</summary>
    public CovarianceStructure Structure { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int Columns { get; }

    /// <summary>All means, K × d.</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>All covariances as they were given: K × d × d, K × d variances, K variances, or d × d.</summary>
    public ReadOnlySpan<double> Covariances => _covariances;

    internal int Groups => _logDeterminants.Length;

    internal int Length => _covariances.Length / Groups;

    /// <summary>μ of one component.</summary>
    public ReadOnlySpan<double> Mean(int component) => _means.AsSpan(component * Columns, Columns);

    /// <summary>Σ of one component as a d × d matrix, whatever the structure.</summary>
    public double[] Covariance(int component)
    {
        ReadOnlySpan<double> own = GroupCovariance(Structure.GroupOf(component));
        if (Structure.IsMatrix()) return own.ToArray();
        var matrix = new double[checked(Columns * Columns)];
        for (int i = 0; i < Columns; i++) matrix[i * Columns + i] = own[own.Length == 1 ? 0 : i];
        return matrix;
    }

    /// <inheritdoc/>
    public GaussianComponents Select(ReadOnlySpan<int> components)
    {
        var means = new double[components.Length * Columns];
        var covariances = new double[Structure.Groups(components.Length) * Length];
        for (int k = 0; k < components.Length; k++)
        {
            Mean(components[k]).CopyTo(means.AsSpan(k * Columns));
            GroupCovariance(Structure.GroupOf(components[k])).CopyTo(covariances.AsSpan(Structure.GroupOf(k) * Length));
        }
        return new GaussianComponents(Structure, means, covariances, Columns);
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("means", [Count, Columns], _means, TensorConstraint.Real);
        if (Structure == CovarianceStructure.Full) visitor.Visit("covariances", [Count, Columns, Columns], _covariances, TensorConstraint.PositiveDefinite);
        else if (Structure == CovarianceStructure.Tied) visitor.Visit("covariance", [Columns, Columns], _covariances, TensorConstraint.PositiveDefinite);
        else if (Structure == CovarianceStructure.Diagonal) visitor.Visit("variances", [Count, Columns], _covariances, TensorConstraint.Positive);
        else visitor.Visit("variances", [Count], _covariances, TensorConstraint.Positive);
    }

    /// <inheritdoc/>
    public static GaussianComponents FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        double[] means = tensors.Doubles("means", TensorConstraint.Real, -1, -1);
        int count = tensors.Length("means", 0), columns = tensors.Length("means", 1);
        (CovarianceStructure structure, double[] covariances) =
            tensors.Contains("covariances") ? (CovarianceStructure.Full, tensors.Doubles("covariances", TensorConstraint.PositiveDefinite, count, columns, columns)) :
            tensors.Contains("covariance") ? (CovarianceStructure.Tied, tensors.Doubles("covariance", TensorConstraint.PositiveDefinite, columns, columns)) :
            tensors.Tensors.Any(tensor => tensor.Name == "variances" && tensor.Shape.Count == 2) ? (CovarianceStructure.Diagonal, tensors.Doubles("variances", TensorConstraint.Positive, count, columns)) :
            (CovarianceStructure.Spherical, tensors.Doubles("variances", TensorConstraint.Positive, count));
        try
        {
            return new GaussianComponents(structure, means, covariances, columns);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    internal ReadOnlySpan<double> GroupCovariance(int group) => _covariances.AsSpan(group * Length, Length);

    /// <summary>L of a group, for matrices.</summary>
    internal ReadOnlySpan<double> Factor(int group, int row) => _factors.AsSpan(group * Length + row * Columns, Columns);

    /// <summary>L⁻¹ of a group for matrices, else 1/σ².</summary>
    internal ReadOnlySpan<double> Inverse(int group) => _inverses.AsSpan(group * Length, Length);

    /// <summary>ln |Σ| of a group.</summary>
    internal double LogDeterminant(int group) => _logDeterminants[group];

    /// <summary>tr Σ⁻¹ S of a group, for a scatter in the structure's form: through L⁻¹ S L⁻ᵀ for matrices.</summary>
    internal double TraceOf(int group, ReadOnlySpan<double> scatter)
    {
        ReadOnlySpan<double> inverse = Inverse(group);
        double sum = 0;
        if (!Structure.IsMatrix())
        {
            for (int i = 0; i < inverse.Length; i++) sum += inverse[i] * scatter[i];
            return sum;
        }
        for (int row = 0; row < Columns; row++)
        {
            ReadOnlySpan<double> own = inverse.Slice(row * Columns, row + 1);
            for (int i = 0; i < own.Length; i++) sum += own[i] * BlockMath.Dot(own, scatter.Slice(i * Columns, own.Length));
        }
        return sum;
    }

    bool Factor(int group)
    {
        ReadOnlySpan<double> covariance = GroupCovariance(group);
        Span<double> inverse = _inverses.AsSpan(group * Length, Length);
        if (Structure.IsMatrix())
        {
            for (int i = 0; i < Columns; i++)
                for (int j = 0; j < i; j++)
                    if (covariance[i * Columns + j] != covariance[j * Columns + i]) return false;
            Span<double> factor = _factors.AsSpan(group * Length, Length);
            if (!Cholesky.TryFactor(covariance, Columns, factor)) return false;
            Cholesky.Invert(factor, Columns, inverse);
            _logDeterminants[group] = Cholesky.LogDeterminant(factor, Columns);
            return true;
        }
        for (int i = 0; i < inverse.Length; i++)
        {
            inverse[i] = 1 / covariance[i];
            if (!(covariance[i] > 0 && double.IsFinite(inverse[i]) && inverse[i] > 0)) return false;
            _logDeterminants[group] += Math.Log(covariance[i]) * (Columns / inverse.Length);
        }
        return true;
    }
}
