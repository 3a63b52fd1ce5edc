using System.Collections.Concurrent;
using Elbo.Corpora;

namespace Elbo.Text;

/// <summary>
/// Cuts text into the tokens that topic models count: words by Unicode's rules (UAX #29), in lower case, without stop words, numbers and
/// single letters, as <see cref="TextOptions"/> say. Of words with apostrophes the part that carries meaning is kept: "government's" gives government, and
/// "don't" gives do, a stop word. Thread-safe.
/// </summary>
/// <remarks>A word above 255 UTF-16 code units is dropped. <see cref="TextToken.Start"/> and <see cref="TextToken.Length"/> always tell the place of the kept part.</remarks>
public sealed class TextAnalyzer
{
    readonly HashSet<string> _stopWords;
    readonly ConcurrentBag<TermStream> _idle = [];

    /// <summary>An analyzer with the given options, or with the defaults: English, stop words dropped, no stemming.</summary>
    /// <exception cref="ArgumentException">An option has no sensible value; the message names it.</exception>
    public TextAnalyzer(TextOptions? options = null)
    {
        Options = options ?? new TextOptions();
        Options.Validate();
        _stopWords = StopWordLists.Of(Options);
    }

    /// <summary>How text becomes tokens.</summary>
    public TextOptions Options { get; }

    /// <summary>The kept tokens of a text, in the order of where they end; of n-grams that end together the longest first.</summary>
    public IReadOnlyList<TextToken> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<TextToken>();
        Visit(text, terms => tokens.Add(new TextToken(terms.Term.ToString(), terms.Start, terms.Length)));
        return tokens;
    }

    /// <summary>A text as counts over a vocabulary, with the number of tokens that the vocabulary does not have.</summary>
    public TextCounts Count(string text, Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(vocabulary);
        var counts = new SortedDictionary<int, int>();
        int tokens = 0, unknown = 0;
        Visit(text, terms =>
        {
            tokens++;
            int term = vocabulary.IndexOf(terms.Term.ToString());
            if (term < 0) unknown++;
            else counts[term] = counts.GetValueOrDefault(term) + 1;
        });
        return new TextCounts([.. counts.Select(pair => (pair.Key, pair.Value))], tokens, unknown);
    }

    /// <summary>A cursor of its own for a caller who goes through many texts and counts what is dropped.</summary>
    internal TermStream CreateStream() => new(Options, _stopWords);

    void Visit(string text, Action<TermStream> visit)
    {
        if (!_idle.TryTake(out TermStream? terms)) terms = CreateStream();
        terms.Reset(text);
        while (terms.MoveNext()) visit(terms);
        // A stream on which something threw is in an unknown state, and is left to the collector.
        _idle.Add(terms);
    }
}
