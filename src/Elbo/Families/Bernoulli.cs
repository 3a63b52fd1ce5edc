using Elbo.Engine;
using Elbo.Files;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>The parameters of K components of independent columns of 0 and 1. Immutable.</summary>
/// <param name="probabilities">K × columns × 2: of 0 and of 1.</param>
/// <param name="columns">How many columns a row has.</param>
public sealed class BernoulliComponents(double[] probabilities, int columns) : IComponents<BernoulliComponents>
{
    /// <inheritdoc/>
    public int Count => probabilities.Length / (2 * columns);

    /// <inheritdoc/>
    public int Columns => columns;

    /// <summary>Of one component: for every column the probabilities of 0 and of 1.</summary>
    internal ReadOnlySpan<double> Row(int component) => probabilities.AsSpan(component * 2 * columns, 2 * columns);

    /// <summary>p(x_j = 1 | k).</summary>
    public double Probability(int component, int column) => Row(component)[2 * column + 1];

    /// <inheritdoc/>
    public BernoulliComponents Select(ReadOnlySpan<int> components)
    {
        var selected = new double[components.Length * 2 * columns];
        for (int k = 0; k < components.Length; k++) Row(components[k]).CopyTo(selected.AsSpan(k * 2 * columns));
        return new BernoulliComponents(selected, columns);
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("probabilities", [Count, columns, 2], probabilities, TensorConstraint.Simplex);
    }

    /// <inheritdoc/>
    public static BernoulliComponents FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return new BernoulliComponents(tensors.Doubles("probabilities", TensorConstraint.Simplex, -1, -1, 2), tensors.Length("probabilities", 1));
    }
}

/// <summary>Independent columns of 0 and 1, p(x | k) = Π_j p_kj^x_j (1 − p_kj)^(1 − x_j). Statistics of a component: for every column Σ q (1 − x) and Σ q x.</summary>
public sealed class Bernoulli : IComponentFamily<BernoulliComponents, DenseStatistics>
{
    const string ConcentrationKey = "prior_concentration";

    readonly DirichletPrior? _prior;

    /// <summary>The family.</summary>
    /// <param name="prior">Beta(a, a) on every probability, as the Dirichlet distribution of the two; null for maximum likelihood.</param>
    public Bernoulli(DirichletPrior? prior = null) => _prior = prior;

    /// <inheritdoc/>
    public string Name => "bernoulli";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => _prior is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [ConcentrationKey] = Properties.Write(_prior.Concentration) };

    internal static Bernoulli Create(IReadOnlyDictionary<string, string> settings) =>
        new(settings.ContainsKey(ConcentrationKey) ? new DirichletPrior(Properties.ReadDouble(settings, ConcentrationKey)) : null);

    /// <inheritdoc/>
    public void Check(ObservationTable table) => Requirement.Every(table, Name, value => value is 0 or 1, "only 0 and 1");

    /// <inheritdoc/>
    public BernoulliComponents Pool(ObservationTable table, int components)
    {
        ArgumentNullException.ThrowIfNull(table);
        double[] counts = [.. ColumnMoments.Means(table).SelectMany(mean => (double[])[(1 - mean) * table.TotalWeight, mean * table.TotalWeight])];
        double[] pooled = Modes(counts);
        return new BernoulliComponents([.. Enumerable.Range(0, components).SelectMany(_ => pooled)], table.ColumnCount);
    }

    /// <inheritdoc/>
    public DenseStatistics CreateStatistics(BernoulliComponents current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new DenseStatistics(current.Count * 2 * current.Columns);
    }

    /// <inheritdoc/>
    public BernoulliComponents Maximize(DenseStatistics statistics, BernoulliComponents current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        int width = 2 * current.Columns;
        var probabilities = new double[current.Count * width];
        for (int k = 0; k < current.Count; k++)
        {
            ReadOnlySpan<double> counts = statistics.Values.Slice(k * width, width);
            bool empty = _prior is null && !counts.ContainsAnyExcept(0);
            (empty ? current.Row(k) : Modes(counts)).CopyTo(probabilities.AsSpan(k * width));
        }
        return new BernoulliComponents(probabilities, current.Columns);
    }

    double[] Modes(ReadOnlySpan<double> counts)
    {
        var modes = new double[counts.Length];
        for (int place = 0; place < counts.Length; place += 2) DirichletPrior.Mode(counts.Slice(place, 2), _prior).CopyTo(modes, place);
        return modes;
    }

    /// <inheritdoc/>
    public double ExpectedLogDensity(DenseStatistics statistics, BernoulliComponents components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        int width = 2 * components.Columns;
        for (int k = 0; k < components.Count; k++) sum += DirichletPrior.ExpectedLog(statistics.Values.Slice(k * width, width), components.Row(k));
        return sum;
    }

    /// <inheritdoc/>
    public double LogPrior(BernoulliComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        if (_prior is not null)
            for (int k = 0; k < components.Count; k++)
                for (int j = 0; j < components.Columns; j++) sum += _prior.LogDensity(components.Row(k).Slice(2 * j, 2));
        return sum;
    }

    /// <inheritdoc/>
    public IComponentKernel<DenseStatistics> Prepare(BernoulliComponents components) => new Kernel(components);

    /// <inheritdoc/>
    public void Sample(BernoulliComponents components, int component, Philox random, Span<double> row)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(random);
        for (int j = 0; j < row.Length; j++) row[j] = random.NextDouble() < components.Probability(component, j) ? 1 : 0;
    }

    sealed class Kernel(BernoulliComponents components) : IComponentKernel<DenseStatistics>
    {
        readonly double[] _logs = [.. Enumerable.Range(0, components.Count).SelectMany(k => components.Row(k).ToArray()).Select(p => Math.Log(p))];

        public void LogDensities(RowBlock block, Span<double> into)
        {
            for (int k = 0; k < components.Count; k++)
            {
                Span<double> logs = block.Of(into, k);
                logs.Clear();
                for (int j = 0; j < block.Columns; j++)
                {
                    ReadOnlySpan<double> values = block.Column(j);
                    double zero = _logs[2 * (k * components.Columns + j)], one = _logs[2 * (k * components.Columns + j) + 1];
                    for (int i = 0; i < logs.Length; i++) logs[i] += values[i] == 0 ? zero : one;
                }
            }
        }

        public FamilyBound Accumulate(RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities, DenseStatistics into)
        {
            for (int k = 0; k < components.Count; k++)
            {
                ReadOnlySpan<double> q = block.Of(responsibilities, k);
                for (int j = 0; j < block.Columns; j++)
                {
                    Span<double> counts = into.Values.Slice(2 * (k * components.Columns + j), 2);
                    ReadOnlySpan<double> values = block.Column(j);
                    for (int i = 0; i < q.Length; i++) counts[(int)values[i]] += q[i];
                }
            }
            return FamilyBound.Of(block, responsibilities, logDensities);
        }
    }
}
