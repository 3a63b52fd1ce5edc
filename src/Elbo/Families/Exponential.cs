using Elbo.Engine;
using Elbo.Files;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>The parameters of K components of independent exponential columns. Immutable.</summary>
/// <param name="rates">λ, K × columns, each above 0; the mean is 1/λ.</param>
/// <param name="columns">How many columns a row has.</param>
public sealed class ExponentialComponents(double[] rates, int columns) : IComponents<ExponentialComponents>
{
    /// <inheritdoc/>
    public int Count => rates.Length / columns;

    /// <inheritdoc/>
    public int Columns => columns;

    /// <summary>λ of one component, one for each column.</summary>
    public ReadOnlySpan<double> Rates(int component) => rates.AsSpan(component * columns, columns);

    /// <inheritdoc/>
    public ExponentialComponents Select(ReadOnlySpan<int> components)
    {
        var selected = new double[components.Length * columns];
        for (int k = 0; k < components.Length; k++) Rates(components[k]).CopyTo(selected.AsSpan(k * columns));
        return new ExponentialComponents(selected, columns);
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("rates", [Count, columns], rates, TensorConstraint.Positive);
    }

    /// <inheritdoc/>
    public static ExponentialComponents FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return new ExponentialComponents(tensors.Doubles("rates", TensorConstraint.Positive, -1, -1), tensors.Length("rates", 1));
    }
}

/// <summary>Independent exponential columns, p(x | k) = Π_j λ_kj e^(−λ_kj x_j), x ≥ 0. Statistics of a component: Σ q; for every column Σ q x.</summary>
public sealed class Exponential : IComponentFamily<ExponentialComponents, DenseStatistics>
{
    const string LeastMeanKey = "least_mean";

    readonly double _leastMean;
    readonly GammaPrior? _prior;

    /// <summary>The family.</summary>
    /// <param name="leastMean">The floor: 1/λ is never less than this, for a component of zeros would have an unbounded likelihood. Above 0.</param>
    /// <param name="prior">Gamma(shape, rate) on every λ; null for maximum likelihood.</param>
    public Exponential(double leastMean, GammaPrior? prior = null)
    {
        _leastMean = leastMean > 0 && double.IsFinite(leastMean) ? leastMean : throw new ArgumentOutOfRangeException(nameof(leastMean), leastMean, "The least mean must be above 0.");
        _prior = prior;
    }

    /// <inheritdoc/>
    public string Name => "exponential";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(GammaPrior.Write(_prior)) { [LeastMeanKey] = Properties.Write(_leastMean) };

    internal static Exponential Create(IReadOnlyDictionary<string, string> settings) => new(Properties.ReadDouble(settings, LeastMeanKey), GammaPrior.Read(settings));

    /// <inheritdoc/>
    public void Check(ObservationTable table) => Requirement.Every(table, Name, value => value >= 0, "numbers of 0 or more");

    /// <inheritdoc/>
    public ExponentialComponents Pool(ObservationTable table, int components)
    {
        ArgumentNullException.ThrowIfNull(table);
        double[] means = ColumnMoments.Means(table);
        return new ExponentialComponents([.. Enumerable.Range(0, components).SelectMany(_ => means.Select(mean => 1 / Math.Max(mean, _leastMean)))], means.Length);
    }

    /// <inheritdoc/>
    public DenseStatistics CreateStatistics(ExponentialComponents current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new DenseStatistics(current.Count * (current.Columns + 1));
    }

    /// <inheritdoc/>
    public ExponentialComponents Maximize(DenseStatistics statistics, ExponentialComponents current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        var rates = new double[current.Count * current.Columns];
        for (int k = 0; k < current.Count; k++)
        {
            ReadOnlySpan<double> own = Of(statistics, current.Columns, k);
            for (int j = 0; j < current.Columns; j++)
            {
                // The mode of Gamma(shape + Σ q, rate + Σ q x), whose density falls on both sides of it, so that clipping is exact.
                double count = own[0] + (_prior?.Shape - 1 ?? 0), sum = own[1 + j] + (_prior?.Rate ?? 0);
                rates[k * current.Columns + j] = count > 0 ? 1 / Math.Max(sum / count, _leastMean) : current.Rates(k)[j];
            }
        }
        return new ExponentialComponents(rates, current.Columns);
    }

    /// <inheritdoc/>
    public ExponentialComponents Constrain(ExponentialComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return new ExponentialComponents([.. Enumerable.Range(0, components.Count).SelectMany(k => components.Rates(k).ToArray()).Select(rate => Math.Min(rate, 1 / _leastMean))], components.Columns);
    }

    /// <inheritdoc/>
    public double ExpectedLogDensity(DenseStatistics statistics, ExponentialComponents components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        for (int k = 0; k < components.Count; k++)
        {
            ReadOnlySpan<double> own = Of(statistics, components.Columns, k), rates = components.Rates(k);
            for (int j = 0; j < rates.Length; j++) sum += own[0] * Math.Log(rates[j]) - own[1 + j] * rates[j];
        }
        return sum;
    }

    /// <inheritdoc/>
    public double LogPrior(ExponentialComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        if (_prior is not null)
            for (int k = 0; k < components.Count; k++)
                foreach (double rate in components.Rates(k)) sum += _prior.LogDensity(rate);
        return sum;
    }

    /// <inheritdoc/>
    public bool IsOnFloor(ExponentialComponents components, int component)
    {
        ArgumentNullException.ThrowIfNull(components);
        foreach (double rate in components.Rates(component))
            if (rate >= 1 / _leastMean) return true;
        return false;
    }

    /// <inheritdoc/>
    public IComponentKernel<DenseStatistics> Prepare(ExponentialComponents components) => new Kernel(components);

    /// <inheritdoc/>
    public void Sample(ExponentialComponents components, int component, Philox random, Span<double> row)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(random);
        for (int j = 0; j < row.Length; j++) row[j] = -StableMath.Log(random.NextDoublePositive()) / components.Rates(component)[j];
    }

    static Span<double> Of(DenseStatistics statistics, int columns, int component) => statistics.Values.Slice(component * (columns + 1), columns + 1);

    sealed class Kernel(ExponentialComponents components) : IComponentKernel<DenseStatistics>
    {
        readonly double[] _logs = [.. Enumerable.Range(0, components.Count).Select(k => components.Rates(k).ToArray().Sum(rate => Math.Log(rate)))];

        public void LogDensities(RowBlock block, Span<double> into)
        {
            for (int k = 0; k < components.Count; k++)
            {
                Span<double> logs = block.Of(into, k);
                logs.Fill(_logs[k]);
                for (int j = 0; j < block.Columns; j++)
                {
                    ReadOnlySpan<double> values = block.Column(j);
                    double rate = components.Rates(k)[j];
                    for (int i = 0; i < logs.Length; i++) logs[i] -= rate * values[i];
                }
            }
        }

        public FamilyBound Accumulate(RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities, DenseStatistics into)
        {
            for (int k = 0; k < components.Count; k++)
            {
                ReadOnlySpan<double> q = block.Of(responsibilities, k);
                Span<double> own = Of(into, components.Columns, k);
                own[0] += BlockMath.Sum(q);
                for (int j = 0; j < block.Columns; j++) own[1 + j] += BlockMath.Dot(q, block.Column(j));
            }
            return FamilyBound.Of(block, responsibilities, logDensities);
        }
    }
}
