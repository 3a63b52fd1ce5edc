using System.Text;

namespace Elbo.Corpora;

/// <summary>Gathers documents in memory, one after another, and makes a <see cref="Corpus"/> of them. Not thread-safe.</summary>
/// <param name="vocabulary">The terms that documents may have.</param>
public sealed class CorpusBuilder(Vocabulary vocabulary)
{
    readonly List<long> _entryOffsets = [0];
    readonly List<int> _entryTerms = [];
    readonly List<int> _entryCounts = [];
    readonly List<long> _tokenOffsets = [0];
    readonly List<int> _tokenTerms = [];
    readonly List<int> _tokenStarts = [];
    readonly List<int> _tokenLengths = [];
    readonly List<string?> _ids = [];
    readonly List<string?> _labels = [];
    readonly List<string?> _sources = [];
    readonly DocumentBag _bag = new();
    long _tokenCount;
    bool? _hasTokens;

    /// <summary>What was done to the text and what was dropped, to be kept in <see cref="Corpus.Properties"/>.</summary>
    public Dictionary<string, string> Properties { get; } = [];

    /// <summary>How many documents were added.</summary>
    public int DocumentCount => _entryOffsets.Count - 1;

    /// <summary>Adds a document given by its counts; the order of the pairs does not matter.</summary>
    /// <exception cref="ArgumentException">A term is outside the vocabulary or occurs twice, or a count is not above 0.</exception>
    public void Add(IEnumerable<(int Term, int Count)> counts, string? id = null, string? label = null, string? source = null)
    {
        ArgumentNullException.ThrowIfNull(counts);
        Expect(tokens: false);
        (int Term, int Count)[] pairs = [.. counts];
        _bag.SetCounts([.. pairs.Select(pair => pair.Term)], [.. pairs.Select(pair => pair.Count)], vocabulary.Count, DocumentCount);
        Close(id, label, source);
    }

    /// <summary>Adds a document given by its tokens in any order, which is not kept.</summary>
    /// <exception cref="ArgumentException">A term is outside the vocabulary.</exception>
    public void AddBag(ReadOnlySpan<int> tokens, string? id = null, string? label = null, string? source = null)
    {
        Expect(tokens: false);
        _bag.SetTokens(tokens, vocabulary.Count, DocumentCount);
        Close(id, label, source);
    }

    /// <summary>Adds a document given by its tokens in order, with their places in the text (UTF-16 code units from 0).</summary>
    /// <exception cref="ArgumentException">A term is outside the vocabulary, a place is impossible, or the spans differ in length.</exception>
    public void Add(ReadOnlySpan<int> tokens, ReadOnlySpan<int> starts, ReadOnlySpan<int> lengths, string? id = null, string? label = null, string? source = null)
    {
        Expect(tokens: true);
        _bag.SetTokens(tokens, starts, lengths, vocabulary.Count, DocumentCount);
        _tokenTerms.AddRange(tokens);
        _tokenStarts.AddRange(starts);
        _tokenLengths.AddRange(lengths);
        _tokenOffsets.Add(_tokenTerms.Count);
        Close(id, label, source);
    }

    /// <summary>The corpus of the documents added so far.</summary>
    public Corpus Build() => new(vocabulary, new CorpusSections
    {
        EntryOffsets = new([.. _entryOffsets]),
        EntryTerms = new([.. _entryTerms]),
        EntryCounts = new([.. _entryCounts]),
        TokenCount = _tokenCount,
        TokenOffsets = _hasTokens == true ? new([.. _tokenOffsets]) : new([]),
        TokenTerms = new([.. _tokenTerms]),
        TokenStarts = new([.. _tokenStarts]),
        TokenLengths = new([.. _tokenLengths]),
        Ids = Column(_ids),
        Labels = Column(_labels),
        Sources = Column(_sources),
        Properties = new Dictionary<string, string>(Properties),
    });

    void Expect(bool tokens)
    {
        if (_hasTokens is { } has && has != tokens)
            throw new InvalidOperationException("A corpus is built either from counts or from tokens in order, not from both.");
        _hasTokens = tokens;
    }

    void Close(string? id, string? label, string? source)
    {
        _entryTerms.AddRange(_bag.Terms);
        _entryCounts.AddRange(_bag.Counts);
        _tokenCount += _bag.TokenCount;
        _entryOffsets.Add(_entryTerms.Count);
        _ids.Add(id);
        _labels.Add(label);
        _sources.Add(source);
    }

    static StringColumn? Column(List<string?> values)
    {
        if (values.TrueForAll(string.IsNullOrEmpty)) return null;
        var offsets = new long[values.Count + 1];
        using var text = new MemoryStream();
        for (int row = 0; row < values.Count; row++)
        {
            text.Write(Encoding.UTF8.GetBytes(values[row] ?? ""));
            offsets[row + 1] = text.Length;
        }
        return new StringColumn(new(offsets), new(text.ToArray()));
    }
}
