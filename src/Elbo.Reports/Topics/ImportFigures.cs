using System.Globalization;

namespace Elbo.Reports.Topics;

/// <summary>What an import dropped from the text, from the properties that it left in the corpus and a fit in the model.</summary>
static class ImportFigures
{
    public const string Prefix = "import.";

    static readonly (string What, string[] Read, (string Name, string Cause)[] Dropped)[] Rows =
    [
        ("documents", ["documents_read"], [("documents_too_short", "too short")]),
        ("tokens", ["tokens_read", "n_grams_formed"],
        [
            ("tokens_stop_words", "stop words"), ("tokens_numbers", "numbers"), ("tokens_too_short", "too short"), ("tokens_too_long", "too long"), ("tokens_rare", "rare"),
            ("tokens_frequent", "too frequent"), ("tokens_beyond_limit", "beyond the vocabulary limit"), ("tokens_in_short_documents", "in documents that were too short"),
        ]),
        ("terms", ["terms_read"],
        [
            ("terms_rare", "rare"), ("terms_frequent", "too frequent"), ("terms_beyond_limit", "beyond the vocabulary limit"), ("terms_in_short_documents", "only in documents that were too short"),
        ]),
    ];

    /// <summary>A row for documents, tokens and terms each, causes that dropped nothing left out; none for models of counts.</summary>
    public static IReadOnlyList<DroppedEntry> Of(IReadOnlyDictionary<string, string> properties)
    {
        if (!properties.Keys.Any(name => name.StartsWith(Prefix, StringComparison.Ordinal))) return [];
        return [.. Rows.Select(row => new DroppedEntry(row.What, row.Read.Sum(Number), Number($"{row.What}_kept"),
            [.. row.Dropped.Select(dropped => new DropCause(dropped.Cause, Number(dropped.Name))).Where(cause => cause.Count > 0)]))];

        long Number(string name) => long.TryParse(properties.GetValueOrDefault(Prefix + name), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : 0;
    }
}
