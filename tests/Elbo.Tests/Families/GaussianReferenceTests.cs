using Elbo.Engine;
using Elbo.Families;
using Elbo.Mixtures;
using Elbo.Observations;

namespace Elbo.Tests.Families;

/// <summary>Maxima that mclust 6.0.0 and scikit-learn 1.2 agree on, from stored starts.</summary>
public class GaussianReferenceTests
{
    static ObservationTable Faithful => GaussianFit.Read(SmallTables.Faithful, 0, 1);

    static int[] FaithfulClusters => GaussianFit.ReadClusters(SmallTables.PathOf("faithful-clusters-2.csv"));

    [Fact]
    public async Task OldFaithfulFull()
    {
        ObservationTable table = Faithful;
        var family = new Gaussian(CovarianceStructure.Full, VarianceFloor.FromTable(table));
        (double objective, MixtureParameters<GaussianComponents> fit) = await GaussianFit.RunAsync(family, table, GaussianFit.StartFrom(family, table, FaithfulClusters), 200);
        AssertNear(-1130.263960184742, objective, 1e-9);
        double[] expected = [.3558728, .6441271, 2.0363884, 54.4785164, 4.2896620, 79.9681152, .06916767, .43516763, .43516763, 33.69728, .16996843, .94060927, .94060927, 36.046212];
        double[] actual = [.. fit.Weights, .. fit.Components.Means, .. fit.Components.Covariances];
        for (int i = 0; i < expected.Length; i++) AssertNear(expected[i], actual[i], 1e-6);
        Assert.False(family.IsOnFloor(fit.Components, 0) || family.IsOnFloor(fit.Components, 1));
    }

    [Theory]
    [InlineData(CovarianceStructure.Full, -180.185477131, 1000)]
    [InlineData(CovarianceStructure.Tied, -256.354043126, 1000)]
    [InlineData(CovarianceStructure.Diagonal, -307.177571598, 1000)]
    [InlineData(CovarianceStructure.Spherical, -384.314095061, 1000)]
    public async Task Iris(CovarianceStructure structure, double expected, int iterations)
    {
        ObservationTable table = GaussianFit.Read(SmallTables.PathOf("iris.csv"), 0, 1, 2, 3);
        int[] clusters = GaussianFit.ReadClusters(SmallTables.PathOf("iris-clusters-3.csv"));
        var family = new Gaussian(structure, VarianceFloor.FromTable(table));
        (double objective, _) = await GaussianFit.RunAsync(family, table, GaussianFit.StartFrom(family, table, clusters), iterations);
        AssertNear(expected, objective, 1e-8);
    }

    [Fact]
    public async Task GalaxiesFromTheReferenceMeans()
    {
        ObservationTable raw = GaussianFit.Read(SmallTables.PathOf("galaxies.csv"), 0);
        var table = new ObservationTable([.. raw.Values.ToArray().Select(value => value / 1000)], 1);
        var family = new Gaussian(CovarianceStructure.Full, VarianceFloor.FromTable(table));
        var start = new MixtureParameters<GaussianComponents>([0.1, 0.85, 0.05], new GaussianComponents(CovarianceStructure.Full, [9.7101, 21.4001, 33.0444], [0.2, 5, 0.8], 1));
        (double objective, _) = await GaussianFit.RunAsync(family, table, start, 1000);
        Assert.Equal(-203.1792, objective, 5e-5);
    }

    [Theory]
    [InlineData(CovarianceStructure.Full)]
    [InlineData(CovarianceStructure.Tied)]
    [InlineData(CovarianceStructure.Diagonal)]
    [InlineData(CovarianceStructure.Spherical)]
    public async Task AFarAwayOriginChangesNothing(CovarianceStructure structure)
    {
        // Multiples of 2^-20, so that the shift by 1e8 is exact.
        double[] values = [.. Faithful.Values.ToArray().Select(value => Math.Round(value * (1 << 20)) / (1 << 20))];
        var near = new ObservationTable(values, 2);
        var far = new ObservationTable([.. values.Select(value => value + 1e8)], 2);
        var family = new Gaussian(structure, VarianceFloor.FromTable(near));
        for (int j = 0; j < near.ColumnCount; j++) Assert.Equal(1, VarianceFloor.FromTable(far).Of(j) / VarianceFloor.FromTable(near).Of(j), 1e-7);
        (double objective, MixtureParameters<GaussianComponents> fit) = await GaussianFit.RunAsync(family, near, GaussianFit.StartFrom(family, near, FaithfulClusters), 200);
        (double farObjective, MixtureParameters<GaussianComponents> farFit) = await GaussianFit.RunAsync(family, far, GaussianFit.StartFrom(family, far, FaithfulClusters), 200);
        AssertNear(objective, farObjective, 1e-7);
        for (int k = 0; k < 2; k++)
        {
            AssertNear(fit.Weights[k], farFit.Weights[k], 1e-7);
            for (int j = 0; j < 2; j++) AssertNear(fit.Components.Mean(k)[j], farFit.Components.Mean(k)[j] - 1e8, 1e-7);
        }
        for (int i = 0; i < fit.Components.Covariances.Length; i++) AssertNear(fit.Components.Covariances[i], farFit.Components.Covariances[i], 1e-7);
    }

    static void AssertNear(double expected, double actual, double relative) => Assert.Equal(expected, actual, relative * Math.Abs(expected));
}
