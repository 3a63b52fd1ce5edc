using Elbo.Engine;
using Elbo.Families;

namespace Elbo.Tests.Families;

public class GammaTests
{
    [Fact]
    public void A_flat_prior_does_not_send_an_empty_component_to_0()
    {
        var family = new Gamma(prior: new GammaPrior(1, 2));
        var current = new GammaComponents([3, 4], [0.5, 0.25], 1);
        DenseStatistics statistics = family.CreateStatistics(current);
        // Five rows of 2 for the first component, none for the second.
        statistics.Values[0] = 5;
        statistics.Values[1] = 10;
        statistics.Values[2] = 5 * Math.Log(2.1) - 1;
        GammaComponents maximized = family.Maximize(statistics, current);
        Assert.Equal((4, 0.25), (maximized.Shapes(1)[0], maximized.Rates(1)[0]));
        Assert.True(double.IsFinite(family.ExpectedLogDensity(statistics, maximized)));
    }
}
