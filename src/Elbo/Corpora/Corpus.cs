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
    CorpusSections? _sections;
    string? _checksum;

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
    public long EntryCount => Sections.EntryOffsets[DocumentCount];

    /// <summary>How many tokens there are: the sum of all counts.</summary>
    public long TokenCount => Sections.TokenCount;

    /// <summary>The distinct terms of a document, in rising order of their ids.</summary>
    public ReadOnlySpan<int> Terms(int document) => Sections.EntryTerms.Slice(EntryStart(document), EntriesOf(document));

    /// <summary>How often each of <see cref="Terms"/> occurs in the document; all above 0.</summary>
    public ReadOnlySpan<int> Counts(int document) => Sections.EntryCounts.Slice(EntryStart(document), EntriesOf(document));

    /// <summary>Whether the corpus keeps its tokens in order (corpora made from text do; lda-c and UCI files have none).</summary>
    public bool HasTokens => Sections.TokenOffsets.Length > 0;

    /// <summary>The term ids of a document's kept tokens, in the order of the text.</summary>
    /// <exception cref="InvalidOperationException">The corpus has no token order.</exception>
    public ReadOnlySpan<int> Tokens(int document) => Sections.TokenTerms.Slice(TokenStart(document), TokensOf(document));

    /// <summary>Where each of <see cref="Tokens"/> begins in the document's text, in UTF-16 code units from 0.</summary>
    /// <exception cref="InvalidOperationException">The corpus has no token order.</exception>
    public ReadOnlySpan<int> TokenStarts(int document) => Sections.TokenStarts.Slice(TokenStart(document), TokensOf(document));

    /// <summary>How long each of <see cref="Tokens"/> is in the document's text, in UTF-16 code units.</summary>
    /// <exception cref="InvalidOperationException">The corpus has no token order.</exception>
    public ReadOnlySpan<int> TokenLengths(int document) => Sections.TokenLengths.Slice(TokenStart(document), TokensOf(document));

    /// <summary>The id of a document; where the source had none, its number from 0.</summary>
    public string Id(int document) => Sections.Ids?[document] ?? document.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether documents carry a label.</summary>
    public bool HasLabels => Sections.Labels is not null;

    /// <summary>The label of a document, or null where it has none.</summary>
    public string? Label(int document) => Sections.Labels?[document];

    /// <summary>Where a document came from (a file, or a file and row), or null where that is not known.</summary>
    public string? Source(int document) => Sections.Sources?[document];

    /// <summary>What was done to the text and what was dropped on the way, as name and value; empty for corpora that were not made from text.</summary>
    public IReadOnlyDictionary<string, string> Properties => Sections.Properties;

    /// <summary>
    /// SHA-256 over vocabulary and counts, as 64 hexadecimal digits: equal for equal content, whatever file it came from. Computed when first asked for.
    /// </summary>
    public string Checksum => _checksum ??= CorpusChecksum.Of(this);

    /// <summary>Lets a mapped file go. The corpus, and spans taken from it, must not be read afterwards.</summary>
    public void Dispose()
    {
        CorpusSections? sections = _sections;
        _sections = null;
        sections?.Owner?.Dispose();
    }

    /// <summary>Gives back the memory of what was read of a mapped file; whoever goes through a whole corpus does so now and then, for it may be larger than memory.</summary>
    internal void Release() => Sections.Owner?.Release();

    /// <summary>Releases whenever about a million entries have been read since the last time.</summary>
    /// <param name="unreleased">How many those are, for the reader to keep.</param>
    /// <param name="entries">How many have just been read.</param>
    internal void ReleaseAfter(ref long unreleased, long entries)
    {
        if ((unreleased += entries) < CorpusFile.EntriesPerRelease) return;
        Release();
        unreleased = 0;
    }

    /// <exception cref="ObjectDisposedException">The memory may be unmapped: a read would end the process.</exception>
    internal CorpusSections Sections => _sections ?? throw new ObjectDisposedException(nameof(Corpus));

    long EntryStart(int document) => Sections.EntryOffsets[document];

    int EntriesOf(int document) => checked((int)(Sections.EntryOffsets[document + 1L] - Sections.EntryOffsets[document]));

    long TokenStart(int document) => HasTokens
        ? Sections.TokenOffsets[document]
        : throw new InvalidOperationException("This corpus has no token order: it was read from counts (lda-c or UCI). Make it from text to keep the order.");

    int TokensOf(int document) => checked((int)(Sections.TokenOffsets[document + 1L] - Sections.TokenOffsets[document]));
}
