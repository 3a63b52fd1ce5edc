using System.Collections;

namespace Elbo.Corpora;

/// <summary>The terms of a corpus, in the order of their ids: 0 … <see cref="Count"/> − 1. Immutable and thread-safe.</summary>
public sealed class Vocabulary : IReadOnlyList<string>
{
    readonly string[] _terms;
    readonly Dictionary<string, int> _ids;

    /// <summary>Makes a vocabulary of the given terms; the id of a term is its position.</summary>
    /// <exception cref="ArgumentException">A term is null, or occurs twice.</exception>
    public Vocabulary(IEnumerable<string> terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        _terms = [.. terms];
        _ids = new Dictionary<string, int>(_terms.Length, StringComparer.Ordinal);
        for (int id = 0; id < _terms.Length; id++)
        {
            string term = _terms[id] ?? throw new ArgumentException($"Term {id} of the vocabulary is null.", nameof(terms));
            if (!_ids.TryAdd(term, id))
                throw new ArgumentException($"The vocabulary has the term '{term}' twice: as {_ids[term]} and as {id} (ids count from 0).", nameof(terms));
        }
    }

    /// <summary>A vocabulary of <paramref name="count"/> nameless terms, called "0", "1", ….</summary>
    public static Vocabulary Numbered(int count) =>
        new(Enumerable.Range(0, count).Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>How many terms there are.</summary>
    public int Count => _terms.Length;

    /// <summary>The term of an id.</summary>
    public string this[int id] => _terms[id];

    /// <summary>The id of a term (compared ordinally), or −1 where the vocabulary does not have it.</summary>
    public int IndexOf(string term) => _ids.GetValueOrDefault(term, -1);

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_terms).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _terms.GetEnumerator();
}
