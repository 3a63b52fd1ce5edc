using Elbo.Families;

namespace Elbo.Testing.Tests;

public sealed class GaussianMixtureTests
{
    public static TheoryData<CovarianceStructure, bool, bool, ConformanceLaw> Laws()
    {
        var data = new TheoryData<CovarianceStructure, bool, bool, ConformanceLaw>();
        foreach (CovarianceStructure structure in Enum.GetValues<CovarianceStructure>())
            foreach (bool prior in new[] { false, true })
                foreach (bool hard in new[] { false, true })
                    foreach (ConformanceLaw law in Enum.GetValues<ConformanceLaw>())
                    {
                        // Hard assignments have no slope; and they throw components so far that the M-step stops short of its maximum, as it says there.
                        if (hard && law is (ConformanceLaw.FisherIdentity or ConformanceLaw.MaximizationOptimality)) continue;
                        data.Add(structure, prior, hard, law);
                    }
        return data;
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Gaussian_mixtures_keep_every_law(CovarianceStructure structure, bool prior, bool hard, ConformanceLaw law) =>
        Assert.True(Conformance.Check(law, GaussianMixtureSubject.Create(structure, prior, hard), new() { Starts = 5, Iterations = 20 }));
}
