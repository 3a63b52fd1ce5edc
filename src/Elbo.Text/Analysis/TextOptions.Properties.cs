using System.Globalization;

namespace Elbo.Text;

public sealed partial record TextOptions
{
    /// <summary>The version of the analysis rules (word limits, apostrophes, built-in stop words); it rises when the same options begin to mean other tokens.</summary>
    const string RulesVersion = "1";

    const string Prefix = "text.";

    /// <summary>The options as names and values, all names beginning with <c>text.</c>; the extra stop words themselves included.</summary>
    public IReadOnlyDictionary<string, string> ToProperties() => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        [Prefix + "version"] = RulesVersion,
        [Prefix + "language"] = Language.ToString(),
        [Prefix + "stop_words"] = StopWords ? "true" : "false",
        [Prefix + "extra_stop_words"] = string.Join(' ', ExtraStopWords),
        [Prefix + "stemming"] = Stemming ? "true" : "false",
        [Prefix + "minimum_token_length"] = MinimumTokenLength.ToString(CultureInfo.InvariantCulture),
        [Prefix + "numbers"] = Numbers ? "true" : "false",
        [Prefix + "maximum_n_gram"] = MaximumNGram.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Whether properties hold what <see cref="FromProperties"/> needs; those of a corpus that was not made from text do not.</summary>
    public static bool InProperties(IReadOnlyDictionary<string, string> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        return properties.ContainsKey(Prefix + "version");
    }

    /// <summary>The options that <see cref="ToProperties"/> wrote. Names that do not begin with <c>text.</c> are not looked at.</summary>
    /// <exception cref="InvalidDataException">A property is missing, unknown or cannot be read, or the rules are of another version.</exception>
    public static TextOptions FromProperties(IReadOnlyDictionary<string, string> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        string version = Value(properties, "version");
        if (version != RulesVersion)
            throw new InvalidDataException($"The text settings are of version '{version}'; this Elbo knows version {RulesVersion}, and would cut the text into other tokens.");
        var options = new TextOptions
        {
            Language = Enum.TryParse(Value(properties, "language"), out TextLanguage language) && Enum.IsDefined(language) ? language : throw Unreadable(properties, "language"),
            StopWords = Flag(properties, "stop_words"),
            ExtraStopWords = Value(properties, "extra_stop_words").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Stemming = Flag(properties, "stemming"),
            MinimumTokenLength = Number(properties, "minimum_token_length"),
            Numbers = Flag(properties, "numbers"),
            MaximumNGram = Number(properties, "maximum_n_gram"),
        };
        IReadOnlyDictionary<string, string> known = options.ToProperties();
        string? unknown = properties.Keys.FirstOrDefault(name => name.StartsWith(Prefix, StringComparison.Ordinal) && !known.ContainsKey(name));
        if (unknown is not null)
            throw new InvalidDataException($"The text settings have '{unknown}', which this Elbo does not know.");
        try
        {
            options.Validate();
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"The text settings are wrong: {error.Message}", error);
        }
        return options;
    }

    static string Value(IReadOnlyDictionary<string, string> properties, string name) =>
        properties.TryGetValue(Prefix + name, out string? value) ? value : throw new InvalidDataException($"The text settings lack '{Prefix}{name}'.");

    static bool Flag(IReadOnlyDictionary<string, string> properties, string name) => Value(properties, name) switch
    {
        "true" => true,
        "false" => false,
        _ => throw Unreadable(properties, name),
    };

    static int Number(IReadOnlyDictionary<string, string> properties, string name) =>
        int.TryParse(Value(properties, name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Unreadable(properties, name);

    static InvalidDataException Unreadable(IReadOnlyDictionary<string, string> properties, string name) =>
        new($"The text setting '{Prefix}{name}' has the value '{Value(properties, name)}', which cannot be read.");
}
