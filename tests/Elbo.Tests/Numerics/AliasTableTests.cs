using Elbo.Numerics;

namespace Elbo.Tests.Numerics;

public sealed class AliasTableTests
{
    [Theory]
    [InlineData(new[] { 1.0 })]
    [InlineData(new[] { 0.0, 3.0, 0.0 })]
    [InlineData(new[] { 0.1, 0.2, 0.3, 0.4 })]
    [InlineData(new[] { 1e-4, 5.0, 0.0, 2.0, 1e-20, 2.0, 0.5 })]
    public void Outcomes_come_as_often_as_their_weights_say(double[] weights)
    {
        const int Draws = 1_000_000;
        var table = new AliasTable(weights);
        var random = new Philox(5);
        var counts = new long[weights.Length];
        for (int i = 0; i < Draws; i++) counts[table.Draw(random.NextUInt64())]++;
        double sum = weights.Sum();
        for (int i = 0; i < weights.Length; i++)
        {
            double share = weights[i] / sum;
            Assert.InRange(counts[i], Draws * share - 5 * Math.Sqrt(Draws * share * (1 - share)), Draws * share + 5 * Math.Sqrt(Draws * share * (1 - share)));
        }
    }

    [Fact]
    public void Every_outcome_has_its_share_of_the_bits()
    {
        double[] weights = [.. Enumerable.Range(0, 50).Select(i => i % 7 + 0.25 * (i % 3))];
        var table = new AliasTable(weights);
        var counts = new double[weights.Length];
        // Even steps through all 64-bit numbers, in place of random ones.
        const int Steps = 1_000_003;
        for (ulong step = 0; step < Steps; step++) counts[table.Draw(ulong.MaxValue / Steps * step)] += 1.0 / Steps;
        for (int i = 0; i < weights.Length; i++) Assert.Equal(weights[i] / weights.Sum(), counts[i], 1e-4);
    }
}
