namespace Elbo.Text;

/// <summary>Why a term is not in the vocabulary, or that it is.</summary>
enum TermFate : byte
{
    Kept,
    Rare,
    Frequent,
    BeyondLimit,
}

/// <summary>All terms of the first pass in the order of their first occurrence, in how many documents each is, and what becomes of it.</summary>
sealed class TermTable
{
    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    readonly List<string> _terms = [];
    readonly List<(int Documents, int Last)> _frequencies = [];

    public TermTable() => _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _terms.Count;

    public string this[int id] => _terms[id];

    /// <summary>The id of a term that occurs in a document; documents come one after another.</summary>
    public int Meet(ReadOnlySpan<char> term, int document)
    {
        if (!_lookup.TryGetValue(term, out int id))
        {
            id = _terms.Count;
            string text = term.ToString();
            _terms.Add(text);
            _ids.Add(text, id);
            _frequencies.Add((1, document));
            return id;
        }
        (int documents, int last) = _frequencies[id];
        if (last != document) _frequencies[id] = (documents + 1, document);
        return id;
    }

    /// <summary>What becomes of every term, by id.</summary>
    public TermFate[] Judge(ImportOptions options, long documents)
    {
        long least = options.MinimumDocumentFrequency.AtLeast(documents), most = options.MaximumDocumentFrequency.AtMost(documents);
        var fates = new TermFate[Count];
        for (int id = 0; id < fates.Length; id++)
            fates[id] = _frequencies[id].Documents < least ? TermFate.Rare : _frequencies[id].Documents > most ? TermFate.Frequent : TermFate.Kept;
        if (options.MaximumTerms is not { } limit) return fates;

        IEnumerable<int> beyond = Enumerable.Range(0, Count).Where(id => fates[id] == TermFate.Kept)
            .OrderByDescending(id => _frequencies[id].Documents).ThenBy(id => _terms[id], StringComparer.Ordinal).Skip(limit);
        foreach (int id in beyond.ToArray()) fates[id] = TermFate.BeyondLimit;
        return fates;
    }
}
