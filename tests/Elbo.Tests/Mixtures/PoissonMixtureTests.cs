using Elbo.Engine;
using Elbo.Families;
using Elbo.Mixtures;
using Elbo.Observations;

namespace Elbo.Tests.Mixtures;

public class PoissonMixtureTests
{
    /// <summary>Deaths of women of 80 years and over in The Times of London on 1,096 days (Hasselblad 1969): deaths a day, and on how many days.</summary>
    static readonly ObservationTable Deaths = new ObservationTable([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 1).WithWeights([162, 267, 271, 185, 111, 61, 27, 8, 3, 1]);

    [Fact]
    public async Task TimesDeathsReachesThePublishedMaximum()
    {
        var family = new Poisson();
        var model = new MixtureModel<PoissonComponents, DenseStatistics>(family);
        var executor = new LocalExecutor<ObservationBatch, MixtureParameters<PoissonComponents>, MixtureStatistics<DenseStatistics>>(
            new RowShards(Deaths), model, new MixtureEStep<PoissonComponents, DenseStatistics>(family));
        var start = new MixtureParameters<PoissonComponents>([0.3, 0.7], new PoissonComponents([1, 2.5], 1));
        Iterate<MixtureParameters<PoissonComponents>>? last = null;
        await foreach (Iterate<MixtureParameters<PoissonComponents>> iterate in ExpectationMaximization.RunAsync(model, executor, new(0, start),
            new EmOptions { Stop = StoppingRule.Never, MaximumIterations = 2600 }, cancellationToken: TestContext.Current.CancellationToken))
            last = iterate;

        // Varadhan and Roland 2008; log p includes the factorials, as ours does.
        Assert.Equal(-1989.945859883, last!.Iteration.Objective, 1e-8);
        Assert.Equal(0.35989, last.Parameters.Weights[0], 1e-5);
        Assert.Equal(1.2561, last.Parameters.Components.Rates(0)[0], 1e-4);
        Assert.Equal(2.66341, last.Parameters.Components.Rates(1)[0], 1e-4);
    }
}
