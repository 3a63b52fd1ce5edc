using Elbo.Engine;
using Elbo.Families;
using Elbo.Mixtures;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Testing.Tests;

/// <summary>A mixture of three Gaussians of three columns, with or without a prior, on rows that are scattered, equal, in a plane and far away.</summary>
sealed class GaussianMixtureSubject : ModelSubject<ObservationBatch, MixtureParameters<GaussianComponents>, MixtureStatistics<GaussianStatistics>>
{
    const int Components = 3, Columns = 3, Rows = 90;

    static readonly ObservationTable Table = Draw();

    readonly Gaussian _family;
    readonly bool _hard;

    public GaussianMixtureSubject(CovarianceStructure structure, bool prior, bool hard)
    {
        _family = new Gaussian(structure, Gaussian.DefaultFloor(Table), prior ? NormalInverseWishartPrior.FromTable(Table, Components) : null);
        _hard = hard;
        Model = new MixtureModel<GaussianComponents, GaussianStatistics>(_family, prior ? new DirichletPrior(1.5) : null);
        Name = $"Gaussian mixture, {structure}{(prior ? ", prior" : "")}{(hard ? ", hard" : "")}";
    }

    public override string Name { get; }

    public override IModel<MixtureParameters<GaussianComponents>, MixtureStatistics<GaussianStatistics>> Model { get; }

    public override IEStep<ObservationBatch, MixtureParameters<GaussianComponents>, MixtureStatistics<GaussianStatistics>> CreateEStep() =>
        new MixtureEStep<GaussianComponents, GaussianStatistics>(_family, _hard);

    public override IObservations<ObservationBatch> Open() => new OpenTable();

    public override MixtureParameters<GaussianComponents> CreateStart(ulong seed)
    {
        Philox random = Philox.ForStream(seed, 1);
        var weights = new double[Components];
        random.NextDirichlet([2, 2, 2], weights);
        double[] means = [.. Enumerable.Range(0, Components).SelectMany(_ => Table.Row(random.NextInt32(Rows)).ToArray())];
        double[] covariances = _family.Pool(Table, Components).Covariances.ToArray();
        int groups = _family.Structure == CovarianceStructure.Tied ? 1 : Components;
        for (int group = 0, length = covariances.Length / groups; group < groups; group++)
        {
            double scale = 0.2 + random.NextDouble();
            foreach (ref double value in covariances.AsSpan(group * length, length)) value *= scale;
        }
        return new MixtureParameters<GaussianComponents>(weights, new GaussianComponents(_family.Structure, means, covariances, Columns));
    }

    static ObservationTable Draw()
    {
        Philox random = Philox.ForStream(17, 0);
        double[] values = [.. Enumerable.Range(0, Rows * Columns).Select(i => random.NextNormal() + i / Columns % 3)];
        // Eight equal rows; twelve whose third column is a sum of the others; one far away.
        for (int i = 0; i < 8; i++) (values[3 * i], values[3 * i + 1], values[3 * i + 2]) = (0.1, 0.2, 0.3);
        for (int i = 8; i < 20; i++) values[3 * i + 2] = values[3 * i] + values[3 * i + 1];
        values[3 * 20] = 60;
        return new ObservationTable(values, Columns);
    }

    sealed class OpenTable : IObservations<ObservationBatch>
    {
        public int Count => Rows;

        public ObservationBatch Read(int first, int count, ReadOnlyMemory<double> weights) =>
            new(Table.Values.Slice(first * Columns, count * Columns), Columns) { Weights = weights.Span };
    }
}
