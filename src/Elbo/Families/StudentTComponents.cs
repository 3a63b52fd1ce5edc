using Elbo.Engine;

namespace Elbo.Families;

/// <summary>The parameters of K multivariate Student-t components. Immutable.</summary>
public sealed class StudentTComponents : IComponents<StudentTComponents>
{
    // Whether ν is free shows in the tensor's name, so that a file tells it.
    const string EstimatedName = "degrees_of_freedom", FixedName = "fixed_degrees_of_freedom";

    readonly double[] _degrees;

    /// <summary>The components.</summary>
    /// <param name="gaussian">Centres μ and scale matrices Σ, which are those of the Gaussian that u = 1 makes of it.</param>
    /// <param name="degreesOfFreedom">ν, one for each component, above 0.</param>
    /// <param name="isEstimated">Whether ν is a free parameter.</param>
    public StudentTComponents(GaussianComponents gaussian, double[] degreesOfFreedom, bool isEstimated)
    {
        ArgumentNullException.ThrowIfNull(gaussian);
        ArgumentNullException.ThrowIfNull(degreesOfFreedom);
        if (degreesOfFreedom.Length != gaussian.Count || !degreesOfFreedom.All(value => value > 0 && double.IsFinite(value)))
            throw new ArgumentException($"There must be degrees of freedom above 0 for each of {gaussian.Count} components.", nameof(degreesOfFreedom));
        if (gaussian.Structure != CovarianceStructure.Full) throw new ArgumentException("Every component has a scale matrix of its own.", nameof(gaussian));
        (Gaussian, _degrees, IsEstimated) = (gaussian, degreesOfFreedom, isEstimated);
    }

    /// <summary>Centres and scale matrices.</summary>
    public GaussianComponents Gaussian { get; }

    /// <summary>ν.</summary>
    public ReadOnlySpan<double> DegreesOfFreedom => _degrees;

    /// <summary>Whether ν is a free parameter.</summary>
    public bool IsEstimated { get; }

    /// <inheritdoc/>
    public int Count => _degrees.Length;

    /// <inheritdoc/>
    public int Columns => Gaussian.Columns;

    /// <inheritdoc/>
    public StudentTComponents Select(ReadOnlySpan<int> components)
    {
        var degrees = new double[components.Length];
        for (int k = 0; k < degrees.Length; k++) degrees[k] = _degrees[components[k]];
        return new StudentTComponents(Gaussian.Select(components), degrees, IsEstimated);
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        Gaussian.Describe(visitor);
        visitor.Visit(IsEstimated ? EstimatedName : FixedName, [Count], _degrees, IsEstimated ? TensorConstraint.Positive : TensorConstraint.Fixed);
    }

    /// <inheritdoc/>
    public static StudentTComponents FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        GaussianComponents gaussian = GaussianComponents.FromTensors(tensors);
        bool isEstimated = tensors.Contains(EstimatedName);
        double[] degrees = tensors.Doubles(isEstimated ? EstimatedName : FixedName, TensorConstraint.Positive, gaussian.Count);
        return gaussian.Structure == CovarianceStructure.Full ? new StudentTComponents(gaussian, degrees, isEstimated)
            : throw new InvalidDataException("A Student-t has a scale matrix for every component, and these tensors share one or have none.");
    }
}

/// <summary>Expected sufficient statistics of K Student-t components: Σ q, Σ q E[ln u], and with the weights q E[u] those of a Gaussian. Not thread-safe.</summary>
public sealed class StudentTStatistics : IStatistics<StudentTStatistics>
{
    readonly double[] _counts, _logScales;

    internal StudentTStatistics(GaussianStatistics gaussian)
    {
        Gaussian = gaussian;
        _counts = new double[gaussian.Components];
        _logScales = new double[gaussian.Components];
    }

    /// <summary>Σ q E[u], Σ q E[u] (x − o), and their scatter.</summary>
    public GaussianStatistics Gaussian { get; }

    /// <summary>Σ q.</summary>
    internal Span<double> Counts => _counts;

    /// <summary>Σ q E[ln u].</summary>
    internal Span<double> LogScales => _logScales;

    /// <inheritdoc/>
    public void Add(StudentTStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Gaussian.Add(other.Gaussian);
        for (int k = 0; k < _counts.Length; k++)
        {
            _counts[k] += other._counts[k];
            _logScales[k] += other._logScales[k];
        }
    }

    /// <inheritdoc/>
    public void Scale(double factor)
    {
        Gaussian.Scale(factor);
        for (int k = 0; k < _counts.Length; k++)
        {
            _counts[k] *= factor;
            _logScales[k] *= factor;
        }
    }

    /// <inheritdoc/>
    public void Clear()
    {
        Gaussian.Clear();
        Array.Clear(_counts);
        Array.Clear(_logScales);
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("responsibilities", [_counts.Length], _counts, TensorConstraint.Fixed);
        visitor.Visit("log_scales", [_logScales.Length], _logScales, TensorConstraint.Fixed);
        Gaussian.Describe(visitor);
    }

    /// <inheritdoc/>
    public static StudentTStatistics FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var statistics = new StudentTStatistics(GaussianStatistics.FromTensors(tensors));
        tensors.Doubles("responsibilities", TensorConstraint.Fixed, statistics._counts.Length).CopyTo(statistics._counts, 0);
        tensors.Doubles("log_scales", TensorConstraint.Fixed, statistics._counts.Length).CopyTo(statistics._logScales, 0);
        return statistics;
    }
}
