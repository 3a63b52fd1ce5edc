using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Observations;

namespace Elbo.Tests.Fitting;

/// <summary>Published maxima, reached from starts that the product finds: best of seeded restarts, fits with a degenerate component set aside.</summary>
public class ReferenceFitTests
{
    static readonly StoppingRule Tight = StoppingRule.RelativeObjective(1e-13);

    static Task<FittedModel> FitAsync(ObservationTable table, FitOptions options) =>
        Estimator.FitAsync(table, options with { Stop = Tight, MaximumIterations = 20_000 }, cancellationToken: TestContext.Current.CancellationToken);

    static readonly string[] Iris = ["Sepal.Length", "Sepal.Width", "Petal.Length", "Petal.Width"];

    [Theory]
    [InlineData(2, -317.2568)]
    [InlineData(3, -293.7050)]
    [InlineData(4, -289.2858)]
    public Task Carcinoma(int components, double expected) => LatentClassesAsync(SmallTable.ReadCategories("carcinoma.csv", "A", "B", "C", "D", "E", "F", "G"), components, expected);

    [Fact]
    public Task Cheating() => LatentClassesAsync(SmallTable.ReadCategories("cheating.csv", "LIEEXAM", "LIEPAPER", "FRAUD", "COPYEXAM"), 2, -440.0271);

    [Theory]
    [InlineData(2, -2783.2680)]
    [InlineData(3, -2754.5454)]
    public Task Gss82(int components, double expected) => LatentClassesAsync(SmallTable.ReadCategories("gss82.csv", "PURPOSE", "ACCURACY", "UNDERSTA", "COOPERAT"), components, expected);

    [Fact]
    public Task Values() => LatentClassesAsync(SmallTable.ReadCategories("values.csv", "A", "B", "C", "D"), 2, -504.4677);

    static async Task LatentClassesAsync(ObservationTable table, int components, double expected)
    {
        // poLCA (Linzer and Lewis 2011); four decimals are published.
        FittedModel model = await FitAsync(table, new FitOptions { Family = new FamilyOptions { Name = "categorical" }, Components = components, Start = StartMethod.Random, Restarts = 30 });
        Assert.Equal(expected, model.Record.LogLikelihood, 6e-5);
        FittedModel same = await Estimator.FitAsync(table, model.Record.Options with { Acceleration = Acceleration.Anderson }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(expected, same.Record.LogLikelihood, 6e-5);
    }

    [Fact]
    public async Task Galaxies()
    {
        ObservationTable raw = SmallTable.Read("galaxies.csv", "speed");
        ObservationTable table = new([.. raw.Values.ToArray().Select(value => value / 1000)], 1);
        // Three unequal variances (Roeder 1990; mclust).
        Assert.Equal(-203.1792, (await FitAsync(table, new FitOptions { Components = 3, Restarts = 30 })).Record.LogLikelihood, 6e-5);
        double[] tied = [-240.3379, -230.3524, -212.3519, -207.7223];
        for (int k = 1; k <= tied.Length; k++)
            Assert.Equal(tied[k - 1], (await FitAsync(table, new FitOptions { Family = new FamilyOptions { Covariance = "tied" }, Components = k, Restarts = 30 })).Record.LogLikelihood, 6e-5);
    }

    [Fact]
    public async Task FaithfulWithThreeTied()
    {
        ObservationTable table = SmallTable.Read("faithful.csv", "eruptions", "waiting");
        FittedModel model = await FitAsync(table, new FitOptions { Family = new FamilyOptions { Covariance = "tied" }, Components = 3, Restarts = 10 });
        Assert.Equal(-1126.3159, model.Record.LogLikelihood, 6e-5);
    }

    [Theory]
    [InlineData("full", -180.185477131304)]
    [InlineData("tied", -256.354043126)]
    [InlineData("diagonal", -307.177571598)]
    [InlineData("spherical", -384.314095061)]
    public async Task IrisFromItsOwnHierarchy(string covariance, double expected)
    {
        FittedModel model = await FitAsync(SmallTable.Read("iris.csv", Iris),
            new FitOptions { Family = new FamilyOptions { Covariance = covariance }, Components = 3, Start = StartMethod.Hierarchical, Restarts = 1 });
        Assert.Equal(expected, model.Record.LogLikelihood, 1e-6);
        Assert.Empty(model.Record.Degeneracies);
    }

    [Theory]
    [InlineData(2, -341.8787)]
    [InlineData(3, -328.5275)]
    public async Task EarthquakesAsAMarkovChain(int states, double expected)
    {
        ObservationTable table = SmallTable.Read("earthquakes.csv", "count");
        FittedModel model = await FitAsync(table, new FitOptions { Structure = LatentStructure.HiddenMarkov, Family = new FamilyOptions { Name = "poisson" }, Components = states });
        // Zucchini and MacDonald 2009, with a free initial distribution.
        Assert.Equal(expected, model.Record.LogLikelihood, 6e-5);
        Assert.Equal(model.Record.LogLikelihood, model.LogLikelihood(table), 1e-8);
    }
}
