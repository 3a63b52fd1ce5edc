using System.Globalization;
using Elbo.Engine;
using Elbo.Files;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>The parameters of K components of independent categorical columns: one distribution for each component and column. Immutable.</summary>
public sealed class CategoricalComponents : IComponents<CategoricalComponents>
{
    readonly double[] _probabilities;
    readonly int[] _categories;
    readonly int[] _offsets;

    /// <summary>The components.</summary>
    /// <param name="probabilities">For each component its columns' distributions, one after another.</param>
    /// <param name="categories">How many categories each column has.</param>
    public CategoricalComponents(double[] probabilities, IReadOnlyList<int> categories)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(categories);
        _categories = [.. categories];
        _offsets = new int[_categories.Length + 1];
        for (int j = 0; j < _categories.Length; j++) _offsets[j + 1] = _offsets[j] + _categories[j];
        if (_offsets[^1] == 0 || probabilities.Length % _offsets[^1] != 0) throw new ArgumentException($"{probabilities.Length} probabilities do not fit {_offsets[^1]} categories.", nameof(probabilities));
        _probabilities = probabilities;
    }

    /// <inheritdoc/>
    public int Count => _probabilities.Length / Width;

    /// <inheritdoc/>
    public int Columns => _categories.Length;

    /// <summary>How many categories each column has.</summary>
    public IReadOnlyList<int> Categories => _categories;

    /// <summary>How many categories all columns have together.</summary>
    internal int Width => _offsets[^1];

    /// <summary>Where a column's categories begin among those of all columns.</summary>
    internal int Offset(int column) => _offsets[column];

    /// <summary>All distributions of one component, column after column.</summary>
    internal ReadOnlySpan<double> Row(int component) => _probabilities.AsSpan(component * Width, Width);

    /// <summary>p(x_j = c | k), one for each category c.</summary>
    public ReadOnlySpan<double> Probabilities(int component, int column) => Row(component).Slice(_offsets[column], _categories[column]);

    /// <inheritdoc/>
    public CategoricalComponents Select(ReadOnlySpan<int> components)
    {
        var selected = new double[components.Length * Width];
        for (int k = 0; k < components.Length; k++) Row(components[k]).CopyTo(selected.AsSpan(k * Width));
        return new CategoricalComponents(selected, _categories);
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("categories", [_categories.Length], _categories);
        for (int j = 0; j < _categories.Length; j++)
        {
            var column = new double[Count * _categories[j]];
            for (int k = 0; k < Count; k++) Probabilities(k, j).CopyTo(column.AsSpan(k * _categories[j]));
            visitor.Visit(string.Create(CultureInfo.InvariantCulture, $"probabilities/{j}"), [Count, _categories[j]], column, TensorConstraint.Simplex);
        }
    }

    /// <inheritdoc/>
    public static CategoricalComponents FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        int[] categories = tensors.Integers("categories", -1);
        if (categories.Length == 0 || categories.Any(count => count is < 1 or > 1 << 20)) throw new InvalidDataException("Tensor 'categories' has a number of categories that cannot be.");
        int components = tensors.Length("probabilities/0", 0), width = categories.Sum(), offset = 0;
        double[][] columns = [.. categories.Select((count, j) => tensors.Doubles(string.Create(CultureInfo.InvariantCulture, $"probabilities/{j}"), TensorConstraint.Simplex, components, count))];
        var probabilities = new double[checked(components * width)];
        for (int j = 0; j < categories.Length; offset += categories[j], j++)
            for (int k = 0; k < components; k++) columns[j].AsSpan(k * categories[j], categories[j]).CopyTo(probabilities.AsSpan(k * width + offset));
        return new CategoricalComponents(probabilities, categories);
    }
}

/// <summary>
/// Independent categorical columns, p(x | k) = Π_j p_kj(x_j): latent class analysis. A value is the index of its category. Statistics of a component: Σ q 1(x_j = c).
/// </summary>
public sealed class Categorical : IComponentFamily<CategoricalComponents, DenseStatistics>
{
    const string CategoriesKey = "categories", ConcentrationKey = "prior_concentration";

    readonly int[] _categories;
    readonly DirichletPrior? _prior;

    /// <summary>The family.</summary>
    /// <param name="categories">How many categories each column has.</param>
    /// <param name="prior">A Dirichlet prior on every distribution; null for maximum likelihood.</param>
    public Categorical(IReadOnlyList<int> categories, DirichletPrior? prior = null)
    {
        ArgumentNullException.ThrowIfNull(categories);
        _categories = categories.Count > 0 && categories.All(count => count >= 1) ? [.. categories] : throw new ArgumentException("Every column needs at least one category.", nameof(categories));
        _prior = prior;
    }

    /// <summary>How many categories the columns of a table have: one more than the largest index.</summary>
    /// <exception cref="ArgumentException">A value is no index.</exception>
    public static int[] CategoriesOf(ObservationTable table)
    {
        Requirement.Every(table, "categorical", value => value >= 0 && value == Math.Floor(value) && value < 1 << 20, "categories' indices, 0, 1, …");
        var categories = new int[table.ColumnCount];
        for (int i = 0; i < table.RowCount; i++)
            for (int j = 0; j < categories.Length; j++) categories[j] = Math.Max(categories[j], (int)table.Row(i)[j] + 1);
        return categories;
    }

    /// <inheritdoc/>
    public string Name => "categorical";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string> { [CategoriesKey] = string.Join(',', _categories.Select(count => Properties.Write(count))) };
            if (_prior is not null) settings[ConcentrationKey] = Properties.Write(_prior.Concentration);
            return settings;
        }
    }

    internal static Categorical Create(IReadOnlyDictionary<string, string> settings)
    {
        int[] categories = [.. Properties.Read(settings, CategoriesKey).Split(',').Select(text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1 ? count : throw new InvalidDataException($"The setting '{CategoriesKey}' has '{text}', which is no number of categories."))];
        return new Categorical(categories, settings.ContainsKey(ConcentrationKey) ? new DirichletPrior(Properties.ReadDouble(settings, ConcentrationKey)) : null);
    }

    /// <inheritdoc/>
    public void Check(ObservationTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.ColumnCount != _categories.Length) throw new ArgumentException($"The family has {_categories.Length} columns, and the table {table.ColumnCount}.", nameof(table));
        int[] categories = CategoriesOf(table);
        for (int j = 0; j < categories.Length; j++)
            if (categories[j] > _categories[j])
                throw new ArgumentException($"Column '{table.ColumnNames[j]}' has the category {categories[j] - 1}, and the family knows 0 to {_categories[j] - 1}.", nameof(table));
    }

    /// <inheritdoc/>
    public CategoricalComponents Pool(ObservationTable table, int components)
    {
        ArgumentNullException.ThrowIfNull(table);
        var counts = new double[_categories.Sum()];
        for (int i = 0; i < table.RowCount; i++)
            for (int j = 0, offset = 0; j < _categories.Length; offset += _categories[j], j++)
                counts[offset + (int)table.Row(i)[j]] += table.Weights.IsEmpty ? 1 : table.Weights[i];
        double[] pooled = Modes(counts);
        return new CategoricalComponents([.. Enumerable.Range(0, components).SelectMany(_ => pooled)], _categories);
    }

    /// <inheritdoc/>
    public DenseStatistics CreateStatistics(CategoricalComponents current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new DenseStatistics(current.Count * current.Width);
    }

    /// <inheritdoc/>
    public CategoricalComponents Maximize(DenseStatistics statistics, CategoricalComponents current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        var probabilities = new double[current.Count * current.Width];
        for (int k = 0; k < current.Count; k++)
        {
            ReadOnlySpan<double> counts = statistics.Values.Slice(k * current.Width, current.Width);
            bool empty = _prior is null && !counts.ContainsAnyExcept(0);
            (empty ? current.Row(k) : Modes(counts)).CopyTo(probabilities.AsSpan(k * current.Width));
        }
        return new CategoricalComponents(probabilities, _categories);
    }

    double[] Modes(ReadOnlySpan<double> counts)
    {
        var modes = new double[counts.Length];
        for (int j = 0, offset = 0; j < _categories.Length; offset += _categories[j], j++)
            DirichletPrior.Mode(counts.Slice(offset, _categories[j]), _prior).CopyTo(modes, offset);
        return modes;
    }

    /// <inheritdoc/>
    public double ExpectedLogDensity(DenseStatistics statistics, CategoricalComponents components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        for (int k = 0; k < components.Count; k++) sum += DirichletPrior.ExpectedLog(statistics.Values.Slice(k * components.Width, components.Width), components.Row(k));
        return sum;
    }

    /// <inheritdoc/>
    public double LogPrior(CategoricalComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        if (_prior is not null)
            for (int k = 0; k < components.Count; k++)
                for (int j = 0; j < _categories.Length; j++) sum += _prior.LogDensity(components.Probabilities(k, j));
        return sum;
    }

    /// <inheritdoc/>
    public IComponentKernel<DenseStatistics> Prepare(CategoricalComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return components.Categories.SequenceEqual(_categories) ? new Kernel(components)
            : throw new ArgumentException($"The family has columns of {string.Join(", ", _categories)} categories, and the components of {string.Join(", ", components.Categories)}.", nameof(components));
    }

    /// <inheritdoc/>
    public void Sample(CategoricalComponents components, int component, Philox random, Span<double> row)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(random);
        for (int j = 0; j < row.Length; j++) row[j] = random.NextCategorical(components.Probabilities(component, j));
    }

    sealed class Kernel(CategoricalComponents components) : IComponentKernel<DenseStatistics>
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
                    ReadOnlySpan<double> own = _logs.AsSpan(k * components.Width + components.Offset(j), components.Categories[j]), values = block.Column(j);
                    for (int i = 0; i < logs.Length; i++) logs[i] += own[(int)values[i]];
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
                    Span<double> counts = into.Values.Slice(k * components.Width + components.Offset(j), components.Categories[j]);
                    ReadOnlySpan<double> values = block.Column(j);
                    for (int i = 0; i < q.Length; i++) counts[(int)values[i]] += q[i];
                }
            }
            return FamilyBound.Of(block, responsibilities, logDensities);
        }
    }
}
