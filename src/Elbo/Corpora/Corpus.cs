using System.Globalization;

namespace Elbo.Corpora;

/// <summary>
/// Documents as bags of words over one <see cref="Vocabulary"/>; a corpus made from text also keeps its tokens in order,
/// with their places in the text, and for each document an id, a label and where it came from.
/// </summary>
/// <remarks>
/// Immutable and safe to read from many threads. A corpus opened from a file is mapped, not loaded: dispose of it when nothing reads it any more.
/// Documents and terms are numbered from 0. An empty document is a row like any other.
/// </remarks>
public sealed class Corpus : IDisposable
{
    readonly CorpusSections _sections;

    internal Corpus(Vocabulary vocabulary, CorpusSections sections)
    {
        Vocabulary = vocabulary;
        _sections = sections;
        DocumentCount = checked((int)(sections.EntryOffsets.Length - 1));
    }

    /// <summary>The terms that occur.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>How many documents there are, empty ones included.</summary>
    public int DocumentCount { get; }

    /// <summary>How many pairs (document, distinct term) there are.</summary>
    public long EntryCount => _sections.EntryOffsets[DocumentCount];

    /// <summary>How many tokens there are: the sum of all counts.</summary>
    public long TokenCount => _sections.TokenCount;

    /// <summary>The distinct terms of a document, in rising order of their ids.</summary>
    public ReadOnlySpan<int> Terms(int document) => _sections.EntryTerms.Slice(EntryStart(document), EntriesOf(document));

    /// <summary>How often each of <see cref="Terms"/> occurs in the document; all above 0.</summary>
    public ReadOnlySpan<int> Counts(int document) => _sections.EntryCounts.Slice(EntryStart(document), EntriesOf(document));

    /// <summary>Whether the corpus keeps its tokens in order (corpora made from text do; lda-c and UCI files have none).</summary>
    public bool HasTokens => _sections.TokenOffsets.Length > 0;

    /// <summary>The term ids of a document's kept tokens, in the order of the text.</summary>
    /// <exception cref="InvalidOperationException">The corpus has no token order.</exception>
    public ReadOnlySpan<int> Tokens(int document) => _sections.TokenTerms.Slice(TokenStart(document), TokensOf(document));

    /// <summary>Where each of <see cref="Tokens"/> begins in the document's text, in UTF-16 code units from 0.</summary>
    /// <exception cref="InvalidOperationException">The corpus has no token order.</exception>
    public ReadOnlySpan<int> TokenStarts(int document) => _sections.TokenStarts.Slice(TokenStart(document), TokensOf(document));

    /// <summary>How long each of <see cref="Tokens"/> is in the document's text, in UTF-16 code units.</summary>
    /// <exception cref="InvalidOperationException">The corpus has no token order.</exception>
    public ReadOnlySpan<int> TokenLengths(int document) => _sections.TokenLengths.Slice(TokenStart(document), TokensOf(document));

    /// <summary>The id of a document; where the source had none, its number from 0.</summary>
    public string Id(int document) => _sections.Ids?[document] ?? document.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether documents carry a label.</summary>
    public bool HasLabels => _sections.Labels is not null;

    /// <summary>The label of a document, or null where the corpus has none.</summary>
    public string? Label(int document) => _sections.Labels?[document];

    /// <summary>Where a document came from (a file, or a file and row), or null where that is not known.</summary>
    public string? Source(int document) => _sections.Sources?[document];

    /// <summary>What was done to the text and what was dropped on the way, as name and value; empty for corpora that were not made from text.</summary>
    public IReadOnlyDictionary<string, string> Properties => _sections.Properties;

    /// <summary>Temp.</summary>
    public string Checksum => Vocabulary.Count.ToString(CultureInfo.InvariantCulture);
    /// <inheritdoc/>
    public void Dispose() => _sections.Owner?.Dispose();

    internal CorpusSections Sections => _sections;

    long EntryStart(int document) => _sections.EntryOffsets[document];

    int EntriesOf(int document) => checked((int)(_sections.EntryOffsets[document + 1L] - _sections.EntryOffsets[document]));

    long TokenStart(int document) => HasTokens
        ? _sections.TokenOffsets[document]
        : throw new InvalidOperationException("This corpus has no token order: it was read from counts (lda-c or UCI). Make it from text to keep the order.");

    int TokensOf(int document) => checked((int)(_sections.TokenOffsets[document + 1L] - _sections.TokenOffsets[document]));
}
