using Elbo.Engine;
using Elbo.Families;
using Elbo.Numerics;

namespace Elbo.Reports.Tables;

/// <summary>What values a column holds.</summary>
enum ColumnKind
{
    Continuous,
    Counts,
    Categories,
}

/// <summary>A component that is elliptical, or a part of one: what an ellipse in any two columns is drawn from.</summary>
/// <param name="Component">Whose it is.</param>
/// <param name="Mean">Its centre in every column.</param>
/// <param name="Covariance">Its covariance (of a Student-t: its scale matrix), row after row.</param>
/// <param name="Degrees">ν of a Student-t; null for a Gaussian.</param>
sealed record Cloud(int Component, double[] Mean, double[] Covariance, double? Degrees);

/// <summary>A regression: the response is expected at level + Σ_j slope_j (x_j − centre_j).</summary>
/// <param name="Component">Whose it is.</param>
/// <param name="Level">The expected response at the centre.</param>
/// <param name="Centre">One number a regressor.</param>
/// <param name="Slopes">One number a regressor.</param>
sealed record RegressionLine(int Component, double Level, double[] Centre, double[] Slopes);

/// <summary>What the components of a model say of single columns, whatever the others hold, and what their shape is.</summary>
/// <param name="Kind">What the columns hold.</param>
/// <param name="Density">p(x_j | k) of component k, column j and value x; of counts and categories a probability. Null where the family has no density of a column on its own.</param>
sealed record Emission(ColumnKind Kind, Func<int, int, double, double>? Density)
{
    public Cloud[] Clouds { get; init; } = [];

    public RegressionLine[] Lines { get; init; } = [];

    /// <summary>How many categories a column has; null for numbers.</summary>
    public Func<int, int>? Categories { get; init; }

    /// <summary>Whether the last component is noise.</summary>
    public bool HasNoise { get; init; }

    /// <summary>The emission of a family by its name; of a family that is not the library's own nothing is known but its parameters, and so null is given.</summary>
    /// <param name="family">The name.</param>
    /// <param name="parameters">The parameters of its components; there may be others beside them.</param>
    /// <param name="components">K.</param>
    public static Emission? Of(string family, TensorSet parameters, int components)
    {
        // Whoever wraps another family keeps its parameters under a prefix (docs/model-file.md).
        if (parameters.Contains("noise_lower")) return WithNoise(Of(family, parameters.Under("components/"), components - 1), parameters, components - 1);
        if (parameters.Contains("part_weights")) return OfParts(Of(family, parameters.Under("parts/"), components), parameters);
        return family switch
        {
            "gaussian" => Gaussian(GaussianComponents.FromTensors(parameters), null),
            "student-t" => Student(StudentTComponents.FromTensors(parameters)),
            "regression" => Regression(RegressionComponents.FromTensors(parameters)),
            "poisson" => Poisson(PoissonComponents.FromTensors(parameters)),
            "exponential" => Exponential(ExponentialComponents.FromTensors(parameters)),
            "gamma" => Gamma(parameters),
            "categorical" => Categorical(CategoricalComponents.FromTensors(parameters)),
            "bernoulli" => Bernoulli(BernoulliComponents.FromTensors(parameters)),
            "multinomial" => new Emission(ColumnKind.Counts, null),
            _ => null,
        };
    }

    static Emission Gaussian(GaussianComponents components, StudentTComponents? student)
    {
        int columns = components.Columns;
        Cloud[] clouds = [.. Enumerable.Range(0, components.Count).Select(k => new Cloud(k, components.Mean(k).ToArray(), components.Covariance(k), student?.DegreesOfFreedom[k]))];
        return new Emission(ColumnKind.Continuous, (k, column, x) => CloudDensity(clouds[k], column, columns, x)) { Clouds = clouds };
    }

    static Emission Student(StudentTComponents components) => Gaussian(components.Gaussian, components);

    /// <summary>A column of a Gaussian or Student-t is Gaussian or Student-t.</summary>
    static double CloudDensity(Cloud cloud, int column, int columns, double x)
    {
        double variance = cloud.Covariance[column * columns + column], distance = (x - cloud.Mean[column]) * (x - cloud.Mean[column]) / variance;
        return Math.Exp(-0.5 * Math.Log(Math.PI * variance) + (cloud.Degrees is { } degrees
            ? SpecialFunctions.LogGamma(0.5 * (degrees + 1)) - SpecialFunctions.LogGamma(0.5 * degrees) - 0.5 * Math.Log(degrees) - 0.5 * (degrees + 1) * Math.Log(1 + distance / degrees)
            : -0.5 * (Math.Log(2) + distance)));
    }

    static Emission Regression(RegressionComponents components) => new(ColumnKind.Continuous, null)
    {
        Lines = [.. Enumerable.Range(0, components.Count).Select(k => new RegressionLine(k, components.Levels[k], components.Centre(k).ToArray(), components.Slopes(k).ToArray()))],
    };

    static Emission Poisson(PoissonComponents components) => new(ColumnKind.Counts, (k, column, x) =>
        components.Rates(k)[column] is var rate && x >= 0 ? Math.Exp(x * Math.Log(rate) - rate - SpecialFunctions.LogGamma(x + 1)) : 0);

    static Emission Exponential(ExponentialComponents components) => new(ColumnKind.Continuous, (k, column, x) =>
        components.Rates(k)[column] is var rate && x >= 0 ? rate * Math.Exp(-rate * x) : 0);

    static Emission Gamma(TensorSet parameters)
    {
        double[] shapes = parameters.Doubles("shapes", TensorConstraint.Positive, -1, -1), rates = parameters.Doubles("rates", TensorConstraint.Positive, -1, -1);
        int columns = parameters.Length("shapes", 1);
        return new Emission(ColumnKind.Continuous, (k, column, x) =>
        {
            double shape = shapes[k * columns + column], rate = rates[k * columns + column];
            return x > 0 ? Math.Exp(shape * Math.Log(rate) + (shape - 1) * Math.Log(x) - rate * x - SpecialFunctions.LogGamma(shape)) : 0;
        });
    }

    static Emission Categorical(CategoricalComponents components) => new(ColumnKind.Categories, (k, column, x) =>
        components.Probabilities(k, column) is var probabilities && x < probabilities.Length ? probabilities[(int)x] : 0)
    { Categories = column => components.Categories[column] };

    static Emission Bernoulli(BernoulliComponents components) => new(ColumnKind.Categories, (k, column, x) =>
        x == 0 ? 1 - components.Probability(k, column) : components.Probability(k, column))
    { Categories = _ => 2 };

    /// <summary>The last component is uniform in the box of the noise.</summary>
    static Emission? WithNoise(Emission? own, TensorSet parameters, int noise)
    {
        double[] lower = parameters.Doubles("noise_lower", TensorConstraint.Fixed, -1), upper = parameters.Doubles("noise_upper", TensorConstraint.Fixed, -1);
        return own is null ? null : own with
        {
            HasNoise = true,
            Density = own.Density is not { } inner ? null : (k, column, x) =>
                k < noise ? inner(k, column, x) : x >= lower[column] && x <= upper[column] ? 1 / (upper[column] - lower[column]) : 0,
        };
    }

    static Emission? OfParts(Emission? parts, TensorSet parameters)
    {
        double[] weights = parameters.Doubles("part_weights", TensorConstraint.Simplex, -1, -1);
        int count = parameters.Length("part_weights", 1);
        return parts is null ? null : parts with
        {
            Density = parts.Density is not { } inner ? null : (k, column, x) =>
            {
                double sum = 0;
                for (int part = k * count; part < (k + 1) * count; part++) sum += weights[part] * inner(part, column, x);
                return sum;
            },
            Clouds = [.. parts.Clouds.Select(cloud => cloud with { Component = cloud.Component / count })],
            Lines = [.. parts.Lines.Select(line => line with { Component = line.Component / count })],
        };
    }
}
