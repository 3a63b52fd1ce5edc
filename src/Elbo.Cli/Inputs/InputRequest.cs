using System.Globalization;
using Elbo.Text;

namespace Elbo.Cli.Inputs;

/// <summary>Which input to read, and how. A checkpoint keeps it, to read the same again.</summary>
sealed record InputRequest
{
    public required string Path { get; init; }

    /// <summary>Never Auto but for a pattern, whose files tell one by one.</summary>
    public required InputFormat Format { get; init; }

    /// <summary>The vocabulary of lda-c and UCI files.</summary>
    public string? VocabularyPath { get; init; }

    /// <summary>The columns of tables.</summary>
    public TextSourceOptions Source { get; init; } = new();

    /// <summary>How text becomes a corpus.</summary>
    public ImportOptions Import { get; init; } = new();

    public TextSource OpenText() => TextSource.Open(Path, Source with { Format = Format.ToTextFormat() });

    public Dictionary<string, string> ToProperties()
    {
        var properties = new Dictionary<string, string>
        {
            ["path"] = System.IO.Path.GetFullPath(Path),
            ["format"] = Format.ToString(),
        };
        AddGiven("vocabulary", VocabularyPath is null ? null : System.IO.Path.GetFullPath(VocabularyPath));
        if (!Format.IsText()) return properties;
        AddGiven("text_column", Source.TextColumn);
        AddGiven("id_column", Source.IdColumn);
        AddGiven("label_column", Source.LabelColumn);
        foreach ((string name, string value) in Import.Text.ToProperties()) properties[name] = value;
        properties["minimum_document_frequency"] = Import.MinimumDocumentFrequency.ToString();
        properties["maximum_document_frequency"] = Import.MaximumDocumentFrequency.ToString();
        properties["minimum_document_tokens"] = Import.MinimumDocumentTokens.ToString(CultureInfo.InvariantCulture);
        AddGiven("maximum_terms", Import.MaximumTerms?.ToString(CultureInfo.InvariantCulture));
        return properties;

        void AddGiven(string name, string? value)
        {
            if (value is not null) properties[name] = value;
        }
    }

    /// <exception cref="InvalidDataException">The properties are not those of an input.</exception>
    public static InputRequest FromProperties(IReadOnlyDictionary<string, string> properties)
    {
        try
        {
            var format = Enum.Parse<InputFormat>(properties["format"]);
            var request = new InputRequest { Path = properties["path"], Format = format, VocabularyPath = properties.GetValueOrDefault("vocabulary") };
            return !format.IsText() ? request : request with
            {
                Source = new TextSourceOptions
                {
                    TextColumn = properties.GetValueOrDefault("text_column"),
                    IdColumn = properties.GetValueOrDefault("id_column"),
                    LabelColumn = properties.GetValueOrDefault("label_column"),
                },
                Import = new ImportOptions
                {
                    Text = TextOptions.FromProperties(properties),
                    MinimumDocumentFrequency = DocumentFrequency.Parse(properties["minimum_document_frequency"]),
                    MaximumDocumentFrequency = DocumentFrequency.Parse(properties["maximum_document_frequency"]),
                    MinimumDocumentTokens = int.Parse(properties["minimum_document_tokens"], CultureInfo.InvariantCulture),
                    MaximumTerms = properties.TryGetValue("maximum_terms", out string? terms) ? int.Parse(terms, CultureInfo.InvariantCulture) : null,
                },
            };
        }
        catch (Exception error) when (error is KeyNotFoundException or FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"What the checkpoint says of its input cannot be read: {error.Message}", error);
        }
    }
}
