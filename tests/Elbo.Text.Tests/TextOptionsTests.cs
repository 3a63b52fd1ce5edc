using Elbo.Text;

namespace Elbo.Tests;

public sealed class TextOptionsTests
{
    static readonly TextOptions Unusual = new()
    {
        Language = TextLanguage.German,
        StopWords = false,
        ExtraStopWords = ["eins", "zwei"],
        Stemming = true,
        MinimumTokenLength = 3,
        Numbers = true,
        MaximumNGram = 2,
    };

    [Fact]
    public void Options_come_back_from_their_properties()
    {
        foreach (TextOptions options in new[] { Unusual, new TextOptions() })
            Assert.Equal(options.ToProperties(), TextOptions.FromProperties(options.ToProperties()).ToProperties());
        Assert.Equal(["eins", "zwei"], TextOptions.FromProperties(Unusual.ToProperties()).ExtraStopWords);
        Assert.True(TextOptions.InProperties(Unusual.ToProperties()));
        Assert.False(TextOptions.InProperties(new Dictionary<string, string>()));
    }

    [Theory]
    [InlineData("text.version", "2", "version '2'")]
    [InlineData("text.language", "Klingon", "'text.language' has the value 'Klingon'")]
    [InlineData("text.language", "77", "'text.language' has the value '77'")]
    [InlineData("text.stemming", "maybe", "'text.stemming' has the value 'maybe'")]
    [InlineData("text.maximum_n_gram", "-1", "'text.maximum_n_gram' has the value '-1'")]
    [InlineData("text.maximum_n_gram", "0", "MaximumNGram is 0")]
    [InlineData("text.numbers", null, "lack 'text.numbers'")]
    [InlineData("text.new", "1", "'text.new', which this Elbo does not know")]
    public void Wrong_properties_are_named(string name, string? value, string message)
    {
        var properties = new Dictionary<string, string>(Unusual.ToProperties());
        if (value is null) properties.Remove(name);
        else properties[name] = value;
        var error = Assert.Throws<InvalidDataException>(() => TextOptions.FromProperties(properties));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_without_sense_are_named()
    {
        Assert.Contains("MinimumTokenLength is 0", Error(new() { MinimumTokenLength = 0 }), StringComparison.Ordinal);
        Assert.Contains("MaximumNGram is 11", Error(new() { MaximumNGram = 11 }), StringComparison.Ordinal);
        Assert.Contains("'two words'", Error(new() { ExtraStopWords = ["two words"] }), StringComparison.Ordinal);
        Assert.Contains("known languages are None, English", Error(new() { Language = (TextLanguage)99 }), StringComparison.Ordinal);

        static string Error(TextOptions options) => Assert.Throws<ArgumentException>(() => new TextAnalyzer(options)).Message;
    }
}
