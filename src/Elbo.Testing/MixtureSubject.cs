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
/// <param name="components">K.</param>
/// <param name="weightPrior">A prior on the weights; null for none.</param>
/// <param name="hard">Whether q is a single assignment.</param>
public sealed class MixtureSubject<TComponents, TStatistics>(
    string name, IComponentFamily<TComponents, TStatistics> family, ObservationTable table, int components, DirichletPrior? weightPrior = null, bool hard = false)
    : ModelSubject<ObservationBatch, MixtureParameters<TComponents>, MixtureStatistics<TStatistics>>
    where TComponents : class, IComponents<TComponents>
    where TStatistics : class, IStatistics<TStatistics>
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override IModel<MixtureParameters<TComponents>, MixtureStatistics<TStatistics>> Model { get; } = new MixtureModel<TComponents, TStatistics>(family, weightPrior);

    /// <inheritdoc/>
    public override IEStep<ObservationBatch, MixtureParameters<TComponents>, MixtureStatistics<TStatistics>> CreateEStep() => new MixtureEStep<TComponents, TStatistics>(family, hard);

    /// <inheritdoc/>
    public override IObservations<ObservationBatch> Open() => new Rows(table);

    /// <summary>The M-step from responsibilities that are drawn, and from them to a few iterations on, so that starts differ in everything.</summary>
    public override MixtureParameters<TComponents> CreateStart(ulong seed)
    {
        Philox random = Philox.ForStream(seed, 0x57);
        double[] alpha = [.. Enumerable.Repeat(0.3, components)], responsibilities = new double[table.RowCount * components];
        for (int i = 0; i < table.RowCount; i++) random.NextDirichlet(alpha, responsibilities.AsSpan(i * components, components));
        var origin = new MixtureParameters<TComponents>([.. Enumerable.Repeat(1.0 / components, components)], family.Pool(table, components));
        MixtureStatistics<TStatistics> statistics = Model.CreateStatistics(origin);
        var batch = new ObservationBatch(table.Values, table.ColumnCount) { Responsibilities = responsibilities };
        new MixtureEStep<TComponents, TStatistics>(family).Prepare(origin).Accumulate(batch, statistics);
        return Model.Maximize(statistics, origin);
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
