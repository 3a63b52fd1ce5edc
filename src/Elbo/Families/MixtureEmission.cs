using Elbo.Engine;
using Elbo.Files;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>
/// Any family, with components that are each a mixture of M parts: p(x | k) = Σ_m w_km p(x | k, m). A hidden Markov model of it has mixture emissions (Rabiner 1989, eq. 49). Which part made a row is a latent
/// variable of the family's own: its posterior and entropy are in the bound.
/// </summary>
/// <typeparam name="TComponents">The parameters of the parts.</typeparam>
/// <typeparam name="TStatistics">Their statistics.</typeparam>
public sealed class MixtureEmission<TComponents, TStatistics> : IComponentFamily<MixtureEmissionComponents<TComponents>, MixtureEmissionStatistics<TStatistics>>
    where TComponents : class, IComponents<TComponents>
    where TStatistics : class, IStatistics<TStatistics>
{
    internal const string PartsKey = "emission_components";
    const string ConcentrationKey = "emission_concentration";

    readonly IComponentFamily<TComponents, TStatistics> _family;
    readonly int _parts;
    readonly DirichletPrior? _prior;

    /// <summary>The family.</summary>
    /// <param name="family">The family of the parts.</param>
    /// <param name="parts">M ≥ 1, how many parts each component has.</param>
    /// <param name="prior">A prior on the weights of each component's parts; null for none.</param>
    public MixtureEmission(IComponentFamily<TComponents, TStatistics> family, int parts, DirichletPrior? prior = null)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        (_family, _parts, _prior) = (family, parts, prior);
    }

    /// <inheritdoc/>
    public string Name => _family.Name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string>(_family.Settings) { [PartsKey] = Properties.Write(_parts) };
            if (_prior is not null) settings[ConcentrationKey] = Properties.Write(_prior.Concentration);
            return settings;
        }
    }

    internal static MixtureEmission<TComponents, TStatistics> Create(IComponentFamily<TComponents, TStatistics> family, IReadOnlyDictionary<string, string> settings)
    {
        int parts = Properties.ReadInt32(settings, PartsKey);
        if (parts < 1) throw new InvalidDataException($"The metadata have {parts} for '{PartsKey}', which must be 1 or more.");
        return new(family, parts, settings.ContainsKey(ConcentrationKey) ? new DirichletPrior(Properties.ReadDouble(settings, ConcentrationKey)) : null);
    }

    /// <inheritdoc/>
    public bool HasRegressors => _family.HasRegressors;

    /// <inheritdoc/>
    public void Check(ObservationTable table) => _family.Check(table);

    /// <summary>Components are equal, but their parts are not, for EM never tells equal ones apart: part m leans to the m-th share of the rows in the order of their sums of columns of variance 1.</summary>
    /// <inheritdoc/>
    public MixtureEmissionComponents<TComponents> Pool(ObservationTable table, int components)
    {
        ArgumentNullException.ThrowIfNull(table);
        TComponents pool = _family.Pool(table, components * _parts);
        int[] place = PlacesBySum(table);
        TStatistics statistics = _family.CreateStatistics(pool);
        IComponentKernel<TStatistics> kernel = _family.Prepare(pool);
        double[] responsibilities = new double[pool.Count * RowBlock.Capacity], logDensities = new double[responsibilities.Length], values = new double[table.ColumnCount * RowBlock.Capacity];
        for (int first = 0; first < table.RowCount; first += RowBlock.Capacity)
        {
            int count = Math.Min(RowBlock.Capacity, table.RowCount - first);
            RowBlock block = RowBlock.Transpose(table.Values.Slice(first * table.ColumnCount, count * table.ColumnCount), table.ColumnCount, values);
            Array.Clear(responsibilities);
            for (int part = 0; part < pool.Count; part++)
                for (int i = 0; i < count; i++)
                {
                    double weight = table.Weights.IsEmpty ? 1 : table.Weights[first + i];
                    bool own = (long)place[first + i] * _parts / table.RowCount == part % _parts;
                    responsibilities[part * RowBlock.Capacity + i] = weight * ((own ? 0.5 : 0) + 0.5 / _parts) / components;
                }
            kernel.LogDensities(block, logDensities);
            kernel.Accumulate(block, responsibilities, logDensities, statistics);
        }
        return new MixtureEmissionComponents<TComponents>([.. Enumerable.Repeat(1.0 / _parts, pool.Count)], _family.Maximize(statistics, pool), components);
    }

    static int[] PlacesBySum(ObservationTable table)
    {
        double[] means = ColumnMoments.Means(table), variances = ColumnMoments.Variances(table, means), sums = new double[table.RowCount];
        for (int i = 0; i < sums.Length; i++)
            for (int j = 0; j < means.Length; j++)
                if (variances[j] > 0) sums[i] += (table.Row(i)[j] - means[j]) / Math.Sqrt(variances[j]);
        int[] order = [.. Enumerable.Range(0, sums.Length).OrderBy(row => sums[row]).ThenBy(row => row)], places = new int[order.Length];
        for (int place = 0; place < order.Length; place++) places[order[place]] = place;
        return places;
    }

    /// <inheritdoc/>
    public MixtureEmissionStatistics<TStatistics> CreateStatistics(MixtureEmissionComponents<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new MixtureEmissionStatistics<TStatistics>(current.Parts.Count, _family.CreateStatistics(current.Parts));
    }

    /// <inheritdoc/>
    public MixtureEmissionStatistics<TStatistics> Renew(MixtureEmissionStatistics<TStatistics> used, MixtureEmissionComponents<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(used);
        ArgumentNullException.ThrowIfNull(current);
        TStatistics renewed = _family.Renew(used.Parts, current.Parts);
        if (!ReferenceEquals(renewed, used.Parts)) return new MixtureEmissionStatistics<TStatistics>(current.Parts.Count, renewed);
        used.Counts.Clear();
        return used;
    }

    /// <inheritdoc/>
    public MixtureEmissionStatistics<TStatistics> Recentre(MixtureEmissionStatistics<TStatistics> statistics, MixtureEmissionComponents<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        var moved = new MixtureEmissionStatistics<TStatistics>(statistics.Counts.Length, _family.Recentre(statistics.Parts, current.Parts));
        statistics.Counts.CopyTo(moved.Counts);
        return moved;
    }

    /// <inheritdoc/>
    public MixtureEmissionComponents<TComponents> Maximize(MixtureEmissionStatistics<TStatistics> statistics, MixtureEmissionComponents<TComponents> current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        var weights = new double[statistics.Counts.Length];
        for (int k = 0; k < current.Count; k++)
        {
            ReadOnlySpan<double> counts = statistics.Counts.Slice(k * current.PartCount, current.PartCount);
            ReadOnlySpan<double> own = BlockMath.Sum(counts) > 0 || _prior is { Concentration: > 1 } ? DirichletPrior.Mode(counts, _prior) : current.Weights(k);
            own.CopyTo(weights.AsSpan(k * current.PartCount));
        }
        return new MixtureEmissionComponents<TComponents>(weights, _family.Maximize(statistics.Parts, current.Parts), current.Count);
    }

    /// <inheritdoc/>
    public MixtureEmissionComponents<TComponents> Constrain(MixtureEmissionComponents<TComponents> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return components.WithParts(_family.Constrain(components.Parts));
    }

    /// <inheritdoc/>
    public double ExpectedLogDensity(MixtureEmissionStatistics<TStatistics> statistics, MixtureEmissionComponents<TComponents> components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        double sum = _family.ExpectedLogDensity(statistics.Parts, components.Parts);
        for (int k = 0; k < components.Count; k++) sum += DirichletPrior.ExpectedLog(statistics.Counts.Slice(k * components.PartCount, components.PartCount), components.Weights(k));
        return sum;
    }

    /// <inheritdoc/>
    public double Magnitude(MixtureEmissionStatistics<TStatistics> statistics, MixtureEmissionComponents<TComponents> components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        return _family.Magnitude(statistics.Parts, components.Parts);
    }

    /// <inheritdoc/>
    public double LogPrior(MixtureEmissionComponents<TComponents> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        double sum = _family.LogPrior(components.Parts);
        for (int k = 0; _prior is not null && k < components.Count; k++) sum += _prior.LogDensity(components.Weights(k));
        return sum;
    }

    /// <summary>Whether one of its parts is.</summary>
    /// <inheritdoc/>
    public bool IsOnFloor(MixtureEmissionComponents<TComponents> components, int component)
    {
        ArgumentNullException.ThrowIfNull(components);
        for (int part = 0; part < components.PartCount; part++)
            if (_family.IsOnFloor(components.Parts, component * components.PartCount + part)) return true;
        return false;
    }

    /// <inheritdoc/>
    public IComponentKernel<MixtureEmissionStatistics<TStatistics>> Prepare(MixtureEmissionComponents<TComponents> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return new Kernel(components, _family.Prepare(components.Parts));
    }

    /// <inheritdoc/>
    public void Sample(MixtureEmissionComponents<TComponents> components, int component, Philox random, Span<double> row)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(random);
        _family.Sample(components.Parts, component * components.PartCount + random.NextCategorical(components.Weights(component)), random, row);
    }

    sealed class Kernel(MixtureEmissionComponents<TComponents> components, IComponentKernel<TStatistics> parts) : IComponentKernel<MixtureEmissionStatistics<TStatistics>>
    {
        readonly double[] _logWeights = [.. Enumerable.Range(0, components.Count).SelectMany(k => components.Weights(k).ToArray()).Select(weight => Math.Log(weight))];
        readonly double[] _partLogs = new double[components.Parts.Count * RowBlock.Capacity], _partResponsibilities = new double[components.Parts.Count * RowBlock.Capacity];

        public void LogDensities(RowBlock block, Span<double> into)
        {
            parts.LogDensities(block, _partLogs);
            for (int k = 0; k < components.Count; k++)
            {
                Span<double> logs = block.Of(into, k);
                for (int i = 0; i < logs.Length; i++)
                {
                    double largest = double.NegativeInfinity, sum = 0;
                    for (int part = 0; part < components.PartCount; part++) largest = Math.Max(largest, LogJoint(k, part, i));
                    for (int part = 0; part < components.PartCount && !double.IsNegativeInfinity(largest); part++) sum += Math.Exp(LogJoint(k, part, i) - largest);
                    logs[i] = double.IsNegativeInfinity(largest) ? largest : largest + Math.Log(sum);
                }
            }
        }

        public FamilyBound Accumulate(RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities, MixtureEmissionStatistics<TStatistics> into)
        {
            parts.LogDensities(block, _partLogs);
            Array.Clear(_partResponsibilities);
            double joint = 0, entropy = 0;
            for (int k = 0; k < components.Count; k++)
            {
                ReadOnlySpan<double> q = block.Of(responsibilities, k), logs = block.Of(logDensities, k);
                for (int part = 0, place = k * components.PartCount; part < components.PartCount; part++, place++)
                {
                    double count = 0;
                    Span<double> own = block.Of(_partResponsibilities.AsSpan(), place);
                    for (int i = 0; i < q.Length; i++)
                    {
                        if (q[i] == 0) continue;
                        // A row that no part can have made tells nothing of which it was.
                        double log = double.IsNegativeInfinity(logs[i]) ? _logWeights[place] : LogJoint(k, part, i) - logs[i], share = Math.Exp(log);
                        own[i] = q[i] * share;
                        count += own[i];
                        if (share > 0) entropy -= own[i] * log;
                    }
                    into.Counts[place] += count;
                    if (count > 0) joint += count * _logWeights[place];
                }
            }
            FamilyBound bound = parts.Accumulate(block, _partResponsibilities, _partLogs, into.Parts);
            return new FamilyBound(joint + bound.ExpectedLogDensity, entropy + bound.Entropy);
        }

        double LogJoint(int component, int part, int row)
        {
            int place = component * components.PartCount + part;
            return _logWeights[place] + _partLogs[place * RowBlock.Capacity + row];
        }
    }
}
