using System.Globalization;

namespace Elbo.Text;

/// <summary>
/// What an import read, kept and dropped, by cause. Every token is in exactly one place: <see cref="TokensRead"/> + <see cref="NGramsFormed"/> =
/// <see cref="TokensKept"/> + the sum of the dropped ones; likewise for terms and documents.
/// </summary>
public sealed record ImportReport
{
    /// <summary>Documents that the source gave.</summary>
    public long DocumentsRead { get; init; }

    /// <summary>Of those, documents without a text (a table's NULL); they are empty documents.</summary>
    public long DocumentsWithoutText { get; init; }

    /// <summary>Documents left out because they kept fewer tokens than <see cref="ImportOptions.MinimumDocumentTokens"/>.</summary>
    public long DocumentsTooShort { get; init; }

    /// <summary>Documents in the corpus.</summary>
    public long DocumentsKept { get; init; }

    /// <summary>Of those, empty ones: rows without tokens.</summary>
    public long DocumentsEmpty { get; init; }

    /// <summary>Words found in the texts.</summary>
    public long TokensRead { get; init; }

    /// <summary>Tokens formed by joining neighbouring words.</summary>
    public long NGramsFormed { get; init; }

    /// <summary>Tokens in the corpus.</summary>
    public long TokensKept { get; init; }

    /// <summary>Tokens dropped because they are stop words.</summary>
    public long TokensStopWords { get; init; }

    /// <summary>Tokens dropped because they are below the least length.</summary>
    public long TokensTooShort { get; init; }

    /// <summary>Tokens dropped because they are longer than 255 UTF-16 code units.</summary>
    public long TokensTooLong { get; init; }

    /// <summary>Tokens dropped because they have no letter.</summary>
    public long TokensNumbers { get; init; }

    /// <summary>Tokens dropped because their term is in too few documents.</summary>
    public long TokensRare { get; init; }

    /// <summary>Tokens dropped because their term is in too many documents.</summary>
    public long TokensFrequent { get; init; }

    /// <summary>Tokens dropped because their term is beyond the limit of the vocabulary.</summary>
    public long TokensBeyondLimit { get; init; }

    /// <summary>Tokens dropped with the documents that were too short.</summary>
    public long TokensInShortDocuments { get; init; }

    /// <summary>Distinct terms that analysis kept.</summary>
    public long TermsRead { get; init; }

    /// <summary>Terms in the vocabulary.</summary>
    public long TermsKept { get; init; }

    /// <summary>Terms dropped because they are in too few documents.</summary>
    public long TermsRare { get; init; }

    /// <summary>Terms dropped because they are in too many documents.</summary>
    public long TermsFrequent { get; init; }

    /// <summary>Terms dropped because they are beyond the limit of the vocabulary.</summary>
    public long TermsBeyondLimit { get; init; }

    /// <summary>Terms dropped because they are left only in documents that were too short.</summary>
    public long TermsInShortDocuments { get; init; }

    /// <summary>The numbers as names and values, all names beginning with <c>import.</c>, as the corpus keeps them in its properties.</summary>
    public IReadOnlyDictionary<string, string> ToProperties() => new SortedDictionary<string, string>(
        Numbers().ToDictionary(number => "import." + number.Name, number => number.Value.ToString(CultureInfo.InvariantCulture)), StringComparer.Ordinal);

    /// <summary>The report in a few short lines; causes that dropped nothing are left out.</summary>
    public IReadOnlyList<string> ToLines()
    {
        string nGrams = NGramsFormed == 0 ? "" : $" and {Format(NGramsFormed)} n-grams formed";
        return
        [
            Line("documents", DocumentsKept, Format(DocumentsRead), ("too short", DocumentsTooShort)) + Aside(("empty", DocumentsEmpty), ("without text", DocumentsWithoutText)),
            Line("tokens", TokensKept, Format(TokensRead) + nGrams, ("stop words", TokensStopWords), ("numbers", TokensNumbers), ("too short", TokensTooShort), ("too long", TokensTooLong),
                ("rare", TokensRare), ("too frequent", TokensFrequent), ("beyond the vocabulary limit", TokensBeyondLimit), ("in documents that were too short", TokensInShortDocuments)),
            Line("terms", TermsKept, Format(TermsRead), ("rare", TermsRare), ("too frequent", TermsFrequent), ("beyond the vocabulary limit", TermsBeyondLimit), ("only in documents that were too short", TermsInShortDocuments)),
        ];
    }

    static string Line(string what, long kept, string read, params ReadOnlySpan<(string Cause, long Count)> dropped)
    {
        string line = $"{what}: {Format(kept)} of {read}";
        string separator = "; dropped: ";
        foreach ((string cause, long count) in dropped)
        {
            if (count == 0) continue;
            line += $"{separator}{Format(count)} {cause}";
            separator = ", ";
        }
        return line;
    }

    static string Aside(params ReadOnlySpan<(string What, long Count)> parts)
    {
        string text = "";
        foreach ((string what, long count) in parts)
            if (count > 0) text += $"{(text.Length == 0 ? " (" : ", ")}{Format(count)} {what}";
        return text.Length == 0 ? "" : text + ")";
    }

    static string Format(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    IEnumerable<(string Name, long Value)> Numbers() =>
    [
        ("documents_read", DocumentsRead), ("documents_without_text", DocumentsWithoutText), ("documents_too_short", DocumentsTooShort),
        ("documents_kept", DocumentsKept), ("documents_empty", DocumentsEmpty),
        ("tokens_read", TokensRead), ("n_grams_formed", NGramsFormed), ("tokens_kept", TokensKept), ("tokens_stop_words", TokensStopWords),
        ("tokens_too_short", TokensTooShort), ("tokens_too_long", TokensTooLong), ("tokens_numbers", TokensNumbers), ("tokens_rare", TokensRare),
        ("tokens_frequent", TokensFrequent), ("tokens_beyond_limit", TokensBeyondLimit), ("tokens_in_short_documents", TokensInShortDocuments),
        ("terms_read", TermsRead), ("terms_kept", TermsKept), ("terms_rare", TermsRare), ("terms_frequent", TermsFrequent),
        ("terms_beyond_limit", TermsBeyondLimit), ("terms_in_short_documents", TermsInShortDocuments),
    ];
}
