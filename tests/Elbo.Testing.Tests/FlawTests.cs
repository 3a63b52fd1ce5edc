namespace Elbo.Testing.Tests;

/// <summary>Each law is broken by a model that is wrong in one thing, and by no other law is that model refused.</summary>
public sealed class FlawTests
{
    [Theory]
    [InlineData(Flaw.None, null)]
    [InlineData(Flaw.Entropy, ConformanceLaw.Decomposition)]
    [InlineData(Flaw.KernelJoint, ConformanceLaw.Decomposition)]
    [InlineData(Flaw.MStepFalls, ConformanceLaw.Ascent)]
    [InlineData(Flaw.EStepFalls, ConformanceLaw.Ascent)]
    [InlineData(Flaw.AddForgetsTails, ConformanceLaw.SplitMerge)]
    [InlineData(Flaw.ScaleForgetsTails, ConformanceLaw.SplitMerge)]
    [InlineData(Flaw.BoundIgnoresWeights, ConformanceLaw.Weights)]
    [InlineData(Flaw.StatisticsIgnoreWeights, ConformanceLaw.Weights)]
    [InlineData(Flaw.StatisticsCodecDropsTails, ConformanceLaw.CodecRoundTrip)]
    [InlineData(Flaw.ParametersCodecDropsShare, ConformanceLaw.CodecRoundTrip)]
    [InlineData(Flaw.CodecInventsValues, ConformanceLaw.CodecRoundTrip)]
    [InlineData(Flaw.DependsOnWorkers, ConformanceLaw.ThreadInvariance)]
    [InlineData(Flaw.RemembersTheBatch, ConformanceLaw.KernelReuse)]
    [InlineData(Flaw.RemembersOtherParameters, ConformanceLaw.KernelReuse)]
    [InlineData(Flaw.Allocates, ConformanceLaw.Allocation)]
    public void Exactly_the_law_that_is_broken_says_so(Flaw flaw, ConformanceLaw? broken)
    {
        foreach (ConformanceLaw law in Enum.GetValues<ConformanceLaw>())
        {
            if (law != broken)
            {
                Conformance.Check(law, new FlawedSubject(flaw));
                continue;
            }
            var error = Assert.Throws<ConformanceException>(() => Conformance.Check(law, new FlawedSubject(flaw)));
            Assert.Equal(law, error.Law);
            Assert.Contains($"Law '{law}'", error.Message, StringComparison.Ordinal);
            Assert.Contains($"coins with the flaw {flaw}", error.Message, StringComparison.Ordinal);
            Assert.InRange(error.Seed, 1UL, 3UL);
        }
        if (broken is not null) Assert.Throws<ConformanceException>(() => Conformance.CheckAll(new FlawedSubject(flaw)));
    }

    [Fact]
    public void The_amount_is_named()
    {
        var error = Assert.Throws<ConformanceException>(() => Conformance.Check(ConformanceLaw.Decomposition, new FlawedSubject(Flaw.Entropy)));
        // A thousandth of a nat for each of fifteen sessions.
        Assert.Equal(0.015, error.Amount!.Value, 1e-9);
        Assert.Contains("log-evidence", error.Message, StringComparison.Ordinal);
        Assert.Contains("Off by 0.015 nats", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Not_a_number_breaks_a_law() =>
        Assert.Throws<ConformanceException>(() => Conformance.Check(ConformanceLaw.Decomposition, new FlawedSubject(Flaw.NotANumber)));

    [Fact]
    public void At_least_one_start_is_needed() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Conformance.CheckAll(new CoinSubject(), new() { Starts = 0 }));
}
