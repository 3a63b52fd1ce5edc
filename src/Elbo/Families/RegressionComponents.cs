using Elbo.Engine;
using Elbo.Files;
using Elbo.Numerics;

namespace Elbo.Families;

/// <summary>The parameters of K linear regressions. Immutable.</summary>
public sealed class RegressionComponents : IComponents<RegressionComponents>
{
    readonly double[] _centres, _levels, _slopes, _variances;

    /// <summary>The components.</summary>
    /// <param name="centres">c, K × p: where the slopes are pinned. Not free: another c with the level that belongs to it is the same line.</param>
    /// <param name="levels">a, K: the expected response at c.</param>
    /// <param name="slopes">β, K × p.</param>
    /// <param name="variances">σ², K, above 0.</param>
    /// <param name="regressors">p ≥ 1.</param>
    public RegressionComponents(double[] centres, double[] levels, double[] slopes, double[] variances, int regressors)
    {
        ArgumentNullException.ThrowIfNull(centres);
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(slopes);
        ArgumentNullException.ThrowIfNull(variances);
        ArgumentOutOfRangeException.ThrowIfLessThan(regressors, 1);
        if (centres.Length != levels.Length * regressors || slopes.Length != centres.Length || variances.Length != levels.Length)
            throw new ArgumentException($"{centres.Length} centres, {levels.Length} levels, {slopes.Length} slopes and {variances.Length} variances do not make regressions on {regressors} columns.", nameof(levels));
        (_centres, _levels, _slopes, _variances, Regressors) = (centres, levels, slopes, variances, regressors);
    }

    /// <summary>p: how many columns the response is explained by.</summary>
    public int Regressors { get; }

    /// <inheritdoc/>
    public int Count => _levels.Length;

    /// <inheritdoc/>
    public int Columns => Regressors + 1;

    /// <summary>c of one component.</summary>
    public ReadOnlySpan<double> Centre(int component) => _centres.AsSpan(component * Regressors, Regressors);

    /// <summary>a: the expected response at c.</summary>
    public ReadOnlySpan<double> Levels => _levels;

    /// <summary>β of one component.</summary>
    public ReadOnlySpan<double> Slopes(int component) => _slopes.AsSpan(component * Regressors, Regressors);

    /// <summary>σ².</summary>
    public ReadOnlySpan<double> Variances => _variances;

    /// <summary>The expected response where all regressors are 0: a − βᵀc.</summary>
    public double Intercept(int component) => _levels[component] - BlockMath.Dot(Slopes(component), Centre(component));

    /// <summary>(c, a) of every component, K × (p + 1): what second moments are taken about.</summary>
    internal ReadOnlySpan<double> Origins
    {
        get
        {
            var origins = new double[Count * (Regressors + 1)];
            for (int k = 0; k < Count; k++)
            {
                Centre(k).CopyTo(origins.AsSpan(k * (Regressors + 1)));
                origins[k * (Regressors + 1) + Regressors] = _levels[k];
            }
            return origins;
        }
    }

    /// <summary>Gaussians of unit covariance at the origins.</summary>
    internal GaussianComponents AsGaussian()
    {
        int columns = Regressors + 1;
        var units = new double[Count * columns * columns];
        for (int k = 0; k < Count; k++)
            for (int j = 0; j < columns; j++) units[(k * columns + j) * columns + j] = 1;
        return new GaussianComponents(CovarianceStructure.Full, Origins.ToArray(), units, columns);
    }

    internal RegressionComponents WithVariances(double[] variances) => new(_centres, _levels, _slopes, variances, Regressors);

    /// <inheritdoc/>
    public RegressionComponents Select(ReadOnlySpan<int> components)
    {
        double[] centres = new double[components.Length * Regressors], levels = new double[components.Length], slopes = new double[centres.Length], variances = new double[components.Length];
        for (int k = 0; k < components.Length; k++)
        {
            Centre(components[k]).CopyTo(centres.AsSpan(k * Regressors));
            Slopes(components[k]).CopyTo(slopes.AsSpan(k * Regressors));
            (levels[k], variances[k]) = (_levels[components[k]], _variances[components[k]]);
        }
        return new RegressionComponents(centres, levels, slopes, variances, Regressors);
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("centres", [Count, Regressors], _centres, TensorConstraint.Fixed);
        visitor.Visit("levels", [Count], _levels, TensorConstraint.Real);
        visitor.Visit("slopes", [Count, Regressors], _slopes, TensorConstraint.Real);
        visitor.Visit("variances", [Count], _variances, TensorConstraint.Positive);
    }

    /// <inheritdoc/>
    public static RegressionComponents FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        double[] levels = tensors.Doubles("levels", TensorConstraint.Real, -1);
        int regressors = tensors.Length("slopes", 1);
        return new RegressionComponents(tensors.Doubles("centres", TensorConstraint.Fixed, levels.Length, regressors), levels,
            tensors.Doubles("slopes", TensorConstraint.Real, levels.Length, regressors), tensors.Doubles("variances", TensorConstraint.Positive, levels.Length), regressors);
    }
}

/// <summary>
/// A prior on slopes and variance: β_j | σ² ~ N(0, σ²/λ_j) and 1/σ² ~ Gamma(ν/2, rate ψ/2), as a density of σ². The level has none, so that it is flat.
/// </summary>
public sealed class RegressionPrior
{
    const string PrecisionsKey = "prior_precisions", DegreesKey = "prior_degrees_of_freedom", ScaleKey = "prior_scale";

    readonly double[] _precisions;

    /// <summary>The prior.</summary>
    /// <param name="precisions">λ, one for each regressor, above 0, in the squared unit of the regressor.</param>
    /// <param name="degreesOfFreedom">ν, above 0.</param>
    /// <param name="scale">ψ, above 0, in the squared unit of the response.</param>
    public RegressionPrior(double[] precisions, double degreesOfFreedom, double scale)
    {
        ArgumentNullException.ThrowIfNull(precisions);
        if (precisions.Length == 0 || !precisions.All(IsPositive)) throw new ArgumentException("Every slope needs a precision above 0.", nameof(precisions));
        if (!IsPositive(degreesOfFreedom)) throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "The degrees of freedom must be above 0.");
        if (!IsPositive(scale)) throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale must be above 0.");
        (_precisions, DegreesOfFreedom, Scale) = (precisions, degreesOfFreedom, scale);

        static bool IsPositive(double value) => value > 0 && double.IsFinite(value);
    }

    /// <summary>λ.</summary>
    public ReadOnlySpan<double> Precisions => _precisions;

    /// <summary>ν.</summary>
    public double DegreesOfFreedom { get; }

    /// <summary>ψ.</summary>
    public double Scale { get; }

    /// <summary>log p(β, σ²) in nats.</summary>
    public double LogDensity(ReadOnlySpan<double> slopes, double variance)
    {
        double half = 0.5 * DegreesOfFreedom, sum = half * Math.Log(0.5 * Scale) - SpecialFunctions.LogGamma(half) - (half + 1) * Math.Log(variance) - 0.5 * Scale / variance;
        for (int j = 0; j < slopes.Length; j++) sum += 0.5 * (Math.Log(_precisions[j] / (2 * Math.PI * variance)) - _precisions[j] * slopes[j] * slopes[j] / variance);
        return sum;
    }

    internal void Write(Dictionary<string, string> settings)
    {
        settings[PrecisionsKey] = string.Join(' ', _precisions.Select(value => Properties.Write(value)));
        settings[DegreesKey] = Properties.Write(DegreesOfFreedom);
        settings[ScaleKey] = Properties.Write(Scale);
    }

    internal static RegressionPrior? Read(IReadOnlyDictionary<string, string> settings)
    {
        if (!settings.ContainsKey(PrecisionsKey)) return null;
        double[] precisions = [.. Properties.Read(settings, PrecisionsKey).Split(' ').Select(text =>
            double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double value) ? value : throw new InvalidDataException($"The setting '{PrecisionsKey}' has '{text}', which is no number."))];
        return new RegressionPrior(precisions, Properties.ReadDouble(settings, DegreesKey), Properties.ReadDouble(settings, ScaleKey));
    }
}
