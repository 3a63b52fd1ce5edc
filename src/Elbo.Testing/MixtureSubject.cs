using Elbo.Engine;
using Elbo.Families;
using Elbo.Mixtures;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Testing;

/// <summary>The finite mixture of a family, for the kit: <c>Conformance.CheckAll(new MixtureSubject&lt;…&gt;("geometric", family, table, 3))</c>.</summary>
/// <typeparam name="TComponents">The components' parameters.</typeparam>
/// <typeparam name="TStatistics">The components' statistics.</typeparam>
/// <param name="name">The name in messages.</param>
/// <param name="family">The family.</param>
/// <param name="table">10 to 100 rows of all kinds that the family takes; their weights are replaced by those of the laws, known responsibilities are kept.</param>
/// <param name="components">K; from 3 on labels are exchanged too.</param>
/// <param name="weightPrior">A prior on the weights; null for none.</param>
/// <param name="hard">Whether q is a single assignment.</param>
/// <param name="logDensity">The family's density, written plainly; null takes that of its kernel.</param>
/// <param name="start">θ for a seed; null makes one of responsibilities that are drawn.</param>
public sealed class MixtureSubject<TComponents, TStatistics>(
    string name, IComponentFamily<TComponents, TStatistics> family, ObservationTable table, int components, DirichletPrior? weightPrior = null, bool hard = false,
    LogDensity<TComponents>? logDensity = null, Func<ulong, MixtureParameters<TComponents>>? start = null)
    : ModelSubject<ObservationBatch, MixtureParameters<TComponents>, MixtureStatistics<TStatistics>>
    where TComponents : class, IComponents<TComponents>
    where TStatistics : class, IStatistics<TStatistics>
{
    readonly FamilyProbe<TComponents, TStatistics> _probe = new(family, table, components, logDensity);

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override IModel<MixtureParameters<TComponents>, MixtureStatistics<TStatistics>> Model { get; } = new MixtureModel<TComponents, TStatistics>(family, weightPrior);

    /// <inheritdoc/>
    public override bool EnumeratesEverything => _probe.HasNoOwnLatents;

    /// <inheritdoc/>
    public override IEStep<ObservationBatch, MixtureParameters<TComponents>, MixtureStatistics<TStatistics>> CreateEStep() => new MixtureEStep<TComponents, TStatistics>(family, hard);

    /// <inheritdoc/>
    public override IObservations<ObservationBatch> Open() => new Rows(table);

    /// <inheritdoc/>
    public override MixtureParameters<TComponents> CreateStart(ulong seed)
    {
        if (start is not null) return start(seed);
        // The M-step from responsibilities that are drawn, so that starts differ in everything.
        Philox random = Philox.ForStream(seed, 0x57);
        double[] alpha = [.. Enumerable.Repeat(0.3, components)], responsibilities = new double[table.RowCount * components];
        for (int i = 0; i < table.RowCount; i++) random.NextDirichlet(alpha, responsibilities.AsSpan(i * components, components));
        var origin = new MixtureParameters<TComponents>([.. Enumerable.Repeat(1.0 / components, components)], family.Pool(table, components));
        MixtureStatistics<TStatistics> statistics = Model.CreateStatistics(origin);
        var batch = new ObservationBatch(table.Values, table.ColumnCount) { Responsibilities = responsibilities };
        new MixtureEStep<TComponents, TStatistics>(family).Prepare(origin).Accumulate(batch, statistics);
        return Model.Maximize(statistics, origin);
    }

    /// <inheritdoc/>
    public override bool IsInterior(MixtureParameters<TComponents> parameters) => _probe.IsInterior(parameters.Components);

    /// <inheritdoc/>
    public override double[]? EnumerateLogJoint(MixtureParameters<TComponents> parameters, int observation) =>
        !table.Responsibilities.IsEmpty && !double.IsNaN(table.Responsibilities[observation * components]) ? null
            : [.. _probe.LogDensities(parameters.Components, observation).Select((logDensity, k) => Math.Log(parameters.Weights[k]) + logDensity)];

    /// <inheritdoc/>
    public override MixtureParameters<TComponents>? Relabel(MixtureParameters<TComponents> parameters, Philox random) =>
        !table.Responsibilities.IsEmpty || FamilyProbe<TComponents, TStatistics>.FindOrder(components, random) is not { } order ? null
            : new MixtureParameters<TComponents>([.. order.Select(k => parameters.Weights[k])], parameters.Components.Select(order));

    /// <inheritdoc/>
    public override IEnumerable<Reduction<MixtureParameters<TComponents>>> Reductions(ulong seed)
    {
        if (!table.Responsibilities.IsEmpty) yield break;
        double[] Only(int component) => [.. Enumerable.Range(0, components).Select(k => k == component ? 1.0 : 0)];
        TComponents pool = family.Pool(table, components), own = CreateStart(seed).Components;
        yield return new("one component for all rows", new MixtureParameters<TComponents>(Only(0), pool), _probe.LogDensityOfAll(pool, 0));
        int possible = _probe.FindPossible(own);
        if (possible >= 0) yield return new("the component that has all the weight", new MixtureParameters<TComponents>(Only(possible), own), _probe.LogDensityOfAll(own, possible));
    }

    sealed class Rows(ObservationTable table) : IObservations<ObservationBatch>
    {
        public int Count => table.RowCount;

        public ObservationBatch Read(int first, int count, ReadOnlyMemory<double> weights)
        {
            int columns = table.ColumnCount, known = table.Responsibilities.Length / table.RowCount;
            return new ObservationBatch(table.Values.Slice(first * columns, count * columns), columns)
            {
                Weights = weights.Span,
                Responsibilities = table.Responsibilities.Slice(first * known, count * known),
            };
        }
    }
}
