using Elbo.Engine;
using Elbo.Files;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>
/// The multivariate Student-t with a scale matrix for every component: x | u ~ N(μ, Σ/u), u ~ Gamma(ν/2, rate ν/2) (Peel and McLachlan 2000). The M-step is that of ECM: ν maximises the
/// expected log-likelihood of x and u, so that the bound is climbed; ECME's step for ν climbs another function.
/// </summary>
public sealed class StudentT : IComponentFamily<StudentTComponents, StudentTStatistics>
{
    const string FloorKey = "variance_floor", DegreesKey = "degrees_of_freedom", Estimated = "estimated";

    /// <summary>The bounds of ν. Above the upper one a Student-t is a Gaussian to six digits; at a bound it is the constrained optimum.</summary>
    const double LeastDegrees = 0.05, MostDegrees = 1e6;

    readonly Gaussian _gaussian;
    readonly double? _degreesOfFreedom;

    /// <summary>The family.</summary>
    /// <param name="floor">The least variances of scale matrices.</param>
    /// <param name="degreesOfFreedom">ν of every component, above 0; null estimates one for each, between 0.05 and 1e6.</param>
    /// <param name="prior">A prior on centres and scale matrices; null for maximum likelihood.</param>
    public StudentT(VarianceFloor floor, double? degreesOfFreedom = null, NormalInverseWishartPrior? prior = null)
    {
        if (degreesOfFreedom is { } given && !(given > 0 && double.IsFinite(given))) throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), given, "The degrees of freedom must be above 0.");
        _gaussian = new Gaussian(CovarianceStructure.Full, floor, prior);
        _degreesOfFreedom = degreesOfFreedom;
    }

    /// <inheritdoc/>
    public string Name => "student-t";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string>
            {
                [FloorKey] = _gaussian.Floor.Write(),
                [DegreesKey] = _degreesOfFreedom is { } degrees ? Properties.Write(degrees) : Estimated,
            };
            NormalInverseWishartPrior.Write(_gaussian.Prior, settings);
            return settings;
        }
    }

    internal static StudentT Create(IReadOnlyDictionary<string, string> settings)
    {
        double? degrees = Properties.Read(settings, DegreesKey) == Estimated ? null : Properties.ReadDouble(settings, DegreesKey);
        return new StudentT(VarianceFloor.Read(Properties.Read(settings, FloorKey)), degrees, NormalInverseWishartPrior.Read(settings));
    }

    /// <inheritdoc/>
    public void Check(ObservationTable table) => _gaussian.Check(table);

    /// <inheritdoc/>
    public StudentTComponents Pool(ObservationTable table, int components)
    {
        const double UsualDegrees = 30;
        var degrees = new double[components];
        Array.Fill(degrees, _degreesOfFreedom ?? UsualDegrees);
        return new StudentTComponents(_gaussian.Pool(table, components), degrees, _degreesOfFreedom is null);
    }

    /// <inheritdoc/>
    public StudentTStatistics CreateStatistics(StudentTComponents current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new StudentTStatistics(_gaussian.CreateStatistics(current.Gaussian));
    }

    /// <inheritdoc/>
    public StudentTStatistics Renew(StudentTStatistics used, StudentTComponents current)
    {
        ArgumentNullException.ThrowIfNull(used);
        ArgumentNullException.ThrowIfNull(current);
        GaussianStatistics renewed = _gaussian.Renew(used.Gaussian, current.Gaussian);
        if (!ReferenceEquals(renewed, used.Gaussian)) return new StudentTStatistics(renewed);
        used.Clear();
        return used;
    }

    /// <inheritdoc/>
    public StudentTStatistics Recentre(StudentTStatistics statistics, StudentTComponents current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        var moved = new StudentTStatistics(_gaussian.Recentre(statistics.Gaussian, current.Gaussian));
        statistics.Counts.CopyTo(moved.Counts);
        statistics.LogScales.CopyTo(moved.LogScales);
        return moved;
    }

    /// <inheritdoc/>
    public StudentTComponents Maximize(StudentTStatistics statistics, StudentTComponents current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        // μ is where a Gaussian with the weights q E[u] has it; Σ is their scatter over Σ q.
        GaussianComponents gaussian = _gaussian.Maximize(statistics.Gaussian, current.Gaussian, statistics.Counts);
        double[] degrees = current.DegreesOfFreedom.ToArray();
        for (int k = 0; _degreesOfFreedom is null && k < degrees.Length; k++)
            if (statistics.Counts[k] > 0) degrees[k] = BestDegrees((statistics.LogScales[k] - statistics.Gaussian.Counts[k]) / statistics.Counts[k]);
        return new StudentTComponents(gaussian, degrees, current.IsEstimated);
    }

    /// <inheritdoc/>
    public StudentTComponents Constrain(StudentTComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        double[] degrees = components.DegreesOfFreedom.ToArray();
        if (components.IsEstimated)
            foreach (ref double value in degrees.AsSpan()) value = Math.Clamp(value, LeastDegrees, MostDegrees);
        return new StudentTComponents(_gaussian.Constrain(components.Gaussian), degrees, components.IsEstimated);
    }

    /// <summary>The root of ln(ν/2) + 1 − ψ(ν/2) + c, c = mean of E[ln u] − E[u] ≤ −1, which falls in ν: bisection in ln ν.</summary>
    static double BestDegrees(double c)
    {
        static double Slope(double degrees) => Math.Log(degrees / 2) - SpecialFunctions.Digamma(degrees / 2) + 1;
        if (!(Slope(MostDegrees) + c < 0)) return MostDegrees;
        if (!(Slope(LeastDegrees) + c > 0)) return LeastDegrees;
        double low = Math.Log(LeastDegrees), high = Math.Log(MostDegrees);
        while (high - low > 1e-15 * Math.Max(1, Math.Abs(high)))
        {
            double middle = (low + high) / 2;
            if (middle <= low || middle >= high) break;
            if (Slope(Math.Exp(middle)) + c > 0) low = middle;
            else high = middle;
        }
        return Math.Exp(low);
    }

    /// <inheritdoc/>
    public double ExpectedLogDensity(StudentTStatistics statistics, StudentTComponents components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        int columns = components.Gaussian.Columns;
        double sum = 0;
        var scatter = new double[columns * columns];
        for (int k = 0; k < components.Count; k++)
        {
            statistics.Gaussian.ScatterAbout(k, components.Gaussian.Means, scatter);
            double half = components.DegreesOfFreedom[k] / 2, count = statistics.Counts[k], logScales = statistics.LogScales[k];
            sum -= 0.5 * (count * (columns * Math.Log(2 * Math.PI) + components.Gaussian.LogDeterminant(k)) - columns * logScales + components.Gaussian.TraceOf(k, scatter));
            sum += count * (half * Math.Log(half) - SpecialFunctions.LogGamma(half)) + (half - 1) * logScales - half * statistics.Gaussian.Counts[k];
        }
        return sum;
    }

    /// <inheritdoc/>
    public double Magnitude(StudentTStatistics statistics, StudentTComponents components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        return _gaussian.Magnitude(statistics.Gaussian, components.Gaussian);
    }

    /// <inheritdoc/>
    public double LogPrior(StudentTComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return _gaussian.LogPrior(components.Gaussian);
    }

    /// <inheritdoc/>
    public bool IsOnFloor(StudentTComponents components, int component)
    {
        ArgumentNullException.ThrowIfNull(components);
        return _gaussian.IsOnFloor(components.Gaussian, component);
    }

    /// <inheritdoc/>
    public IComponentKernel<StudentTStatistics> Prepare(StudentTComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return new Kernel(components, _gaussian.Prepare(components.Gaussian));
    }

    /// <inheritdoc/>
    public void Sample(StudentTComponents components, int component, Philox random, Span<double> row)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(random);
        double half = components.DegreesOfFreedom[component] / 2, spread = 1 / Math.Sqrt(random.NextGamma(half) / half);
        _gaussian.Sample(components.Gaussian, component, random, row);
        ReadOnlySpan<double> centre = components.Gaussian.Mean(component);
        for (int j = 0; j < row.Length; j++) row[j] = centre[j] + spread * (row[j] - centre[j]);
    }

    sealed class Kernel : IComponentKernel<StudentTStatistics>
    {
        readonly StudentTComponents _components;
        readonly IComponentKernel<GaussianStatistics> _gaussian;
        readonly double[] _distances, _weighted, _peaks, _constants;

        public Kernel(StudentTComponents components, IComponentKernel<GaussianStatistics> gaussian)
        {
            (_components, _gaussian) = (components, gaussian);
            int columns = components.Gaussian.Columns;
            _distances = new double[components.Count * RowBlock.Capacity];
            _weighted = new double[components.Count * RowBlock.Capacity];
            _peaks = new double[components.Count];
            _constants = new double[components.Count];
            for (int k = 0; k < components.Count; k++)
            {
                double degrees = components.DegreesOfFreedom[k], logDeterminant = components.Gaussian.LogDeterminant(k);
                _peaks[k] = -0.5 * (columns * Math.Log(2 * Math.PI) + logDeterminant);
                _constants[k] = SpecialFunctions.LogGamma((degrees + columns) / 2) - SpecialFunctions.LogGamma(degrees / 2) - 0.5 * (columns * Math.Log(degrees * Math.PI) + logDeterminant);
            }
        }

        /// <summary>log t = ln Γ((ν + d)/2) − ln Γ(ν/2) − ½ (d ln(νπ) + ln |Σ|) − ½ (ν + d) ln(1 + δ/ν), δ the squared distance.</summary>
        public void LogDensities(RowBlock block, Span<double> into)
        {
            DistancesOf(block);
            for (int k = 0; k < _components.Count; k++)
            {
                double degrees = _components.DegreesOfFreedom[k], half = (degrees + block.Columns) / 2;
                Span<double> logs = block.Of(into, k), distances = block.Of(_distances.AsSpan(), k);
                for (int i = 0; i < logs.Length; i++) logs[i] = _constants[k] - half * LogOfOnePlus(distances[i] / degrees);
            }
        }

        public FamilyBound Accumulate(RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities, StudentTStatistics into)
        {
            DistancesOf(block);
            double joint = 0, entropy = 0;
            Array.Clear(_weighted);
            for (int k = 0; k < _components.Count; k++)
            {
                // q(u) = Gamma((ν + d)/2, (ν + δ)/2).
                double degrees = _components.DegreesOfFreedom[k], half = degrees / 2, shape = half + block.Columns / 2.0;
                double digamma = SpecialFunctions.Digamma(shape), logGamma = SpecialFunctions.LogGamma(shape), prior = half * Math.Log(half) - SpecialFunctions.LogGamma(half);
                ReadOnlySpan<double> q = block.Of(responsibilities, k);
                Span<double> distances = block.Of(_distances.AsSpan(), k), weighted = block.Of(_weighted.AsSpan(), k);
                double count = 0, logScales = 0;
                for (int i = 0; i < q.Length; i++)
                {
                    if (q[i] == 0) continue;
                    double rate = (degrees + distances[i]) / 2, scale = shape / rate, logRate = Math.Log(rate), logScale = digamma - logRate;
                    weighted[i] = q[i] * scale;
                    count += q[i];
                    logScales += q[i] * logScale;
                    joint += q[i] * (_peaks[k] + 0.5 * block.Columns * logScale - 0.5 * scale * distances[i] + prior + (half - 1) * logScale - half * scale);
                    entropy += q[i] * (shape - logRate + logGamma + (1 - shape) * digamma);
                }
                into.Counts[k] += count;
                into.LogScales[k] += logScales;
            }
            _gaussian.Accumulate(block, _weighted, logDensities, into.Gaussian);
            return new FamilyBound(joint, entropy);
        }

        /// <summary>ln(1 + x) with all digits for small x: what rounding did to 1 + x cancels in the quotient.</summary>
        static double LogOfOnePlus(double x)
        {
            double sum = 1 + x;
            return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
        }

        /// <summary>From the Gaussian's log-densities, which are the peak less half the squared distance.</summary>
        void DistancesOf(RowBlock block)
        {
            _gaussian.LogDensities(block, _distances);
            for (int k = 0; k < _components.Count; k++)
                foreach (ref double value in block.Of(_distances.AsSpan(), k)) value = Math.Max(0, 2 * (_peaks[k] - value));
        }
    }
}
