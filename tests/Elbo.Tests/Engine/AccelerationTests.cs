using Elbo.Engine;
using Elbo.Families;
using Elbo.Mixtures;
using Elbo.Observations;

namespace Elbo.Tests.Engine;

public class AccelerationTests
{
    /// <summary>Deaths of women of 80 years and over in The Times of London on 1,096 days (Hasselblad 1969): deaths a day, and on how many days.</summary>
    static readonly ObservationTable Deaths = new ObservationTable([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 1).WithWeights([162, 267, 271, 185, 111, 61, 27, 8, 3, 1]);

    static async Task<List<Iterate<MixtureParameters<PoissonComponents>>>> RunAsync(Acceleration acceleration, bool allowTemporaryDecrease = false)
    {
        var family = new Poisson();
        var model = new MixtureModel<PoissonComponents, DenseStatistics>(family);
        var executor = new LocalExecutor<ObservationBatch, MixtureParameters<PoissonComponents>, MixtureStatistics<DenseStatistics>>(
            new RowShards(Deaths), model, new MixtureEStep<PoissonComponents, DenseStatistics>(family));
        var start = new MixtureParameters<PoissonComponents>([0.3, 0.7], new PoissonComponents([1, 2.5], 1));
        var options = new EmOptions { Stop = StoppingRule.ParameterNorm(1e-8), MaximumIterations = 5000, Acceleration = acceleration, AllowTemporaryDecrease = allowTemporaryDecrease };
        var iterates = new List<Iterate<MixtureParameters<PoissonComponents>>>();
        await foreach (Iterate<MixtureParameters<PoissonComponents>> iterate in ExpectationMaximization.RunAsync(model, executor, new(0, start), options, cancellationToken: TestContext.Current.CancellationToken))
            iterates.Add(iterate);
        return iterates;
    }

    /// <summary>EM maps: each takes an E-step, and so does a rejected proposal; the E-step at the end, which only tells the last objective, is none.</summary>
    static int Maps<T>(List<Iterate<T>> iterates) => iterates.Count - 1 + iterates.Sum(iterate => iterate.Iteration.RejectedProposals);

    [Theory]
    [InlineData(Acceleration.None, false, 2590)]
    [InlineData(Acceleration.Squarem, false, 100)]
    [InlineData(Acceleration.Squarem, true, 75)]
    [InlineData(Acceleration.Anderson, false, 129)]
    public async Task TimesDeathsTakesSoManyMaps(Acceleration acceleration, bool allowTemporaryDecrease, int most)
    {
        List<Iterate<MixtureParameters<PoissonComponents>>> run = await RunAsync(acceleration, allowTemporaryDecrease);
        TestContext.Current.TestOutputHelper!.WriteLine($"{acceleration}: {Maps(run)} maps, {run.Count(iterate => iterate.Iteration.Move == Move.Proposal)} proposals accepted, {run.Sum(iterate => iterate.Iteration.RejectedProposals)} rejected");
        Iterate<MixtureParameters<PoissonComponents>> end = run[^1];
        Assert.Equal(StopReason.Converged, end.Iteration.StopReason);
        Assert.Equal(-1989.945859883, end.Iteration.Objective, 1e-8);
        Assert.Equal(0.35989, end.Parameters.Weights[0], 1e-5);
        Assert.Equal(1.2561, end.Parameters.Components.Rates(0)[0], 1e-4);
        Assert.Equal(2.66341, end.Parameters.Components.Rates(1)[0], 1e-4);
        Assert.InRange(Maps(run), 1, most);
        if (allowTemporaryDecrease) return;
        for (int t = 1; t < run.Count; t++)
            Assert.True(run[t].Iteration.Objective >= run[t - 1].Iteration.Objective - 1e-10 * run[t].Iteration.Scale, $"The objective fell at {t}.");
    }
}
