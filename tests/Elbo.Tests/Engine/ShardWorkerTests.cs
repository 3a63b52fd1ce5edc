using Elbo.Engine;
using Elbo.Families;
using Elbo.Mixtures;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Tests.Engine;

/// <summary>A worker's sums, put together as a cluster does, are those of one thread.</summary>
public sealed class ShardWorkerTests
{
    const int Columns = 2;

    static readonly ObservationTable _table = Rows();
    static readonly Gaussian _family = new(CovarianceStructure.Full, VarianceFloor.FromTable(_table));
    static readonly MixtureModel<GaussianComponents, GaussianStatistics> _model = new(_family);

    // Fits of different numbers of components share a worker, one after the other.
    [Fact]
    public async Task Runs_of_any_cut_and_parameters_of_any_size_add_up_to_the_same_bits()
    {
        var shards = new RowShards(_table);
        var eStep = new MixtureEStep<GaussianComponents, GaussianStatistics>(_family);
        ShardWorker worker = ShardWorker.Create(shards, _model, eStep);
        Assert.Equal(11, worker.Shards);
        foreach (int components in new[] { 3, 2, 3 })
        {
            MixtureParameters<GaussianComponents> parameters = Parameters(components);
            EStepResult<MixtureStatistics<GaussianStatistics>> expected = await new LocalExecutor<ObservationBatch, MixtureParameters<GaussianComponents>, MixtureStatistics<GaussianStatistics>>(shards, _model, eStep)
                .ExpectAsync(parameters, TestContext.Current.CancellationToken);
            foreach (int[] borders in new int[][] { [0, 11], [0, 8, 11], [0, 1, 2, 7, 11], [0, 5, 6, 11] })
            {
                var tree = new ShardTree<MixtureStatistics<GaussianStatistics>>(worker.Shards, _ => { });
                // In any order: the last run first.
                for (int run = borders.Length - 2; run >= 0; run--)
                {
                    ShardStep step = worker.Begin(TensorBytes.Encode(parameters), borders[run], borders[run + 1]);
                    step.Work(TestContext.Current.CancellationToken);
                    foreach (ShardSum sum in step.TakeSums())
                        tree.Add(sum.Level, sum.Index, new EStepResult<MixtureStatistics<GaussianStatistics>>(TensorBytes.Decode<MixtureStatistics<GaussianStatistics>>(sum.Statistics, "the sum"), sum.Bound, sum.Magnitude));
                }
                Assert.True(tree.IsWhole);
                Assert.Equal(TensorBytes.Encode(expected.Statistics), TensorBytes.Encode(tree.Total.Statistics));
                Assert.Equal((expected.Bound, expected.Magnitude), (tree.Total.Bound, tree.Total.Magnitude));
            }
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 3)]
    [InlineData(5, 12)]
    public void Shards_that_are_not_there_are_refused(int first, int end)
    {
        ShardWorker worker = ShardWorker.Create(new RowShards(_table), _model, new MixtureEStep<GaussianComponents, GaussianStatistics>(_family));
        Assert.Throws<ArgumentOutOfRangeException>(() => worker.Begin(TensorBytes.Encode(Parameters(2)), first, end));
        Assert.Throws<InvalidDataException>(() => worker.Begin([1, 2, 3], 0, 1));
    }

    static MixtureParameters<GaussianComponents> Parameters(int components)
    {
        double[] means = [.. Enumerable.Range(0, components * Columns).Select(i => i - 1.5)];
        double[] covariances = [.. Enumerable.Repeat(new[] { 1.0, 0.2, 0.2, 2.0 }, components).SelectMany(values => values)];
        return new MixtureParameters<GaussianComponents>([.. Enumerable.Repeat(1.0 / components, components)], new GaussianComponents(CovarianceStructure.Full, means, covariances, Columns));
    }

    static ObservationTable Rows()
    {
        var random = new Philox(4);
        var values = new double[Columns * (10 * 4096 + 100)];
        for (int i = 0; i < values.Length; i++) values[i] = 2 * random.NextNormal();
        return new ObservationTable(values, Columns);
    }
}
