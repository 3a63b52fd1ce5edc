namespace Elbo.Testing.Tests;

/// <summary>Each law is broken by a model that is wrong in one thing; the laws named are all that refuse it.</summary>
public sealed class FlawTests
{
    [Theory]
    [InlineData(Flaw.None)]
    [InlineData(Flaw.Entropy, ConformanceLaw.Decomposition, ConformanceLaw.BruteForce)]
    [InlineData(Flaw.KernelJoint, ConformanceLaw.Decomposition, ConformanceLaw.BruteForce)]
    [InlineData(Flaw.MStepFalls, ConformanceLaw.Ascent, ConformanceLaw.MaximizationOptimality, ConformanceLaw.DegenerateInput)]
    [InlineData(Flaw.EStepFalls, ConformanceLaw.Ascent, ConformanceLaw.LabelPermutation, ConformanceLaw.DegenerateInput)]
    [InlineData(Flaw.AddForgetsTails, ConformanceLaw.SplitMerge)]
    [InlineData(Flaw.ScaleForgetsTails, ConformanceLaw.SplitMerge)]
    [InlineData(Flaw.BoundIgnoresWeights, ConformanceLaw.Weights)]
    [InlineData(Flaw.StatisticsIgnoreWeights, ConformanceLaw.Weights)]
    [InlineData(Flaw.StatisticsCodecDropsTails, ConformanceLaw.CodecRoundTrip)]
    [InlineData(Flaw.ParametersCodecDropsShare, ConformanceLaw.CodecRoundTrip, ConformanceLaw.MaximizationOptimality, ConformanceLaw.FisherIdentity)]
    [InlineData(Flaw.CodecInventsValues, ConformanceLaw.CodecRoundTrip)]
    [InlineData(Flaw.DependsOnWorkers, ConformanceLaw.ThreadInvariance)]
    [InlineData(Flaw.RemembersTheBatch, ConformanceLaw.KernelReuse)]
    [InlineData(Flaw.RemembersOtherParameters, ConformanceLaw.KernelReuse)]
    [InlineData(Flaw.Allocates, ConformanceLaw.Allocation)]
    [InlineData(Flaw.LaterOnesCountMore, ConformanceLaw.Decomposition, ConformanceLaw.SplitMerge, ConformanceLaw.Weights, ConformanceLaw.Shuffle, ConformanceLaw.BruteForce, ConformanceLaw.FisherIdentity, ConformanceLaw.LabelPermutation)]
    [InlineData(Flaw.ForgetsTheDraw, ConformanceLaw.BruteForce)]
    [InlineData(Flaw.StopsShort, ConformanceLaw.MaximizationOptimality)]
    [InlineData(Flaw.StatisticsHaveAnotherSlope, ConformanceLaw.Ascent, ConformanceLaw.BruteForce, ConformanceLaw.FisherIdentity, ConformanceLaw.DegenerateInput)]
    [InlineData(Flaw.FirstCoinIsSpecial, ConformanceLaw.LabelPermutation)]
    [InlineData(Flaw.ChancesAddUpToMore, ConformanceLaw.BruteForce, ConformanceLaw.Reduction)]
    [InlineData(Flaw.DividesByNothing, ConformanceLaw.DegenerateInput)]
    public void Exactly_the_laws_that_are_broken_say_so(Flaw flaw, params ConformanceLaw[] broken)
    {
        var found = new List<ConformanceLaw>();
        foreach (ConformanceLaw law in Enum.GetValues<ConformanceLaw>())
        {
            try
            {
                bool told = Conformance.Check(law, new FlawedSubject(flaw));
                // Only an exact E-step has that slope.
                Assert.Equal(flaw != Flaw.EStepFalls || law != ConformanceLaw.FisherIdentity, told);
            }
            catch (ConformanceException error)
            {
                found.Add(law);
                Assert.Equal(law, error.Law);
                Assert.Contains($"Law '{law}'", error.Message, StringComparison.Ordinal);
                Assert.Contains($"coins with the flaw {flaw}", error.Message, StringComparison.Ordinal);
                Assert.InRange(error.Seed, 1UL, 3UL);
            }
        }
        Assert.True(broken.SequenceEqual(found), $"broken: {string.Join(", ", found)}");
        if (broken.Length > 0) Assert.Throws<ConformanceException>(() => Conformance.CheckAll(new FlawedSubject(flaw)));
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
