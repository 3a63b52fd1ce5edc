using Elbo.Files;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>
/// The conjugate prior of Gaussian components: μ | Σ ~ N(m, Σ/κ) for every mean; Σ ~ inverse Wishart(ν, Ψ) for matrices, σ²_j ~ inverse gamma(ν/2, Ψ_jj/2) for
/// diagonal and σ² ~ inverse gamma(ν/2, tr Ψ/(2d)) for spherical covariances (Fraley and Raftery 2007).
/// </summary>
public sealed class NormalInverseWishartPrior
{
    const string PrecisionKey = "prior_mean_precision", MeanKey = "prior_mean", DegreesKey = "prior_degrees_of_freedom", ScaleKey = "prior_scale";

    readonly double[] _mean, _scale, _factor;

    /// <summary>The prior.</summary>
    /// <param name="mean">m, d numbers.</param>
    /// <param name="meanPrecision">κ, above 0: as many observations the mean is worth.</param>
    /// <param name="scale">Ψ, d × d, symmetric and positive definite.</param>
    /// <param name="degreesOfFreedom">ν, above d − 1.</param>
    public NormalInverseWishartPrior(double[] mean, double meanPrecision, double[] scale, double degreesOfFreedom)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(scale);
        if (mean.Length == 0 || !mean.All(double.IsFinite)) throw new ArgumentException("The mean of the prior must be one finite number a column.", nameof(mean));
        if (!(meanPrecision > 0 && double.IsFinite(meanPrecision))) throw new ArgumentOutOfRangeException(nameof(meanPrecision), meanPrecision, "The precision of the mean must be above 0.");
        if (scale.LongLength != (long)mean.Length * mean.Length) throw new ArgumentException($"The scale has {scale.Length} numbers, and {mean.Length} columns need {(long)mean.Length * mean.Length}.", nameof(scale));
        if (!(degreesOfFreedom > mean.Length - 1 && double.IsFinite(degreesOfFreedom)))
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, $"The degrees of freedom must be above {mean.Length - 1}, the number of columns less one.");
        _mean = mean;
        _scale = scale;
        MeanPrecision = meanPrecision;
        DegreesOfFreedom = degreesOfFreedom;
        _factor = new double[scale.Length];
        for (int i = 0; i < mean.Length; i++)
            for (int j = 0; j < i; j++)
                if (scale[i * mean.Length + j] != scale[j * mean.Length + i]) throw new ArgumentException("The scale is not symmetric.", nameof(scale));
        if (!Cholesky.TryFactor(scale, mean.Length, _factor)) throw new ArgumentException("The scale is not positive definite.", nameof(scale));
    }

    /// <summary>d.</summary>
    public int Columns => _mean.Length;

    /// <summary>m.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>κ.</summary>
    public double MeanPrecision { get; }

    /// <summary>Ψ, d × d.</summary>
    public ReadOnlySpan<double> Scale => _scale;

    /// <summary>ν.</summary>
    public double DegreesOfFreedom { get; }

    /// <summary>
    /// A weak prior after Fraley and Raftery (2007, section 3.2): m the columns' means, κ = 0.01, ν = d + 2, Ψ over K^(2/d). Their Ψ has the columns' covariances; ours has their variances alone, so that it leans to no direction.
    /// </summary>
    /// <param name="table">The rows to be fitted.</param>
    /// <param name="components">K.</param>
    public static NormalInverseWishartPrior FromTable(ObservationTable table, int components)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        double[] means = ColumnMoments.Means(table), variances = ColumnMoments.Variances(table, means);
        VarianceFloor floor = VarianceFloor.FromTable(table);
        double parts = Math.Pow(components, 2.0 / means.Length);
        var scale = new double[means.Length * means.Length];
        for (int i = 0; i < means.Length; i++) scale[i * means.Length + i] = Math.Max(variances[i], floor.Of(i)) / parts;
        return new NormalInverseWishartPrior(means, 0.01, scale, means.Length + 2);
    }

    /// <summary>e in p(Σ) ∝ |Σ|^(−e/2) exp(−½ tr Σ⁻¹ Ψ), Σ of the structure's form.</summary>
    internal double Exponent(CovarianceStructure structure) => structure switch
    {
        CovarianceStructure.Diagonal => DegreesOfFreedom + 2,
        CovarianceStructure.Spherical => (DegreesOfFreedom + 2) / Columns,
        _ => DegreesOfFreedom + Columns + 1,
    };

    /// <summary>Adds Ψ + κ Σ_k (μ_k − m)(μ_k − m)ᵀ of a group's means, in the structure's form.</summary>
    internal void AddScatter(CovarianceStructure structure, ReadOnlySpan<double> means, Span<double> into)
    {
        for (int i = 0; i < Columns; i++)
        {
            if (structure == CovarianceStructure.Diagonal) into[i] += _scale[i * Columns + i];
            else if (structure == CovarianceStructure.Spherical) into[0] += _scale[i * Columns + i] / Columns;
            else for (int j = 0; j < Columns; j++) into[i * Columns + j] += _scale[i * Columns + j];
        }
        var distance = new double[Columns];
        var scaled = new double[Columns];
        for (int first = 0; first < means.Length; first += Columns)
        {
            for (int i = 0; i < Columns; i++)
            {
                distance[i] = means[first + i] - _mean[i];
                scaled[i] = MeanPrecision * distance[i];
            }
            structure.AddOuter(distance, scaled, into);
        }
    }

    /// <summary>log p of all means and covariances, in nats.</summary>
    internal double LogDensity(GaussianComponents components)
    {
        CovarianceStructure structure = components.Structure;
        double sum = 0;
        var scatter = new double[components.Length];
        for (int group = 0; group < components.Groups; group++)
        {
            (int first, int members) = structure.MembersOf(group, components.Count).GetOffsetAndLength(components.Count);
            Array.Clear(scatter);
            AddScatter(structure, components.Means.Slice(first * Columns, members * Columns), scatter);
            double meanNormalizer = 0.5 * Columns * Math.Log(MeanPrecision / (2 * Math.PI));
            sum += LogNormalizer(structure) + members * meanNormalizer
                - 0.5 * ((Exponent(structure) + members) * components.LogDeterminant(group) + components.TraceOf(group, scatter));
        }
        return sum;
    }

    /// <summary>Inverse Wishart: ½ ν ln |Ψ| − ½ ν d ln 2 − ln Γ_d(½ ν); inverse gamma: ½ ν ln (½ ψ) − ln Γ(½ ν), d times for a diagonal.</summary>
    double LogNormalizer(CovarianceStructure structure)
    {
        double half = 0.5 * DegreesOfFreedom;
        switch (structure)
        {
            case CovarianceStructure.Diagonal:
                double sum = 0;
                for (int i = 0; i < Columns; i++) sum += half * Math.Log(0.5 * _scale[i * Columns + i]) - SpecialFunctions.LogGamma(half);
                return sum;
            case CovarianceStructure.Spherical:
                double trace = 0;
                for (int i = 0; i < Columns; i++) trace += _scale[i * Columns + i];
                return half * Math.Log(0.5 * trace / Columns) - SpecialFunctions.LogGamma(half);
            default:
                double logGamma = 0.25 * Columns * (Columns - 1) * Math.Log(Math.PI);
                for (int i = 0; i < Columns; i++) logGamma += SpecialFunctions.LogGamma(half - 0.5 * i);
                return half * (Cholesky.LogDeterminant(_factor, Columns) - Columns * Math.Log(2)) - logGamma;
        }
    }

    internal static void Write(NormalInverseWishartPrior? prior, Dictionary<string, string> into)
    {
        if (prior is null) return;
        into[PrecisionKey] = Properties.Write(prior.MeanPrecision);
        into[MeanKey] = string.Join(' ', prior._mean.Select(Properties.Write));
        into[DegreesKey] = Properties.Write(prior.DegreesOfFreedom);
        into[ScaleKey] = string.Join(' ', prior._scale.Select(Properties.Write));
    }

    internal static NormalInverseWishartPrior? Read(IReadOnlyDictionary<string, string> settings)
    {
        if (!settings.ContainsKey(PrecisionKey)) return null;
        try
        {
            return new NormalInverseWishartPrior(ReadList(settings, MeanKey), Properties.ReadDouble(settings, PrecisionKey), ReadList(settings, ScaleKey), Properties.ReadDouble(settings, DegreesKey));
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"The metadata's prior is no prior: {error.Message}", error);
        }
    }

    static double[] ReadList(IReadOnlyDictionary<string, string> settings, string name) =>
        [.. Properties.Read(settings, name).Split(' ').Select(text => Properties.ReadDouble(new Dictionary<string, string> { [name] = text }, name))];
}
