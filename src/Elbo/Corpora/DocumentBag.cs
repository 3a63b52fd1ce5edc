namespace Elbo.Corpora;

/// <summary>
/// The distinct terms of one document in rising order, and how often each occurs; its memory is used again for the next document.
/// What is given is checked here, once for every way into a corpus.
/// </summary>
internal sealed class DocumentBag
{
    // Below so many tokens, sorting by comparison is faster.
    const int ShortDocument = 64;

    int[] _terms = [];
    int[] _counts = [];
    int _length;

    public ReadOnlySpan<int> Terms => _terms.AsSpan(0, _length);

    public ReadOnlySpan<int> Counts => _counts.AsSpan(0, _length);

    /// <summary>The sum of the counts.</summary>
    public long TokenCount { get; private set; }

    /// <summary>Takes a document given by its tokens in order, with their places in the text.</summary>
    /// <exception cref="ArgumentException">The spans differ in length, a place is impossible, or a term is outside the vocabulary.</exception>
    public void SetTokens(ReadOnlySpan<int> tokens, ReadOnlySpan<int> starts, ReadOnlySpan<int> lengths, int termCount, int document)
    {
        if (starts.Length != tokens.Length || lengths.Length != tokens.Length)
            throw new ArgumentException($"Document {document} has {tokens.Length} tokens, {starts.Length} starts and {lengths.Length} lengths; they must be as many.", nameof(tokens));
        for (int i = 0; i < tokens.Length; i++)
            if (starts[i] < 0 || lengths[i] < 0 || starts[i] > int.MaxValue - lengths[i])
                throw new ArgumentException($"Document {document} has a token that begins at {starts[i]} and is {lengths[i]} long, which is no place in a text.", nameof(starts));
        SetTokens(tokens, termCount, document);
    }

    /// <summary>Takes a document given by its tokens in any order.</summary>
    /// <exception cref="ArgumentException">A term is outside the vocabulary.</exception>
    public void SetTokens(ReadOnlySpan<int> tokens, int termCount, int document)
    {
        Grow(tokens.Length);
        tokens.CopyTo(_terms);
        Span<int> sorted = _terms.AsSpan(0, tokens.Length);
        int largest = CheckTerms(sorted, termCount, document);
        Sort(sorted, _counts.AsSpan(0, tokens.Length), largest);
        _length = 0;
        TokenCount = tokens.Length;
        for (int i = 0, next; i < sorted.Length; i = next)
        {
            for (next = i + 1; next < sorted.Length && sorted[next] == sorted[i];) next++;
            _counts[_length] = next - i;
            sorted[_length++] = sorted[i];
        }
    }

    /// <summary>Takes a document given by pairs in any order.</summary>
    /// <exception cref="ArgumentException">The spans differ in length, a term is outside the vocabulary or occurs twice, or a count is not above 0.</exception>
    public void SetCounts(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, int termCount, int document)
    {
        if (counts.Length != terms.Length)
            throw new ArgumentException($"Document {document} has {terms.Length} terms and {counts.Length} counts; they must be as many.", nameof(counts));
        Grow(terms.Length);
        terms.CopyTo(_terms);
        counts.CopyTo(_counts);
        _length = terms.Length;
        CheckTerms(Terms, termCount, document);
        _terms.AsSpan(0, _length).Sort(_counts.AsSpan(0, _length));
        TokenCount = 0;
        for (int i = 0; i < _length; i++)
        {
            if (_counts[i] <= 0)
                throw new ArgumentException($"Document {document} has the count {_counts[i]} for term {_terms[i]}; counts must be above 0.", nameof(counts));
            if (i > 0 && _terms[i] == _terms[i - 1])
                throw new ArgumentException($"Document {document} has term {_terms[i]} twice.", nameof(terms));
            TokenCount += _counts[i];
        }
    }

    /// <summary>Checks the terms and returns the largest; −1 where there is none.</summary>
    static int CheckTerms(ReadOnlySpan<int> terms, int termCount, int document)
    {
        int least = 0, largest = -1;
        foreach (int term in terms)
        {
            least = Math.Min(least, term);
            largest = Math.Max(largest, term);
        }
        if (least < 0)
            throw new ArgumentException($"Document {document} has term {least}; ids count from 0.");
        if (largest >= termCount)
            throw new ArgumentException($"Document {document} has term {largest}, but the vocabulary has {termCount} terms (ids 0 to {termCount - 1}).");
        return largest;
    }

    /// <summary>Sorts values ≥ 0: long documents by their digits of 8 bits, the lowest first, from one memory to the other and back.</summary>
    static void Sort(Span<int> values, Span<int> scratch, int largest)
    {
        if (values.Length < ShortDocument)
        {
            values.Sort();
            return;
        }
        Span<int> places = stackalloc int[256];
        Span<int> from = values, to = scratch;
        for (int shift = 0; shift < 32 && largest >> shift > 0; shift += 8)
        {
            places.Clear();
            foreach (int value in from) places[(byte)(value >> shift)]++;
            int place = 0;
            foreach (ref int digit in places) (digit, place) = (place, place + digit);
            foreach (int value in from) to[places[(byte)(value >> shift)]++] = value;
            Span<int> sorted = to;
            to = from;
            from = sorted;
        }
        if (from != values) from.CopyTo(values);
    }

    void Grow(int length)
    {
        if (length <= _terms.Length) return;
        int size = Math.Max(length, (int)Math.Min(2L * _terms.Length, Array.MaxLength));
        _terms = new int[size];
        _counts = new int[size];
    }
}
