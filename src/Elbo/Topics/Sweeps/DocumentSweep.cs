using System.Runtime.CompilerServices;
using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>
/// The fixed point of one document in single precision: s_n = Σ_k t_k W_kn, n_dk = t_k Σ_n (c_n / s_n) W_kn, t = weight(α + n_d), cold from n_dk = N/K.
/// Topics that die out are left out of the rest of the updates: columns of those that are left are gathered once half of them are gone.
/// Scratch for one thread; allocates only where a document is longer than any before.
/// </summary>
sealed unsafe class DocumentSweep<TLanes, TProportions>
    where TLanes : struct, ISingleLanes<TLanes>
    where TProportions : struct, IProportions<TLanes>
{
    /// <summary>Where a token's s is smaller, no topic explains it, and the division would leave the range.</summary>
    const float SmallestNormalizer = 1e-35f;

    /// <summary>Up to so many topics columns are gathered at once: sums over so short rows cost more than the products.</summary>
    const int FewTopics = 32;

    readonly int _topics, _stride;

    // Vectors over topics, padded: α (with zeros), and, in the order of all topics, then of those that are left.
    readonly AlignedBuffer<float> _vectors = new();
    readonly AlignedBuffer<int> _places = new();
    readonly float* _alpha, _expected, _sums, _leftAlpha, _leftExpected, _leftWeights;
    readonly int* _left;

    // Values a distinct term, padded: count, s; rows, and their places in the table.
    readonly AlignedBuffer<float> _terms = new();
    readonly AlignedBuffer<long> _pointers = new();
    readonly AlignedBuffer<int> _offsets = new();
    readonly AlignedBuffer<float> _columns = new();
    float* _counts, _dots;
    float _negligible;
    float** _rows;
    int _length, _capacity;

    public DocumentSweep(int topics)
    {
        _topics = topics;
        _stride = CountTable.Pad(topics);
        _vectors.EnsureLength(6L * _stride);
        _vectors.Span(0, 6 * _stride).Clear();
        _alpha = _vectors.Pointer;
        _expected = _alpha + _stride;
        _sums = _expected + _stride;
        _leftAlpha = _sums + _stride;
        _leftExpected = _leftAlpha + _stride;
        _leftWeights = _leftExpected + _stride;
        _places.EnsureLength(_stride);
        _left = _places.Pointer;
    }

    /// <summary>n_dk after <see cref="Run"/>: K expected counts that add up to the document's tokens, but for those of negligible topics.</summary>
    public ReadOnlySpan<float> Expected => _vectors.Span(_stride, _topics);

    /// <summary>The document's part of the objective in nats, after <see cref="Run"/>, but for log-normalizers of α.</summary>
    /// <param name="evidence">What <see cref="Run"/> returned.</param>
    /// <param name="weights">The same row.</param>
    public double Bound(double evidence, float* weights) => TProportions.Bound(evidence, weights, _expected, _alpha, _stride, _topics);

    /// <summary>Runs the updates.</summary>
    /// <param name="table">W, rows by place, padded with zeros.</param>
    /// <param name="places">The rows of the document's terms.</param>
    /// <param name="counts">c_n.</param>
    /// <param name="alpha">α, K values.</param>
    /// <param name="tolerance">It ends when Σ_k |Δn_dk| is at most K times this.</param>
    /// <param name="updates">The most updates.</param>
    /// <param name="weights">Receives t, a padded row.</param>
    /// <param name="ratios">Receives c_n / s_n: φ_nk = t_k W_kn / s_n.</param>
    /// <returns>Σ_n c_n log s_n.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Run(float* table, ReadOnlySpan<int> places, ReadOnlySpan<int> counts, ReadOnlySpan<float> alpha, float tolerance, int updates, float* weights, float* ratios)
    {
        float total = Load(table, places, counts);
        alpha.CopyTo(new Span<float>(_alpha, _topics));
        new Span<float>(_expected, _topics).Fill(total / _topics);
        _negligible = Math.Min(TProportions.Negligible, 0.01f * total / _topics);
        Weigh(_expected, _alpha, weights, _stride, _topics);
        int left = -1;
        if (_topics <= FewTopics)
        {
            for (int topic = 0; topic < _topics; topic++) _left[topic] = topic;
            left = Gather(table, _topics, weights);
        }
        for (int update = 1; ; update++)
        {
            float change = left < 0 ? UpdateAll(weights) : UpdateLeft(left);
            if (update >= updates || change <= tolerance * _topics) break;
            if (left < 0) Weigh(_expected, _alpha, weights, _stride, _topics);
            else Weigh(_leftExpected, _leftAlpha, _leftWeights, CountTable.Pad(left), left);
            if (TProportions.Negligible > 0) left = left < 0 ? Leave(table, weights) : LeaveMore(left);
        }
        if (left >= 0) Scatter(left, weights);
        double evidence = SumOfLogs();
        for (int n = 0; n < counts.Length; n++) ratios[n] = _counts[n] / _dots[n];
        GC.KeepAlive(this);
        return evidence;
    }

    float Load(float* table, ReadOnlySpan<int> places, ReadOnlySpan<int> counts)
    {
        int length = counts.Length;
        _length = CountTable.Pad(length);
        if (_capacity < _length)
        {
            _capacity = CountTable.Pad(_length * 2);
            _terms.EnsureLength(2L * _capacity);
            _pointers.EnsureLength(_capacity);
            _offsets.EnsureLength(_capacity);
            _counts = _terms.Pointer;
            _dots = _counts + _capacity;
            _rows = (float**)_pointers.Pointer;
        }
        float total = 0;
        for (int n = 0; n < length; n++)
        {
            _offsets.Pointer[n] = places[n] * _stride;
            _rows[n] = table + (nint)places[n] * _stride;
            _counts[n] = counts[n];
            total += counts[n];
        }
        for (int n = length; n < _length; n++)
        {
            _offsets.Pointer[n] = length == 0 ? 0 : _offsets.Pointer[0];
            _rows[n] = length == 0 ? table : _rows[0];
            _counts[n] = 0;
        }
        return total;
    }

    // t, zero in the padding.
    static void Weigh(float* expected, float* alpha, float* weights, int stride, int topics)
    {
        for (int k = 0; k < stride; k += ISingleLanes<TLanes>.Count)
            TLanes.Store(weights + k, TProportions.OfDocument(TLanes.Load(expected + k) + TLanes.Load(alpha + k)));
        for (int k = topics; k < stride; k++) weights[k] = 0;
    }

    // One update of n_d from all topics; gives Σ_k |Δn_dk|.
    float UpdateAll(float* weights)
    {
        new Span<float>(_sums, _stride).Clear();
        float* ratios = stackalloc float[SweepKernels<TLanes>.Rows];
        for (int n = 0; n < _length; n += SweepKernels<TLanes>.Rows)
        {
            SweepKernels<TLanes>.DotRows(weights, _rows + n, _stride, _dots + n);
            TLanes dots = TLanes.Max(TLanes.Load(_dots + n), TLanes.Broadcast(SmallestNormalizer));
            TLanes.Store(_dots + n, dots);
            TLanes.Store(ratios, TLanes.Load(_counts + n) / dots);
            SweepKernels<TLanes>.AddRows(_sums, _rows + n, _stride, ratios);
        }
        return Take(_expected, weights, _stride);
    }

    // The same from the topics that are left.
    float UpdateLeft(int left)
    {
        SweepKernels<TLanes>.DotColumns(_leftWeights, _columns.Pointer, left, _length, _dots);
        float* ratios = _columns.Pointer + (nint)CountTable.Pad(left) * _length;
        for (int n = 0; n < _length; n += ISingleLanes<TLanes>.Count)
        {
            TLanes dots = TLanes.Max(TLanes.Load(_dots + n), TLanes.Broadcast(SmallestNormalizer));
            TLanes.Store(_dots + n, dots);
            TLanes.Store(ratios + n, TLanes.Load(_counts + n) / dots);
        }
        // Columns behind those that are left hold whatever they held; their weight is 0.
        SweepKernels<TLanes>.SumColumns(ratios, _columns.Pointer, (left + 7) / 8 * 8, _length, _sums);
        return Take(_leftExpected, _leftWeights, CountTable.Pad(left));
    }

    float Take(float* expected, float* weights, int stride)
    {
        TLanes change = TLanes.Zero;
        for (int k = 0; k < stride; k += ISingleLanes<TLanes>.Count)
        {
            TLanes next = TLanes.Load(weights + k) * TLanes.Load(_sums + k), difference = next - TLanes.Load(expected + k);
            change += TLanes.Max(difference, -difference);
            TLanes.Store(expected + k, next);
        }
        return TLanes.Sum(change);
    }

    // Gathers the columns of those that matter once they are half of all, or fewer.
    int Leave(float* table, float* weights)
    {
        int left = 0;
        for (int topic = 0; topic < _topics; topic++)
            if (_expected[topic] >= _negligible) _left[left++] = topic;
        return 2 * left > _topics || left == 0 ? -1 : Gather(table, left, weights);
    }

    int LeaveMore(int left)
    {
        int count = 0;
        for (int j = 0; j < left; j++)
            if (_leftExpected[j] >= _negligible) count++;
        if (4 * count > 3 * left || count == 0) return left;
        count = 0;
        for (int j = 0; j < left; j++)
        {
            if (_leftExpected[j] < _negligible) continue;
            if (count < j)
            {
                _left[count] = _left[j];
                _leftAlpha[count] = _leftAlpha[j];
                _leftExpected[count] = _leftExpected[j];
                _leftWeights[count] = _leftWeights[j];
                new Span<float>(_columns.Pointer + (nint)j * _length, _length).CopyTo(new Span<float>(_columns.Pointer + (nint)count * _length, _length));
            }
            count++;
        }
        Pad(count);
        return count;
    }

    int Gather(float* table, int left, float* weights)
    {
        int padded = CountTable.Pad(left);
        // One column more, for the ratios.
        _columns.EnsureLength((padded + 1L) * _length);
        SweepKernels<TLanes>.GatherColumns(table, _offsets.Pointer, _length, _left, left, _columns.Pointer);
        for (int j = 0; j < left; j++)
        {
            int topic = _left[j];
            _leftAlpha[j] = _alpha[topic];
            _leftExpected[j] = _expected[topic];
            _leftWeights[j] = weights[topic];
        }
        Pad(left);
        return left;
    }

    void Pad(int left)
    {
        for (int j = left; j < CountTable.Pad(left); j++)
        {
            _leftAlpha[j] = 0;
            _leftExpected[j] = 0;
            _leftWeights[j] = 0;
            new Span<float>(_columns.Pointer + (nint)j * _length, _length).Clear();
        }
    }

    void Scatter(int left, float* weights)
    {
        new Span<float>(weights, _stride).Clear();
        new Span<float>(_expected, _stride).Clear();
        for (int j = 0; j < left; j++)
        {
            weights[_left[j]] = _leftWeights[j];
            _expected[_left[j]] = _leftExpected[j];
        }
    }

    double SumOfLogs()
    {
        double sum = 0;
        TLanes part = TLanes.Zero;
        for (int n = 0; n < _length; n += ISingleLanes<TLanes>.Count)
            part = TLanes.MultiplyAdd(TLanes.Load(_counts + n), SingleMath.Log(TLanes.Load(_dots + n)), part);
        sum += TLanes.Sum(part);
        return sum;
    }
}
