using Elbo.Numerics;

namespace Elbo.Tests.Numerics;

public sealed class ClassicalScalingTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(60)]
    public void Points_of_the_plane_come_back_with_their_distances(int count)
    {
        var random = new Philox((ulong)count);
        (double X, double Y)[] points = [.. Enumerable.Range(0, count).Select(_ => (3 * random.NextNormal(), random.NextNormal()))];
        double[] distances = Distances(points);
        (double X, double Y)[] plane = ClassicalScaling.Plane(distances, count);
        double[] again = Distances(plane);
        for (int i = 0; i < distances.Length; i++) Assert.Equal(distances[i], again[i], 1e-9);
        Assert.Equal(0, plane.Sum(point => point.X), 1e-9);
        Assert.Equal(0, plane.Sum(point => point.Y), 1e-9);
        // The first axis has the greater spread, and on each the farthest place is on the positive side.
        Assert.True(plane.Sum(point => point.X * point.X) > plane.Sum(point => point.Y * point.Y));
        Assert.True(plane.MaxBy(point => Math.Abs(point.X)).X > 0);
        Assert.True(plane.MaxBy(point => Math.Abs(point.Y)).Y > 0);
        Assert.Equal(plane, ClassicalScaling.Plane(distances, count));
    }

    [Fact]
    public void One_point_two_points_and_points_in_one_place()
    {
        Assert.Equal([(0, 0)], ClassicalScaling.Plane([0], 1));
        (double X, double Y)[] two = ClassicalScaling.Plane([0, 0.6, 0.6, 0], 2);
        Assert.Equal((0.3, 0.0), (Math.Round(two.Max(point => point.X), 12), two.Max(point => Math.Abs(point.Y))));
        Assert.Equal(-0.3, two.Min(point => point.X), 12);
        Assert.All(ClassicalScaling.Plane(new double[25], 5), point => Assert.Equal((0, 0), point));
    }

    static double[] Distances((double X, double Y)[] points) =>
        [.. points.SelectMany(a => points.Select(b => Math.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y))))];
}
