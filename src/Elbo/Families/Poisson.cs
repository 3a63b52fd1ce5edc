using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>The parameters of K components of independent Poisson counts.</summary>
/// <param name="rates">λ, K × columns, each above 0.</param>
/// <param name="columns">How many counts a row has.</param>
public sealed class PoissonComponents(double[] rates, int columns) : IComponents<PoissonComponents>
{
    /// <inheritdoc/>
    public int Count => rates.Length / columns;

    /// <inheritdoc/>
    public int Columns => columns;

    /// <summary>λ of one component, one for each column.</summary>
    public ReadOnlySpan<double> Rates(int component) => rates.AsSpan(component * columns, columns);

    /// <inheritdoc/>
    public PoissonComponents Select(ReadOnlySpan<int> components)
    {
        var selected = new double[components.Length * columns];
        for (int k = 0; k < components.Length; k++) Rates(components[k]).CopyTo(selected.AsSpan(k * columns));
        return new PoissonComponents(selected, columns);
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("rates", [Count, columns], rates, TensorConstraint.Positive);
    }

    /// <inheritdoc/>
    public static PoissonComponents FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return new PoissonComponents(tensors.Doubles("rates", TensorConstraint.Positive, -1, -1), tensors.Length("rates", 1));
    }
}

/// <summary>
/// Independent Poisson counts, p(x | k) = Π_j e^(−λ_kj) λ_kj^x_j / x_j!. Statistics of a component: Σ q; for every column Σ q x; Σ q Σ_j ln x_j!.
/// </summary>
public sealed class Poisson : IComponentFamily<PoissonComponents, DenseStatistics>
{
    /// <summary>λ ≥ this, so that a component of zeros has a logarithm. The likelihood is bounded there, and so nothing is an artefact of it.</summary>
    const double LeastRate = 1e-12;

    readonly GammaPrior? _prior;

    /// <summary>The family, with a prior or without.</summary>
    /// <param name="prior">Gamma(shape, rate) on every λ, shape ≥ 1; null for maximum likelihood.</param>
    public Poisson(GammaPrior? prior = null) => _prior = prior;

    /// <inheritdoc/>
    public string Name => "poisson";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => GammaPrior.Write(_prior);

    internal static Poisson Create(IReadOnlyDictionary<string, string> settings) => new(GammaPrior.Read(settings));

    /// <inheritdoc/>
    public void Check(ObservationTable table) => Requirement.Counts(table, Name);

    /// <inheritdoc/>
    public PoissonComponents Pool(ObservationTable table, int components)
    {
        ArgumentNullException.ThrowIfNull(table);
        double[] means = ColumnMoments.Means(table);
        return new PoissonComponents([.. Enumerable.Range(0, components).SelectMany(_ => means.Select(mean => Math.Max(mean, LeastRate)))], means.Length);
    }

    /// <inheritdoc/>
    public DenseStatistics CreateStatistics(PoissonComponents current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new DenseStatistics(current.Count * (current.Columns + 2));
    }

    /// <inheritdoc/>
    public PoissonComponents Maximize(DenseStatistics statistics, PoissonComponents current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        int columns = current.Columns;
        var rates = new double[current.Count * columns];
        for (int k = 0; k < current.Count; k++)
        {
            ReadOnlySpan<double> own = Of(statistics, columns, k);
            for (int j = 0; j < columns; j++)
            {
                // The mode of Gamma(shape + Σ q x, rate + Σ q).
                double sum = own[1 + j] + (_prior?.Shape - 1 ?? 0), count = own[0] + (_prior?.Rate ?? 0);
                rates[k * columns + j] = count > 0 ? Math.Max(sum / count, LeastRate) : current.Rates(k)[j];
            }
        }
        return new PoissonComponents(rates, columns);
    }

    /// <inheritdoc/>
    public PoissonComponents Constrain(PoissonComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return new PoissonComponents([.. Enumerable.Range(0, components.Count).SelectMany(k => components.Rates(k).ToArray()).Select(rate => Math.Max(rate, LeastRate))], components.Columns);
    }

    /// <inheritdoc/>
    public double ExpectedLogDensity(DenseStatistics statistics, PoissonComponents components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        for (int k = 0; k < components.Count; k++)
        {
            ReadOnlySpan<double> own = Of(statistics, components.Columns, k), rates = components.Rates(k);
            for (int j = 0; j < rates.Length; j++) sum += own[1 + j] * Math.Log(rates[j]) - own[0] * rates[j];
            sum -= own[^1];
        }
        return sum;
    }

    /// <inheritdoc/>
    public double LogPrior(PoissonComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        if (_prior is not null)
            for (int k = 0; k < components.Count; k++)
                foreach (double rate in components.Rates(k)) sum += _prior.LogDensity(rate);
        return sum;
    }

    /// <inheritdoc/>
    public IComponentKernel<DenseStatistics> Prepare(PoissonComponents components) => new Kernel(components);

    /// <inheritdoc/>
    public void Sample(PoissonComponents components, int component, Philox random, Span<double> row)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(random);
        for (int j = 0; j < row.Length; j++) row[j] = random.NextPoisson(components.Rates(component)[j]);
    }

    static Span<double> Of(DenseStatistics statistics, int columns, int component) => statistics.Values.Slice(component * (columns + 2), columns + 2);

    sealed class Kernel(PoissonComponents components) : IComponentKernel<DenseStatistics>
    {
        readonly double[] _logRates = [.. Enumerable.Range(0, components.Count).SelectMany(k => components.Rates(k).ToArray()).Select(rate => Math.Log(rate))];
        readonly double[] _logFactorials = new double[RowBlock.Capacity];

        public void LogDensities(RowBlock block, Span<double> into)
        {
            FactorialsOf(block);
            for (int k = 0; k < components.Count; k++)
            {
                Span<double> logs = block.Of(into, k);
                for (int i = 0; i < logs.Length; i++) logs[i] = -_logFactorials[i];
                for (int j = 0; j < components.Columns; j++)
                {
                    ReadOnlySpan<double> counts = block.Column(j);
                    double rate = components.Rates(k)[j], log = _logRates[k * components.Columns + j];
                    for (int i = 0; i < logs.Length; i++) logs[i] += counts[i] * log - rate;
                }
            }
        }

        public FamilyBound Accumulate(RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities, DenseStatistics into)
        {
            FactorialsOf(block);
            for (int k = 0; k < components.Count; k++)
            {
                ReadOnlySpan<double> q = block.Of(responsibilities, k);
                Span<double> own = Of(into, components.Columns, k);
                own[0] += BlockMath.Sum(q);
                for (int j = 0; j < components.Columns; j++) own[1 + j] += BlockMath.Dot(q, block.Column(j));
                own[^1] += BlockMath.Dot(q, _logFactorials.AsSpan(0, q.Length));
            }
            return FamilyBound.Of(block, responsibilities, logDensities);
        }

        void FactorialsOf(RowBlock block)
        {
            Array.Clear(_logFactorials);
            for (int j = 0; j < block.Columns; j++)
            {
                ReadOnlySpan<double> counts = block.Column(j);
                for (int i = 0; i < counts.Length; i++) _logFactorials[i] += SpecialFunctions.LogGamma(counts[i] + 1);
            }
        }
    }
}
