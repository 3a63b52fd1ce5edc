using Elbo.Engine;
using Elbo.Families;
using Elbo.Mixtures;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>A finite mixture, for the fitter.</summary>
sealed class MixtureStructure<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family, DirichletPrior? weightPrior)
    : ILatentStructure<MixtureParameters<TComponents>, MixtureStatistics<TStatistics>>
    where TComponents : class, IComponents<TComponents>
    where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>How much of a row is given to all components alike where a start would rule something out.</summary>
    const double Softening = 0.2;

    public IModel<MixtureParameters<TComponents>, MixtureStatistics<TStatistics>> Model { get; } = new MixtureModel<TComponents, TStatistics>(family, weightPrior);

    public IEStep<ObservationBatch, MixtureParameters<TComponents>, MixtureStatistics<TStatistics>> CreateEStep(bool hard) => new MixtureEStep<TComponents, TStatistics>(family, hard);

    public IShards<ObservationBatch> Cut(ObservationTable table) => new RowShards(table);

    public TableUnits UnitsOf(ObservationTable table) => new(table, areSequences: false);

    public void Check(ObservationTable table) => family.Check(table);

    public void Check(MixtureParameters<TComponents> parameters, int columns) => family.CheckComponents(parameters.Components, columns);

    public MixtureParameters<TComponents> Start(ObservationTable table, double[] responsibilities, int components)
    {
        MixtureParameters<TComponents> parameters = StartAt(table, responsibilities, components);
        // EM cannot leave a probability of 0, and a first guess is not the place to rule anything out.
        bool rulesOut = TensorSet.Of(parameters.Components).Tensors.Any(tensor => tensor.Constraint == TensorConstraint.Simplex && ((double[])tensor.Values).Contains(0));
        return rulesOut ? StartAt(table, [.. responsibilities.Select(q => (1 - Softening) * q + Softening / components)], components) : parameters;
    }

    MixtureParameters<TComponents> StartAt(ObservationTable table, double[] responsibilities, int components)
    {
        TComponents pool = family.Pool(table, components);
        var origin = new MixtureParameters<TComponents>([.. Enumerable.Repeat(1.0 / components, components)], pool);
        IShards<ObservationBatch> shards = Cut(table.WithResponsibilities(responsibilities, components));
        MixtureStatistics<TStatistics> statistics = Model.CreateStatistics(origin);
        IEStepKernel<ObservationBatch, MixtureStatistics<TStatistics>> kernel = CreateEStep(hard: false).Prepare(origin);
        for (int shard = 0; shard < shards.Count; shard++) kernel.Accumulate(shards.Read(shard), statistics);
        return Model.Maximize(statistics, origin);
    }

    public int CountOf(MixtureParameters<TComponents> parameters) => parameters.Count;

    public int CountStructuralZeros(MixtureParameters<TComponents> parameters, bool wasGiven) => 0;

    public bool CanDrop(MixtureParameters<TComponents> parameters, int component) => parameters.Components.CanDrop(component);

    public MixtureParameters<TComponents> Without(MixtureParameters<TComponents> parameters, int component)
    {
        int[] kept = [.. Enumerable.Range(0, parameters.Count).Where(k => k != component)];
        var weights = new double[kept.Length];
        for (int k = 0; k < kept.Length; k++) weights[k] = parameters.Weights[kept[k]];
        return new MixtureParameters<TComponents>(DirichletPrior.Mode(weights, null), parameters.Components.Select(kept));
    }

    public bool IsOnFloor(MixtureParameters<TComponents> parameters, int component) => family.IsOnFloor(parameters.Components, component);

    public double ShareOf(MixtureParameters<TComponents> parameters, ObservationTable table, int component) => parameters.Weights[component];

    public Prediction Predict(ObservationTable table, MixtureParameters<TComponents> parameters, bool path)
    {
        int components = parameters.Count, columns = table.ColumnCount;
        var posterior = new MixturePosterior<TStatistics>(parameters.Weights, family.Prepare(parameters.Components));
        var responsibilities = new double[checked(table.RowCount * components)];
        var logDensities = new double[table.RowCount];
        var values = new double[columns * RowBlock.Capacity];
        for (int first = 0; first < table.RowCount; first += RowBlock.Capacity)
        {
            int count = Math.Min(RowBlock.Capacity, table.RowCount - first);
            posterior.Find(RowBlock.Transpose(table.Values.Slice(first * columns, count * columns), columns, values));
            if (!table.Responsibilities.IsEmpty) posterior.Fix(table.Responsibilities.Slice(first * components, count * components), count);
            posterior.LogEvidence[..count].CopyTo(logDensities.AsSpan(first));
            Span<double> q = posterior.Responsibilities;
            for (int i = 0; i < count; i++)
                for (int k = 0; k < components; k++)
                    responsibilities[(first + i) * components + k] = q[k * RowBlock.Capacity + i];
        }
        return new Prediction(components, responsibilities, logDensities, null);
    }

    public double[] LogDensities(ObservationTable table, MixtureParameters<TComponents> parameters) => Predict(table, parameters, path: false).LogDensities;

    public Sample Draw(MixtureParameters<TComponents> parameters, IReadOnlyList<int> lengths, ulong seed, ObservationTable? regressors, IReadOnlyList<string> columnNames)
    {
        family.CheckRegressors(regressors);
        int rows = lengths.Sum(), columns = columnNames.Count;
        var random = new Philox(seed);
        var values = new double[checked(rows * columns)];
        var drawn = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            Span<double> row = values.AsSpan(i * columns, columns);
            regressors?.Row(i).CopyTo(row);
            drawn[i] = random.NextCategorical(parameters.Weights);
            family.Sample(parameters.Components, drawn[i], random, row);
        }
        return new Sample(new ObservationTable(values, columns, columnNames).WithSequences([.. lengths]), drawn);
    }
}
