using Elbo.Corpora;
using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>
/// Some documents with what they share: the distinct terms, and for each of them where it occurs. First all documents are worked on, each alone, then all
/// terms, each alone; so neither phase needs locks or a copy of the table a thread, and sums have one order.
/// </summary>
sealed unsafe class DocumentChunk
{
    readonly int _stride;
    readonly AlignedBuffer<int> _terms = new(), _places = new(), _starts = new();
    readonly AlignedBuffer<long> _postings = new();
    readonly AlignedBuffer<float> _proportions = new(), _ratios = new(), _expected = new();
    readonly int[] _placeOf;
    int[] _documents = [], _pairStarts = [];

    public DocumentChunk(int vocabulary, int stride)
    {
        _stride = stride;
        _placeOf = new int[vocabulary];
        Array.Fill(_placeOf, -1);
    }

    /// <summary>How many documents.</summary>
    public int Count { get; private set; }

    /// <summary>How many distinct terms.</summary>
    public int Terms { get; private set; }

    public long Tokens { get; private set; }

    public int Document(int i) => _documents[i];

    /// <summary>The term of a place.</summary>
    public int Term(int place) => _terms.Pointer[place];

    /// <summary>The places of a document's terms.</summary>
    public ReadOnlySpan<int> Places(int i) => _places.Span(_pairStarts[i], _pairStarts[i + 1] - _pairStarts[i]);

    /// <summary>t of a document: a padded row for <see cref="DocumentSweep{TLanes, TProportions}.Run"/> to fill.</summary>
    public float* Proportions(int i) => _proportions.Pointer + (nint)i * _stride;

    /// <summary>c_n / s_n of a document's terms, for the same to fill.</summary>
    public float* Ratios(int i) => _ratios.Pointer + _pairStarts[i];

    /// <summary>n_d of a document: a padded row, where it is kept.</summary>
    public Span<float> Expected(int i) => _expected.Span((long)i * _stride, _stride);

    public float* AllProportions => _proportions.Pointer;

    public float* AllRatios => _ratios.Pointer;

    public Posting* FirstPosting(int place) => (Posting*)_postings.Pointer + _starts.Pointer[place];

    /// <summary>Takes documents in.</summary>
    /// <param name="corpus">Where they are.</param>
    /// <param name="documents">Their numbers.</param>
    /// <param name="keepsExpected">Whether there is to be room for <see cref="Expected"/>.</param>
    public void Load(Corpus corpus, ReadOnlySpan<int> documents, bool keepsExpected)
    {
        for (int place = 0; place < Terms; place++) _placeOf[_terms.Pointer[place]] = -1;
        if (_documents.Length < documents.Length) (_documents, _pairStarts) = (new int[documents.Length * 2], new int[documents.Length * 2 + 1]);
        documents.CopyTo(_documents);
        Count = documents.Length;
        Terms = 0;
        Tokens = 0;
        int pairs = 0;
        for (int i = 0; i < Count; i++)
        {
            _pairStarts[i] = pairs;
            pairs = checked(pairs + corpus.Terms(documents[i]).Length);
        }
        _pairStarts[Count] = pairs;
        _places.EnsureLength(pairs + 1);
        _ratios.EnsureLength(pairs + 1);
        _postings.EnsureLength(pairs + 1);
        _terms.EnsureLength(Math.Min(pairs, _placeOf.Length) + 1);
        _proportions.EnsureLength((long)Count * _stride);
        if (keepsExpected) _expected.EnsureLength((long)Count * _stride);
        Locate(corpus);
        Post(pairs);
    }

    void Locate(Corpus corpus)
    {
        int* places = _places.Pointer, terms = _terms.Pointer;
        int count = 0;
        for (int i = 0; i < Count; i++)
        {
            foreach (int term in corpus.Terms(_documents[i]))
            {
                int place = _placeOf[term];
                if (place < 0)
                {
                    _placeOf[term] = place = count;
                    terms[count++] = term;
                }
                *places++ = place;
            }
            foreach (int tokens in corpus.Counts(_documents[i])) Tokens += tokens;
        }
        Terms = count;
    }

    // A counting sort of the pairs by place.
    void Post(int pairs)
    {
        _starts.EnsureLength(Terms + 2);
        int* starts = _starts.Pointer, places = _places.Pointer;
        new Span<int>(starts, Terms + 2).Clear();
        for (int pair = 0; pair < pairs; pair++) starts[places[pair] + 2]++;
        for (int place = 2; place < Terms + 2; place++) starts[place] += starts[place - 1];
        var postings = (Posting*)_postings.Pointer;
        for (int i = 0; i < Count; i++)
            for (int pair = _pairStarts[i]; pair < _pairStarts[i + 1]; pair++)
                postings[starts[places[pair] + 1]++] = new Posting(i, pair);
    }
}
