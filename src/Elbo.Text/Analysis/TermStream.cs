namespace Elbo.Text;

/// <summary>
/// The terms of one text after another: its words, and neighbouring words joined by <c>_</c> up to the n-gram limit. Terms come in the order of where they
/// end, of those that end together the longest first. Allocates nothing per term. Not thread-safe.
/// </summary>
sealed class TermStream(TextOptions options, HashSet<string> stopWords)
{
    readonly WordStream _words = new(options, stopWords);
    readonly int _maximum = options.MaximumNGram;

    /// <summary>The last words that follow each other, joined: where each begins here, and where in the text.</summary>
    readonly List<(int Here, int InText)> _chain = [];
    char[] _joined = new char[64];
    int _length;
    int _next;

    /// <summary>The term under the cursor; valid until the next move.</summary>
    public ReadOnlySpan<char> Term => _joined.AsSpan(_chain[_next - 1].Here, _length - _chain[_next - 1].Here);

    /// <summary>Where the term begins in the text, in UTF-16 code units.</summary>
    public int Start => _chain[_next - 1].InText;

    /// <summary>How long the term is in the text, in UTF-16 code units.</summary>
    public int Length => _words.End - Start;

    /// <summary>What was met and dropped since this stream was made.</summary>
    public AnalysisTally Tally => _words.Tally;

    /// <summary>Puts the cursor before the first term of a text.</summary>
    public void Reset(string text)
    {
        _words.Reset(text);
        Clear();
    }

    /// <summary>Moves to the next term; false at the end of the text.</summary>
    public bool MoveNext()
    {
        if (_next == _chain.Count)
        {
            if (!_words.MoveNext()) return false;
            if (!_words.Follows || _maximum == 1) Clear();
            if (_chain.Count == _maximum) Shift();
            Append(_words.Word);
            _next = 0;
            _words.Tally.NGrams += _chain.Count - 1;
        }
        _next++;
        return true;
    }

    void Clear()
    {
        _chain.Clear();
        _length = _next = 0;
    }

    void Shift()
    {
        int drop = _chain[1].Here;
        Array.Copy(_joined, drop, _joined, 0, _length - drop);
        _length -= drop;
        _chain.RemoveAt(0);
        for (int i = 0; i < _chain.Count; i++) _chain[i] = (_chain[i].Here - drop, _chain[i].InText);
    }

    void Append(ReadOnlySpan<char> word)
    {
        if (_length + word.Length + 1 > _joined.Length) Array.Resize(ref _joined, 2 * (_length + word.Length + 1));
        if (_chain.Count > 0) _joined[_length++] = '_';
        _chain.Add((_length, _words.Start));
        word.CopyTo(_joined.AsSpan(_length));
        _length += word.Length;
    }
}
