using Elbo.Engine;
using Elbo.Files;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>
/// Linear regression of a row's last column on the others: y | x ~ N(a + βᵀ(x − c), σ²) (De Veaux 1989). The regressors themselves are given. c is where the rows of a component
/// lay in the M-step before, so that nothing cancels when they are far from 0; Σ q, Σ q z and the scatter of z = (x, y) are the statistics.
/// </summary>
public sealed class LinearRegression : IComponentFamily<RegressionComponents, GaussianStatistics>
{
    const string FloorKey = "variance_floor";

    /// <summary>Directions of the (scaled) regressors with less spread than this have no slope of their own: the shortest solution is taken.</summary>
    const double Collinear = 1e-11;

    readonly double _floor;
    readonly RegressionPrior? _prior;

    /// <summary>The family.</summary>
    /// <param name="varianceFloor">The least σ², above 0, in the squared unit of the response: without it rows that lie on a line have an unbounded likelihood.</param>
    /// <param name="prior">A prior on slopes and variances; null for maximum likelihood.</param>
    public LinearRegression(double varianceFloor, RegressionPrior? prior = null)
    {
        _floor = varianceFloor > 0 && double.IsFinite(varianceFloor) ? varianceFloor : throw new ArgumentOutOfRangeException(nameof(varianceFloor), varianceFloor, "The least variance must be above 0.");
        _prior = prior;
    }

    /// <inheritdoc/>
    public string Name => "regression";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string> { [FloorKey] = Properties.Write(_floor) };
            _prior?.Write(settings);
            return settings;
        }
    }

    internal static LinearRegression Create(IReadOnlyDictionary<string, string> settings) => new(Properties.ReadDouble(settings, FloorKey), RegressionPrior.Read(settings));

    /// <summary>1e-6 of the response's variance.</summary>
    public static double DefaultFloor(ObservationTable table) => ColumnMoments.Variances(table, ColumnMoments.Means(table))[^1] is > 0 and var variance ? 1e-6 * variance : 1e-6;

    /// <inheritdoc/>
    public void Check(ObservationTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.ColumnCount < 2) throw new ArgumentException($"A regression needs a regressor and, as the last column, the response; the table has only '{table.ColumnNames[0]}'.", nameof(table));
        if (_prior is not null && _prior.Precisions.Length != table.ColumnCount - 1)
            throw new ArgumentException($"The prior is on {_prior.Precisions.Length} slopes, and the table has {table.ColumnCount - 1} regressors.", nameof(table));
        Requirement.Every(table, Name, value => Math.Abs(value) <= 1e100, "numbers from -1E+100 to 1E+100");
    }

    /// <inheritdoc/>
    public bool HasRegressors => true;

    /// <inheritdoc/>
    public RegressionComponents Pool(ObservationTable table, int components)
    {
        ArgumentNullException.ThrowIfNull(table);
        double[] means = ColumnMoments.Means(table);
        int regressors = means.Length - 1;
        var flat = new RegressionComponents([.. Enumerable.Range(0, components).SelectMany(_ => means[..regressors])], [.. Enumerable.Repeat(means[regressors], components)],
            new double[components * regressors], [.. Enumerable.Repeat(1.0, components)], regressors);
        GaussianStatistics statistics = CreateStatistics(flat);
        double[] distance = new double[means.Length], share = new double[means.Length];
        var scatter = new double[means.Length * means.Length];
        for (int i = 0; i < table.RowCount; i++)
        {
            double weight = table.Weights.IsEmpty ? 1 : table.Weights[i];
            for (int j = 0; j < means.Length; j++)
            {
                distance[j] = table.Row(i)[j] - means[j];
                share[j] = weight * distance[j];
            }
            CovarianceStructure.Full.AddOuter(distance, share, scatter);
        }
        for (int k = 0; k < components; k++) statistics.Set(k, table.TotalWeight, scatter);
        return Maximize(statistics, flat);
    }

    /// <inheritdoc/>
    public GaussianStatistics CreateStatistics(RegressionComponents current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new GaussianStatistics(CovarianceStructure.Full, current.Regressors + 1, current.Origins);
    }

    /// <inheritdoc/>
    public GaussianStatistics Renew(GaussianStatistics used, RegressionComponents current)
    {
        ArgumentNullException.ThrowIfNull(used);
        ArgumentNullException.ThrowIfNull(current);
        return used.TryReset(CovarianceStructure.Full, current.Regressors + 1, current.Origins) ? used : CreateStatistics(current);
    }

    /// <inheritdoc/>
    public GaussianStatistics Recentre(GaussianStatistics statistics, RegressionComponents current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        return statistics.About(current.Origins);
    }

    /// <inheritdoc/>
    /// <remarks>β = (S_xx + Λ)⁻¹ S_xy and σ² = (residual sum of squares + βᵀΛβ + ψ) / (n + p + ν + 2), the terms of the prior only with one; S is the scatter about the component's mean.</remarks>
    public RegressionComponents Maximize(GaussianStatistics statistics, RegressionComponents current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        int regressors = current.Regressors, columns = regressors + 1;
        double[] centres = new double[current.Count * regressors], levels = new double[current.Count], slopes = new double[current.Count * regressors], variances = new double[current.Count];
        double[] origins = current.Origins.ToArray(), scatter = new double[columns * columns];
        for (int k = 0; k < current.Count; k++)
        {
            double count = statistics.Counts[k];
            Span<double> mean = origins.AsSpan(k * columns, columns);
            for (int j = 0; count > 0 && j < columns; j++) mean[j] = statistics.Origin[k * columns + j] + statistics.Sums[k * columns + j] / count;
            mean[..regressors].CopyTo(centres.AsSpan(k * regressors));
            levels[k] = mean[regressors];
            Span<double> slope = slopes.AsSpan(k * regressors, regressors);
            if (!(count > 0) && _prior is null)
            {
                current.Slopes(k).CopyTo(slope);
                variances[k] = current.Variances[k];
                continue;
            }
            statistics.ScatterAbout(k, origins, scatter);
            Solve(scatter, columns, slope);
            // Of nearly collinear regressors Solve leaves directions out; the current slope may then be the better one.
            double squares = PenalizedSquares(scatter, slope), before = PenalizedSquares(scatter, current.Slopes(k)), weight = count;
            if (before < squares)
            {
                current.Slopes(k).CopyTo(slope);
                squares = before;
            }
            if (_prior is not null)
            {
                squares += _prior.Scale;
                weight += regressors + _prior.DegreesOfFreedom + 2;
            }
            variances[k] = Math.Max(squares / weight, _floor);
        }
        return new RegressionComponents(centres, levels, slopes, variances, regressors);
    }

    /// <inheritdoc/>
    public RegressionComponents Constrain(RegressionComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return components.WithVariances([.. components.Variances.ToArray().Select(variance => Math.Max(variance, _floor))]);
    }

    double PenalizedSquares(ReadOnlySpan<double> scatter, ReadOnlySpan<double> slope)
    {
        double squares = SquaresOf(scatter, slope);
        for (int j = 0; _prior is not null && j < slope.Length; j++) squares += _prior.Precisions[j] * slope[j] * slope[j];
        return squares;
    }

    /// <summary>β of (S_xx + Λ) β = S_xy; of all solutions the shortest in regressors of unit scatter.</summary>
    void Solve(ReadOnlySpan<double> scatter, int columns, Span<double> slope)
    {
        int count = columns - 1;
        double[] matrix = new double[count * count], right = new double[count], scales = new double[count], values = new double[count], vectors = new double[count * count];
        for (int i = 0; i < count; i++) scales[i] = scatter[i * columns + i] + (_prior?.Precisions[i] ?? 0) is > 0 and var spread ? 1 / Math.Sqrt(spread) : 0;
        for (int i = 0; i < count; i++)
        {
            right[i] = scatter[i * columns + count] * scales[i];
            for (int j = 0; j < count; j++) matrix[i * count + j] = (scatter[i * columns + j] + (i == j ? _prior?.Precisions[i] ?? 0 : 0)) * scales[i] * scales[j];
        }
        SymmetricEigen.Decompose(matrix, count, values, vectors);
        double largest = values.Max();
        slope.Clear();
        for (int direction = 0; direction < count; direction++)
        {
            if (!(values[direction] > Collinear * largest)) continue;
            ReadOnlySpan<double> vector = vectors.AsSpan(direction * count, count);
            double along = BlockMath.Dot(vector, right) / values[direction];
            for (int j = 0; j < count; j++) slope[j] += along * vector[j];
        }
        for (int j = 0; j < count; j++) slope[j] *= scales[j];
    }

    /// <summary>vᵀ S v with v = (−β, 1).</summary>
    static double SquaresOf(ReadOnlySpan<double> scatter, ReadOnlySpan<double> slope)
    {
        int columns = slope.Length + 1;
        double sum = 0;
        for (int i = 0; i < columns; i++)
        {
            double row = scatter[i * columns + slope.Length];
            for (int j = 0; j < slope.Length; j++) row -= slope[j] * scatter[i * columns + j];
            sum += (i < slope.Length ? -slope[i] : 1) * row;
        }
        return Math.Max(0, sum);
    }

    /// <inheritdoc/>
    public double ExpectedLogDensity(GaussianStatistics statistics, RegressionComponents components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        int columns = components.Regressors + 1;
        double sum = 0;
        double[] scatter = new double[columns * columns], origins = components.Origins.ToArray();
        for (int k = 0; k < components.Count; k++)
        {
            statistics.ScatterAbout(k, origins, scatter);
            sum -= 0.5 * (statistics.Counts[k] * Math.Log(2 * Math.PI * components.Variances[k]) + SquaresOf(scatter, components.Slopes(k)) / components.Variances[k]);
        }
        return sum;
    }

    /// <inheritdoc/>
    public double Magnitude(GaussianStatistics statistics, RegressionComponents components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        // The sum of squares over the variance is about as many as there are rows.
        for (int k = 0; k < components.Count; k++) sum += 0.5 * statistics.Counts[k] * (Math.Abs(Math.Log(2 * Math.PI * components.Variances[k])) + 1);
        return sum;
    }

    /// <inheritdoc/>
    public double LogPrior(RegressionComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        for (int k = 0; _prior is not null && k < components.Count; k++) sum += _prior.LogDensity(components.Slopes(k), components.Variances[k]);
        return sum;
    }

    /// <summary>The usual weak prior for a table: as if each slope had been seen to be 0 in a hundredth of a row's spread, and σ² to be a tenth of the response's variance in three rows.</summary>
    internal static RegressionPrior PriorFrom(ObservationTable table)
    {
        double[] variances = ColumnMoments.Variances(table, ColumnMoments.Means(table));
        return new RegressionPrior([.. variances[..^1].Select(variance => variance > 0 ? 0.01 * variance : 0.01)], 3, 3 * Math.Max(0.1 * variances[^1], DefaultFloor(table)));
    }

    /// <inheritdoc/>
    public bool IsOnFloor(RegressionComponents components, int component)
    {
        ArgumentNullException.ThrowIfNull(components);
        return components.Variances[component] <= _floor * 1.001;
    }

    /// <inheritdoc/>
    public IComponentKernel<GaussianStatistics> Prepare(RegressionComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return new Kernel(components);
    }

    /// <inheritdoc/>
    public void Sample(RegressionComponents components, int component, Philox random, Span<double> row)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(random);
        double mean = components.Intercept(component) + BlockMath.Dot(components.Slopes(component), row[..^1]);
        row[^1] = mean + Math.Sqrt(components.Variances[component]) * random.NextNormal();
    }

    sealed class Kernel(RegressionComponents components) : IComponentKernel<GaussianStatistics>
    {
        // Moments about the origins are those of any Gaussian with these means.
        readonly GaussianKernel _moments = new(components.AsGaussian(), KernelProfiles.Current);

        public void LogDensities(RowBlock block, Span<double> into)
        {
            int regressors = components.Regressors;
            for (int k = 0; k < components.Count; k++)
            {
                Span<double> logs = block.Of(into, k);
                ReadOnlySpan<double> response = block.Column(regressors), centre = components.Centre(k), slope = components.Slopes(k);
                for (int i = 0; i < logs.Length; i++) logs[i] = response[i] - components.Levels[k];
                for (int j = 0; j < regressors; j++)
                {
                    ReadOnlySpan<double> values = block.Column(j);
                    for (int i = 0; i < logs.Length; i++) logs[i] -= slope[j] * (values[i] - centre[j]);
                }
                double constant = -0.5 * Math.Log(2 * Math.PI * components.Variances[k]), factor = -0.5 / components.Variances[k];
                foreach (ref double value in logs) value = constant + factor * value * value;
            }
        }

        public FamilyBound Accumulate(RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities, GaussianStatistics into)
        {
            _moments.Accumulate(block, responsibilities, logDensities, into);
            return FamilyBound.Of(block, responsibilities, logDensities);
        }
    }
}
