using Elbo.Cli.Terminal;
using Elbo.Reports.Fits;

namespace Elbo.Cli.Tests;

public sealed class TerminalTests
{
    [Theory]
    [InlineData(new double[0], "")]
    [InlineData(new double[] { 5 }, "▁")]
    [InlineData(new double[] { 1, 1, 1 }, "▁▁▁")]
    [InlineData(new double[] { 0, 1, 2, 3, 4, 5, 6, 7 }, "▁▁▂▃▅▆▇█")]
    [InlineData(new double[] { -1000, 0, 1, 2, 3, 4, 5, 6, 7 }, "▁▁▂▃▄▅▆▇█")]
    [InlineData(new double[] { 2, 1, 3 }, "▁▁█")]
    public void ASparklineBeginsAfterTheFirstRise(double[] values, string expected) => Assert.Equal(expected, Sparkline.Of(values, 20));

    [Fact]
    public void ASparklineIsThinnedToItsWidthAndKeepsTheLastValue()
    {
        string line = Sparkline.Of([.. Enumerable.Range(0, 1000).Select(i => (double)i)], 10);
        Assert.Equal(10, line.Length);
        Assert.Equal('█', line[^1]);
    }

    [Fact]
    public void NumbersAreWrittenWithoutTheCultureOfTheMachine()
    {
        Assert.Equal("−1,234.50", Numbers.Nats(-1234.5));
        Assert.Equal("+0.25", Numbers.Change(0.25));
        Assert.Equal("12.3%", Numbers.Share(0.123));
        Assert.Equal("1 topic", Numbers.Plural(1, "topic"));
        Assert.Equal("1:05", Numbers.Time(TimeSpan.FromSeconds(65)));
    }
}
