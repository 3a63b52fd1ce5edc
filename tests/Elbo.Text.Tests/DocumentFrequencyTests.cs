using Elbo.Text;

namespace Elbo.Tests;

public sealed class DocumentFrequencyTests
{
    [Theory]
    [InlineData("5", 5, 5, "5")]
    [InlineData("10%", 100, 100, "10%")]
    [InlineData("0.1", 100, 100, "10%")]
    [InlineData("0.0005", 1, 0, "0.05%")]
    [InlineData("1", 1, 1, "1")]
    [InlineData("1.0", 1000, 1000, "100%")]
    [InlineData(" 33.3333% ", 334, 333, "33.3333%")]
    public void Counts_and_shares_are_read(string text, long atLeast, long atMost, string written)
    {
        DocumentFrequency frequency = DocumentFrequency.Parse(text);
        Assert.Equal((atLeast, atMost), (frequency.AtLeast(1000), frequency.AtMost(1000)));
        Assert.Equal(written, frequency.ToString());
        Assert.Equal(frequency.AtLeast(1000), DocumentFrequency.Parse(written).AtLeast(1000));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("101%")]
    [InlineData("many")]
    [InlineData("%")]
    public void Anything_else_is_refused(string text) =>
        Assert.Contains($"'{text}' is neither", Assert.Throws<FormatException>(() => DocumentFrequency.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DocumentFrequency.Share(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => DocumentFrequency.Share(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => DocumentFrequency.Count(-1));
    }
}
