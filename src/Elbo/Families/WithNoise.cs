using Elbo.Engine;
using Elbo.Files;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>Components of a family, and a last one that is uniform noise. Immutable.</summary>
/// <typeparam name="TComponents">The family's parameters.</typeparam>
/// <param name="own">The components that are not noise, at least one.</param>
/// <param name="lower">The lower bound of the noise in each column.</param>
/// <param name="upper">The upper bound.</param>
public sealed class NoisyComponents<TComponents>(TComponents own, double[] lower, double[] upper) : IComponents<NoisyComponents<TComponents>>
    where TComponents : class, IComponents<TComponents>
{
    const string Prefix = "components/";

    /// <summary>The components that are not noise.</summary>
    public TComponents Own => own;

    /// <summary>The lower bound of the noise in each column.</summary>
    public ReadOnlySpan<double> Lower => lower;

    /// <summary>The upper bound of the noise in each column.</summary>
    public ReadOnlySpan<double> Upper => upper;

    /// <inheritdoc/>
    public int Count => own.Count + 1;

    /// <inheritdoc/>
    public int Columns => own.Columns;

    /// <inheritdoc/>
    public bool CanDrop(int component) => own.Count > 1 && component < own.Count;

    /// <summary>The noise must be among the components and stay the last.</summary>
    /// <inheritdoc/>
    public NoisyComponents<TComponents> Select(ReadOnlySpan<int> components)
    {
        if (components.Length < 2 || components[^1] != own.Count || components[..^1].Contains(own.Count))
            throw new ArgumentException("The noise is the last component and cannot be moved or left out, and one other component must stay.", nameof(components));
        return new NoisyComponents<TComponents>(own.Select(components[..^1]), lower, upper);
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        own.Describe(new PrefixedVisitor(Prefix, visitor));
        visitor.Visit("noise_lower", [lower.Length], lower, TensorConstraint.Fixed);
        visitor.Visit("noise_upper", [upper.Length], upper, TensorConstraint.Fixed);
    }

    /// <inheritdoc/>
    public static NoisyComponents<TComponents> FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        TComponents own = TComponents.FromTensors(tensors.Under(Prefix));
        double[] lower = tensors.Doubles("noise_lower", TensorConstraint.Fixed, own.Columns), upper = tensors.Doubles("noise_upper", TensorConstraint.Fixed, own.Columns);
        for (int j = 0; j < lower.Length; j++)
            if (!(lower[j] < upper[j])) throw new InvalidDataException($"Tensors 'noise_lower' and 'noise_upper' go from {lower[j]:R} to {upper[j]:R} at place {j}, which is no interval.");
        return new NoisyComponents<TComponents>(own, lower, upper);
    }
}

/// <summary>Statistics of a family beside noise: the family's own, and the weight of the noise. Not thread-safe.</summary>
/// <typeparam name="TStatistics">The family's statistics.</typeparam>
/// <param name="own">The family's statistics.</param>
public sealed class NoisyStatistics<TStatistics>(TStatistics own) : IStatistics<NoisyStatistics<TStatistics>>
    where TStatistics : class, IStatistics<TStatistics>
{
    const string Prefix = "components/";

    /// <summary>The family's statistics.</summary>
    public TStatistics Own => own;

    /// <summary>Σ q(z = noise).</summary>
    public double Noise { get; set; }

    /// <inheritdoc/>
    public void Add(NoisyStatistics<TStatistics> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        own.Add(other.Own);
        Noise += other.Noise;
    }

    /// <inheritdoc/>
    public void Scale(double factor)
    {
        own.Scale(factor);
        Noise *= factor;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        own.Clear();
        Noise = 0;
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("noise", [], [Noise], TensorConstraint.Fixed);
        own.Describe(new PrefixedVisitor(Prefix, visitor));
    }

    /// <inheritdoc/>
    public static NoisyStatistics<TStatistics> FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return new NoisyStatistics<TStatistics>(TStatistics.FromTensors(tensors.Under(Prefix))) { Noise = tensors.Doubles("noise", TensorConstraint.Fixed)[0] };
    }
}

/// <summary>
/// Any family with uniform noise beside it: the last component has the density 1 / volume in a box, and none outside it (Banfield and Raftery 1993).
/// It has no parameters, and takes the rows that fit nowhere else.
/// </summary>
/// <typeparam name="TComponents">The family's parameters.</typeparam>
/// <typeparam name="TStatistics">The family's statistics.</typeparam>
public sealed class WithNoise<TComponents, TStatistics> : IComponentFamily<NoisyComponents<TComponents>, NoisyStatistics<TStatistics>>
    where TComponents : class, IComponents<TComponents>
    where TStatistics : class, IStatistics<TStatistics>
{
    internal const string LowerKey = "noise_lower", UpperKey = "noise_upper";

    readonly IComponentFamily<TComponents, TStatistics> _family;
    readonly double[] _lower, _upper;

    /// <summary>The family with noise in a box.</summary>
    /// <param name="family">The family.</param>
    /// <param name="lower">The lower bound in each column; rows on it are inside.</param>
    /// <param name="upper">The upper bound, above the lower one.</param>
    public WithNoise(IComponentFamily<TComponents, TStatistics> family, double[] lower, double[] upper)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(lower);
        ArgumentNullException.ThrowIfNull(upper);
        if (lower.Length != upper.Length) throw new ArgumentException($"{lower.Length} lower bounds do not fit {upper.Length} upper ones.", nameof(upper));
        for (int j = 0; j < lower.Length; j++)
            if (!(lower[j] < upper[j] && double.IsFinite(upper[j] - lower[j]))) throw new ArgumentException($"Column {j + 1} has noise from {lower[j]} to {upper[j]}, which is no interval.", nameof(upper));
        (_family, _lower, _upper) = (family, lower, upper);
    }

    /// <summary>The noise in the box of a table; a constant column gets an interval of length 1.</summary>
    public static WithNoise<TComponents, TStatistics> Around(IComponentFamily<TComponents, TStatistics> family, ObservationTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        double[] lower = table.Row(0).ToArray(), upper = table.Row(0).ToArray();
        for (int i = 1; i < table.RowCount; i++)
        {
            ReadOnlySpan<double> row = table.Row(i);
            for (int j = 0; j < row.Length; j++) (lower[j], upper[j]) = (Math.Min(lower[j], row[j]), Math.Max(upper[j], row[j]));
        }
        for (int j = 0; j < lower.Length; j++)
            if (lower[j] == upper[j]) (lower[j], upper[j]) = (lower[j] - 0.5 * Math.Max(1, Math.Abs(lower[j])), upper[j] + 0.5 * Math.Max(1, Math.Abs(upper[j])));
        return new WithNoise<TComponents, TStatistics>(family, lower, upper);
    }

    /// <inheritdoc/>
    public string Name => _family.Name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(_family.Settings) { [LowerKey] = Join(_lower), [UpperKey] = Join(_upper) };

    /// <summary>The bounds that the settings of a family with noise hold.</summary>
    internal static WithNoise<TComponents, TStatistics> Create(IComponentFamily<TComponents, TStatistics> family, IReadOnlyDictionary<string, string> settings) =>
        new(family, Split(settings, LowerKey), Split(settings, UpperKey));

    static string Join(double[] values) => string.Join(' ', values.Select(value => Properties.Write(value)));

    static double[] Split(IReadOnlyDictionary<string, string> settings, string name) => [.. Properties.Read(settings, name).Split(' ').Select(text =>
        double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : throw new InvalidDataException($"The setting '{name}' has '{text}', which is no number."))];

    /// <inheritdoc/>
    public bool HasRegressors => _family.HasRegressors;

    /// <inheritdoc/>
    public void Check(ObservationTable table)
    {
        _family.Check(table);
        if (table.ColumnCount != _lower.Length) throw new ArgumentException($"The noise has bounds for {_lower.Length} columns, and the table has {table.ColumnCount}.", nameof(table));
    }

    /// <inheritdoc/>
    public NoisyComponents<TComponents> Pool(ObservationTable table, int components)
    {
        if (components < 2) throw new ArgumentOutOfRangeException(nameof(components), components, "The noise is one of the components, and there must be another.");
        return new NoisyComponents<TComponents>(_family.Pool(table, components - 1), _lower, _upper);
    }

    /// <inheritdoc/>
    public NoisyStatistics<TStatistics> CreateStatistics(NoisyComponents<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new NoisyStatistics<TStatistics>(_family.CreateStatistics(current.Own));
    }

    /// <inheritdoc/>
    public NoisyStatistics<TStatistics> Renew(NoisyStatistics<TStatistics> used, NoisyComponents<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(used);
        ArgumentNullException.ThrowIfNull(current);
        TStatistics renewed = _family.Renew(used.Own, current.Own);
        if (!ReferenceEquals(renewed, used.Own)) return new NoisyStatistics<TStatistics>(renewed);
        used.Noise = 0;
        return used;
    }

    /// <inheritdoc/>
    public NoisyStatistics<TStatistics> Recentre(NoisyStatistics<TStatistics> statistics, NoisyComponents<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        return new NoisyStatistics<TStatistics>(_family.Recentre(statistics.Own, current.Own)) { Noise = statistics.Noise };
    }

    /// <inheritdoc/>
    public NoisyComponents<TComponents> Maximize(NoisyStatistics<TStatistics> statistics, NoisyComponents<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        return new NoisyComponents<TComponents>(_family.Maximize(statistics.Own, current.Own), _lower, _upper);
    }

    /// <inheritdoc/>
    public NoisyComponents<TComponents> Constrain(NoisyComponents<TComponents> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return new NoisyComponents<TComponents>(_family.Constrain(components.Own), _lower, _upper);
    }

    /// <inheritdoc/>
    public double ExpectedLogDensity(NoisyStatistics<TStatistics> statistics, NoisyComponents<TComponents> components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        return _family.ExpectedLogDensity(statistics.Own, components.Own) + statistics.Noise * LogDensity(components);
    }

    /// <inheritdoc/>
    public double Magnitude(NoisyStatistics<TStatistics> statistics, NoisyComponents<TComponents> components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        return _family.Magnitude(statistics.Own, components.Own);
    }

    /// <inheritdoc/>
    public double LogPrior(NoisyComponents<TComponents> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return _family.LogPrior(components.Own);
    }

    /// <inheritdoc/>
    public bool IsOnFloor(NoisyComponents<TComponents> components, int component)
    {
        ArgumentNullException.ThrowIfNull(components);
        return component < components.Own.Count && _family.IsOnFloor(components.Own, component);
    }

    /// <inheritdoc/>
    public IComponentKernel<NoisyStatistics<TStatistics>> Prepare(NoisyComponents<TComponents> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return new Kernel(components, _family.Prepare(components.Own));
    }

    /// <inheritdoc/>
    public void Sample(NoisyComponents<TComponents> components, int component, Philox random, Span<double> row)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(random);
        if (component < components.Own.Count) _family.Sample(components.Own, component, random, row);
        else
            for (int j = 0; j < row.Length; j++) row[j] = components.Lower[j] + random.NextDouble() * (components.Upper[j] - components.Lower[j]);
    }

    static double LogDensity(NoisyComponents<TComponents> components)
    {
        double sum = 0;
        for (int j = 0; j < components.Lower.Length; j++) sum -= Math.Log(components.Upper[j] - components.Lower[j]);
        return sum;
    }

    sealed class Kernel(NoisyComponents<TComponents> components, IComponentKernel<TStatistics> own) : IComponentKernel<NoisyStatistics<TStatistics>>
    {
        readonly double _logDensity = LogDensity(components);
        readonly int _length = components.Own.Count * RowBlock.Capacity;

        public void LogDensities(RowBlock block, Span<double> into)
        {
            own.LogDensities(block, into[.._length]);
            Span<double> noise = block.Of(into, components.Own.Count);
            noise.Fill(_logDensity);
            for (int j = 0; j < block.Columns; j++)
            {
                ReadOnlySpan<double> values = block.Column(j);
                for (int i = 0; i < noise.Length; i++)
                    if (values[i] < components.Lower[j] || values[i] > components.Upper[j]) noise[i] = double.NegativeInfinity;
            }
        }

        public FamilyBound Accumulate(RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities, NoisyStatistics<TStatistics> into)
        {
            FamilyBound bound = own.Accumulate(block, responsibilities[.._length], logDensities[.._length], into.Own);
            double noise = BlockMath.Sum(block.Of(responsibilities, components.Own.Count));
            into.Noise += noise;
            return bound with { ExpectedLogDensity = bound.ExpectedLogDensity + noise * _logDensity };
        }
    }
}
