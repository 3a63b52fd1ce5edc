using Elbo.Numerics;
using Elbo.Topics.Sweeps;

namespace Kernels;

/// <summary>A document of 128 distinct terms, about as many as a newspaper's article has, with their rows of topics somewhere in a table of 10,000.</summary>
sealed unsafe class SampleDocument
{
    public const int Terms = 128, Vocabulary = 10_000;

    readonly AlignedBuffer<float> _table = new(), _terms = new();
    readonly AlignedBuffer<long> _rows = new();

    public SampleDocument(int topics)
    {
        Stride = CountTable.Pad(topics);
        _table.EnsureLength((long)Vocabulary * Stride);
        _rows.EnsureLength(Terms);
        _terms.EnsureLength(2 * Terms);
        var random = new Philox(1);
        int[] terms = [.. Enumerable.Range(0, Vocabulary)];
        random.Shuffle(terms.AsSpan());
        Places = terms[..Terms];
        Array.Sort(Places);
        for (int n = 0; n < Terms; n++)
        {
            Fill(_table.Span((long)Places[n] * Stride, Stride), topics, random);
            Rows[n] = Table + (nint)Places[n] * Stride;
        }
        Fill(_terms.Span(0, Terms), Terms, random);
    }

    public int Stride { get; }

    public float* Table => _table.Pointer;

    public int[] Places { get; }

    public float** Rows => (float**)_rows.Pointer;

    /// <summary>A number for each term.</summary>
    public float* Factors => _terms.Pointer;

    /// <summary>Room for another.</summary>
    public float* Results => _terms.Pointer + Terms;

    /// <summary>Numbers around 1, and zeros behind them as in every padded row.</summary>
    public static void Fill(Span<float> into, int count, Philox random)
    {
        into.Clear();
        foreach (ref float value in into[..count]) value = (float)(0.5 + random.NextDouble());
    }
}
