using Elbo.Fitting;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Tests.Fitting;

public class HierarchicalClusteringTests
{
    [Fact]
    public void SeparateCloudsAreFoundEvenInASample()
    {
        var random = new Philox(5);
        double[][] rows = [.. Enumerable.Range(0, 1500).Select(i => new[] { random.NextNormal() + 20 * (i % 3), 0.5 * random.NextNormal() - 20 * (i % 2) })];
        int[] found = HierarchicalClustering.Cluster(new ObservationTable([.. rows.SelectMany(row => row)], 2), 6, new Philox(1));
        for (int i = 0; i < rows.Length; i++) Assert.Equal(found[i % 6], found[i]);
        Assert.Equal(6, found.Distinct().Count());
    }

    [Fact]
    public void DuplicatesAndFewRowsMakeFewerClusters()
    {
        Assert.Equal([0, 1], HierarchicalClustering.Cluster(new ObservationTable([1, 2], 1), 5, new Philox(1)));
        int[] found = HierarchicalClustering.Cluster(new ObservationTable([.. Enumerable.Repeat(4.0, 30), .. Enumerable.Range(0, 30).Select(i => 10 + i * 0.1)], 1), 2, new Philox(1));
        Assert.Single(found[..30].Distinct());
        Assert.Single(found[30..].Distinct());
    }
}
