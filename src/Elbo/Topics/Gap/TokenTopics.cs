using Elbo.Numerics;

namespace Elbo.Topics.Gap;

/// <summary>
/// A document token by token, and the draw that all samplers of its topics z are made of. Scratch for one thread; allocates only where a document is longer
/// than any before.
/// </summary>
/// <remarks>
/// A term's row over the topics is kept relative to the largest of it, so that no product of an improbable term underflows in every topic:
/// <see cref="Offset"/> is what that leaves out.
/// </remarks>
sealed unsafe class TokenTopics<TLanes> where TLanes : struct, ILanes<TLanes>
{
    readonly LdaTables _tables;
    readonly AlignedBuffer _vectors = new();
    readonly AlignedBuffer _rows = new();
    readonly int _topics;
    readonly double* _products, _lanes;
    int[] _tokens = [];

    public TokenTopics(int topics, LdaTables tables)
    {
        _tables = tables;
        _topics = topics;
        Stride = AlignedBuffer.Pad(topics);
        _vectors.EnsureLength(Stride + ILanes<TLanes>.Count);
        _products = _vectors.Pointer;
        _lanes = _products + Stride;
    }

    /// <summary>The length of a padded vector over topics.</summary>
    public int Stride { get; }

    /// <summary>Σ_n max_k log β_k,w_n.</summary>
    public double Offset { get; private set; }

    /// <summary>The distinct term, as its place in the document, of every token.</summary>
    public Span<int> Tokens => _tokens.AsSpan(0, Length);

    /// <summary>N, the number of tokens.</summary>
    public int Length { get; private set; }

    public void Load(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts)
    {
        Length = 0;
        Offset = 0;
        foreach (int count in counts) Length = checked(Length + count);
        if (_tokens.Length < Length) _tokens = new int[Length];
        _rows.EnsureLength((long)terms.Length * Stride);
        int token = 0;
        for (int i = 0; i < terms.Length; i++)
        {
            double max = Weigh(_tables.Logs(terms[i]), _rows.Pointer + (long)i * Stride);
            if (max == TopicLogs.LogZero) throw TopicLogs.Impossible(terms[i]);
            Offset += counts[i] * max;
            for (int copy = 0; copy < counts[i]; copy++) _tokens[token++] = i;
        }
        GC.KeepAlive(this);
    }

    // Gives the largest logarithm of a row, and the row's exponentials relative to it; the padding's are 0.
    double Weigh(double* logs, double* weights)
    {
        double max = TopicLogs.LogZero;
        for (int topic = 0; topic < _topics; topic++) max = Math.Max(max, logs[topic]);
        TLanes offset = TLanes.Broadcast(max);
        for (int k = 0; k < Stride; k += ILanes<TLanes>.Count) TLanes.Store(weights + k, VectorMath.Exp(TLanes.Load(logs + k) - offset));
        return max;
    }

    /// <summary>Draws a token's topic with p ∝ (a_k + n_k) β_k.</summary>
    /// <param name="token">The token's term, as its place in the document.</param>
    /// <param name="concentration">a, above 0, the padding 0.</param>
    /// <param name="counts">n: how many of the other tokens each topic has, padded.</param>
    /// <param name="uniform">Uniform on [0, 1).</param>
    /// <param name="total">Σ_k (a_k + n_k) β_k, relative to the largest β, above 0.</param>
    public int Draw(int token, double* concentration, double* counts, double uniform, out double total)
    {
        double* products = _products, weights = _rows.Pointer + (long)token * Stride;
        TLanes sums = TLanes.Zero;
        nint stride = Stride;
        for (nint k = 0; k < stride; k += ILanes<TLanes>.Count)
        {
            TLanes product = (TLanes.Load(concentration + k) + TLanes.Load(counts + k)) * TLanes.Load(weights + k);
            TLanes.Store(products + k, product);
            sums += product;
        }
        // First which lane, then which of its topics: no sum across lanes is needed, and an eighth of the topics is looked at one by one.
        TLanes.Store(_lanes, sums);
        total = 0;
        for (int lane = 0; lane < ILanes<TLanes>.Count; lane++) total += _lanes[lane];
        double left = uniform * total;
        for (int lane = 0; lane < ILanes<TLanes>.Count; lane++)
        {
            if (left >= _lanes[lane])
            {
                left -= _lanes[lane];
                continue;
            }
            for (nint k = lane; k < stride; k += ILanes<TLanes>.Count)
            {
                if (left < products[k]) return (int)k;
                left -= products[k];
            }
        }
        return LastPossible();
    }

    // Rounding has gone past the end.
    int LastPossible()
    {
        int topic = _topics - 1;
        while (_products[topic] == 0) topic--;
        return topic;
    }
}
