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
    readonly double* _alpha, _products, _lanes;
    int[] _tokens = [];

    public TokenTopics(LdaParameters parameters, LdaTables tables)
    {
        _tables = tables;
        _topics = parameters.Topics;
        Stride = AlignedBuffer.Pad(_topics);
        _vectors.EnsureLength(2L * Stride + ILanes<TLanes>.Count);
        _alpha = _vectors.Pointer;
        _products = _alpha + Stride;
        _lanes = _products + Stride;
        _vectors.Span(0, 2 * Stride).Clear();
        parameters.Alpha.CopyTo(_vectors.Span(0, _topics));
        foreach (double alpha in parameters.Alpha) AlphaSum += alpha;
    }

    /// <summary>The length of a padded vector over topics.</summary>
    public int Stride { get; }

    /// <summary>Σ_k α_k.</summary>
    public double AlphaSum { get; }

    /// <summary>Σ_n max_k log β_k,w_n.</summary>
    public double Offset { get; private set; }

    /// <summary>The distinct term, as its place in the document, of every token.</summary>
    public Span<int> Tokens => _tokens.AsSpan(0, Length);

    /// <summary>N, the number of tokens.</summary>
    public int Length { get; private set; }

    int _distinct;

    double* Relative => _rows.Pointer;

    double* Weights => _rows.Pointer + (long)_distinct * Stride;

    public void Load(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts)
    {
        _distinct = terms.Length;
        Length = 0;
        Offset = 0;
        foreach (int count in counts) Length = checked(Length + count);
        if (_tokens.Length < Length) _tokens = new int[Length];
        _rows.EnsureLength(2L * _distinct * Stride);
        int token = 0;
        for (int i = 0; i < _distinct; i++)
        {
            var logs = new ReadOnlySpan<double>(_tables.Logs(terms[i]), Stride);
            double max = TopicLogs.LogZero;
            for (int topic = 0; topic < _topics; topic++) max = Math.Max(max, logs[topic]);
            if (max == TopicLogs.LogZero) throw TopicLogs.Impossible(terms[i]);
            Offset += counts[i] * max;
            double* row = Relative + (long)i * Stride;
            for (int topic = 0; topic < Stride; topic++) row[topic] = logs[topic] == TopicLogs.LogZero ? double.NegativeInfinity : logs[topic] - max;
            for (int copy = 0; copy < counts[i]; copy++) _tokens[token++] = i;
        }
        GC.KeepAlive(this);
    }

    /// <summary>Sets the weights that topics are drawn by to β^τ, relative to the largest of a term. What is impossible stays so at every τ ≥ 0.</summary>
    public void Temper(double temperature)
    {
        // 0·(−∞) would be NaN.
        TLanes factor = TLanes.Broadcast(temperature), lowest = TLanes.Broadcast(-double.MaxValue);
        double* relative = Relative, weights = Weights;
        for (nint k = 0, length = (nint)_distinct * Stride; k < length; k += ILanes<TLanes>.Count)
        {
            TLanes log = TLanes.Load(relative + k), isImpossible = TLanes.LessThan(log, lowest);
            TLanes.Store(weights + k, TLanes.Select(isImpossible, TLanes.Zero, VectorMath.Exp(factor * log)));
        }
        GC.KeepAlive(this);
    }

    /// <summary>log β of a token's term in a topic, relative to the largest.</summary>
    public double LogTerm(int token, int topic) => Relative[(long)token * Stride + topic];

    /// <summary>Draws a token's topic with p ∝ (α_k + n_k) β_k^τ.</summary>
    /// <param name="token">The token's term, as its place in the document.</param>
    /// <param name="counts">n: how many of the other tokens each topic has, padded.</param>
    /// <param name="uniform">Uniform on [0, 1).</param>
    /// <param name="total">Σ_k (α_k + n_k) β_k^τ, above 0.</param>
    public int Draw(int token, double* counts, double uniform, out double total)
    {
        double* alpha = _alpha, products = _products, weights = Weights + (long)token * Stride;
        TLanes sums = TLanes.Zero;
        nint stride = Stride;
        for (nint k = 0; k < stride; k += ILanes<TLanes>.Count)
        {
            TLanes product = (TLanes.Load(alpha + k) + TLanes.Load(counts + k)) * TLanes.Load(weights + k);
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
