namespace Elbo.Text;

/// <summary>Which extensions a format has.</summary>
static class Formats
{
    static readonly string[] Text = [".txt", ".md", ".text"];
    static readonly string[] Json = [".jsonl", ".ndjson", ".json"];
    static readonly string[] Csv = [".csv"];
    static readonly string[] Tsv = [".tsv", ".tab"];
    static readonly string[] Parquet = [".parquet", ".pq"];

    /// <summary>The extensions that a folder is searched for; folders without a named format hold text.</summary>
    public static string[] ExtensionsOf(TextFormat format) => format switch
    {
        TextFormat.Auto or TextFormat.Text => Text,
        TextFormat.Json => Json,
        TextFormat.Csv => Csv,
        TextFormat.Tsv => Tsv,
        TextFormat.Parquet => Parquet,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "This is no format."),
    };

    /// <summary>The format of a file by its extension; text where no table has that extension.</summary>
    public static TextFormat Of(string path)
    {
        string extension = ExtensionOf(path);
        foreach (TextFormat format in (ReadOnlySpan<TextFormat>)[TextFormat.Json, TextFormat.Csv, TextFormat.Tsv, TextFormat.Parquet])
            if (ExtensionsOf(format).Contains(extension)) return format;
        return TextFormat.Text;
    }

    /// <summary>The extension in lower case, the one before <c>.gz</c> where the file is gzipped.</summary>
    public static string ExtensionOf(string path) =>
        Path.GetExtension(IsGzip(path) ? path[..^3] : path).ToLowerInvariant();

    public static bool IsGzip(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
}
