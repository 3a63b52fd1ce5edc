using Elbo.Engine;
using Elbo.Files;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>The parameters of K components of counts over the same categories. Immutable.</summary>
/// <param name="probabilities">K × categories; every component's add up to 1.</param>
/// <param name="categories">How many categories, which are the columns.</param>
public sealed class MultinomialComponents(double[] probabilities, int categories) : IComponents<MultinomialComponents>
{
    /// <inheritdoc/>
    public int Count => probabilities.Length / categories;

    /// <inheritdoc/>
    public int Columns => categories;

    /// <summary>How many categories there are.</summary>
    public int Categories => categories;

    /// <summary>The distribution of one component.</summary>
    public ReadOnlySpan<double> Probabilities(int component) => probabilities.AsSpan(component * categories, categories);

    /// <inheritdoc/>
    public MultinomialComponents Select(ReadOnlySpan<int> components)
    {
        var selected = new double[components.Length * categories];
        for (int k = 0; k < components.Length; k++) Probabilities(components[k]).CopyTo(selected.AsSpan(k * categories));
        return new MultinomialComponents(selected, categories);
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("probabilities", [Count, categories], probabilities, TensorConstraint.Simplex);
    }

    /// <inheritdoc/>
    public static MultinomialComponents FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return new MultinomialComponents(tensors.Doubles("probabilities", TensorConstraint.Simplex, -1, -1), tensors.Length("probabilities", 1));
    }
}

/// <summary>
/// Counts of a row's items over categories, p(x | k) = n! Π_j p_kj^x_j / x_j! with n = Σ x_j as it is. Statistics of a component: Σ q x; Σ q ln(n! / Π x_j!).
/// </summary>
public sealed class Multinomial : IComponentFamily<MultinomialComponents, DenseStatistics>
{
    const string ConcentrationKey = "prior_concentration";

    readonly DirichletPrior? _prior;

    /// <summary>The family.</summary>
    /// <param name="prior">A Dirichlet prior on every component's distribution; null for maximum likelihood.</param>
    public Multinomial(DirichletPrior? prior = null) => _prior = prior;

    /// <inheritdoc/>
    public string Name => "multinomial";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => _prior is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [ConcentrationKey] = Properties.Write(_prior.Concentration) };

    internal static Multinomial Create(IReadOnlyDictionary<string, string> settings) =>
        new(settings.ContainsKey(ConcentrationKey) ? new DirichletPrior(Properties.ReadDouble(settings, ConcentrationKey)) : null);

    /// <inheritdoc/>
    public void Check(ObservationTable table) => Requirement.Counts(table, Name);

    /// <inheritdoc/>
    public MultinomialComponents Pool(ObservationTable table, int components)
    {
        ArgumentNullException.ThrowIfNull(table);
        double[] pooled = DirichletPrior.Mode(ColumnMoments.Means(table), _prior);
        return new MultinomialComponents([.. Enumerable.Range(0, components).SelectMany(_ => pooled)], pooled.Length);
    }

    /// <inheritdoc/>
    public DenseStatistics CreateStatistics(MultinomialComponents current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new DenseStatistics(current.Count * (current.Categories + 1));
    }

    /// <inheritdoc/>
    public MultinomialComponents Maximize(DenseStatistics statistics, MultinomialComponents current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        var probabilities = new double[current.Count * current.Categories];
        for (int k = 0; k < current.Count; k++)
        {
            ReadOnlySpan<double> counts = Of(statistics, current.Categories, k)[..^1];
            bool empty = _prior is null && !counts.ContainsAnyExcept(0);
            (empty ? current.Probabilities(k) : DirichletPrior.Mode(counts, _prior)).CopyTo(probabilities.AsSpan(k * current.Categories));
        }
        return new MultinomialComponents(probabilities, current.Categories);
    }

    /// <inheritdoc/>
    public double ExpectedLogDensity(DenseStatistics statistics, MultinomialComponents components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        for (int k = 0; k < components.Count; k++)
        {
            ReadOnlySpan<double> own = Of(statistics, components.Categories, k);
            sum += DirichletPrior.ExpectedLog(own[..^1], components.Probabilities(k)) + own[^1];
        }
        return sum;
    }

    /// <inheritdoc/>
    public double LogPrior(MultinomialComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        if (_prior is not null)
            for (int k = 0; k < components.Count; k++) sum += _prior.LogDensity(components.Probabilities(k));
        return sum;
    }

    /// <inheritdoc/>
    public IComponentKernel<DenseStatistics> Prepare(MultinomialComponents components) => new Kernel(components);

    /// <summary>Draws as many items as the row has; a row of zeros gets 100.</summary>
    /// <inheritdoc/>
    public void Sample(MultinomialComponents components, int component, Philox random, Span<double> row)
    {
        const int UsualItems = 100;
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(random);
        double items = BlockMath.Sum(row) is > 0 and var given ? given : UsualItems;
        row.Clear();
        for (int item = 0; item < items; item++) row[random.NextCategorical(components.Probabilities(component))]++;
    }

    static Span<double> Of(DenseStatistics statistics, int categories, int component) => statistics.Values.Slice(component * (categories + 1), categories + 1);

    sealed class Kernel(MultinomialComponents components) : IComponentKernel<DenseStatistics>
    {
        readonly double[] _logs = [.. Enumerable.Range(0, components.Count).SelectMany(k => components.Probabilities(k).ToArray()).Select(p => Math.Log(p))];
        readonly double[] _coefficients = new double[RowBlock.Capacity];
        readonly double[] _totals = new double[RowBlock.Capacity];

        public void LogDensities(RowBlock block, Span<double> into)
        {
            CoefficientsOf(block);
            for (int k = 0; k < components.Count; k++)
            {
                Span<double> logs = block.Of(into, k);
                _coefficients.AsSpan(0, logs.Length).CopyTo(logs);
                for (int j = 0; j < block.Columns; j++)
                {
                    ReadOnlySpan<double> counts = block.Column(j);
                    double log = _logs[k * components.Categories + j];
                    for (int i = 0; i < logs.Length; i++)
                        if (counts[i] != 0) logs[i] += counts[i] * log;
                }
            }
        }

        public FamilyBound Accumulate(RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities, DenseStatistics into)
        {
            CoefficientsOf(block);
            for (int k = 0; k < components.Count; k++)
            {
                ReadOnlySpan<double> q = block.Of(responsibilities, k);
                Span<double> own = Of(into, components.Categories, k);
                for (int j = 0; j < block.Columns; j++) own[j] += BlockMath.Dot(q, block.Column(j));
                own[^1] += BlockMath.Dot(q, _coefficients.AsSpan(0, q.Length));
            }
            return FamilyBound.Of(block, responsibilities, logDensities);
        }

        void CoefficientsOf(RowBlock block)
        {
            Array.Clear(_coefficients);
            Array.Clear(_totals);
            for (int j = 0; j < block.Columns; j++)
            {
                ReadOnlySpan<double> counts = block.Column(j);
                for (int i = 0; i < counts.Length; i++)
                {
                    _totals[i] += counts[i];
                    _coefficients[i] -= SpecialFunctions.LogGamma(counts[i] + 1);
                }
            }
            for (int i = 0; i < block.Count; i++) _coefficients[i] += SpecialFunctions.LogGamma(_totals[i] + 1);
        }
    }
}
