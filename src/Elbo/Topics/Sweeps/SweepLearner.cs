using System.Runtime.CompilerServices;
using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>MAP or mean field in single precision, batch or online, on some threads with the same bits for any number of them.</summary>
sealed unsafe class SweepLearner<TLanes, TProportions> : ISweepLearner
    where TLanes : struct, ISingleLanes<TLanes>
    where TProportions : struct, IProportions<TLanes>
{
    // Pieces of work for a thread.
    const int PlacesAtOnce = 256, DocumentsAtOnce = 4;

    /// <summary>Tokens × topics of a chunk below which it would take longer to wake a second thread than to do all the work.</summary>
    const long WorkForThreads = 100_000;

    /// <summary>Tokens of a chunk in a pass over all documents: many, so that a term's weights serve many documents, but t of all of them stays in the cache.</summary>
    const int TokensOfPass = 131_072;

    readonly CountTable _counts;
    readonly DocumentOptions _options;
    readonly int _threads;
    readonly DocumentChunk _chunk;
    readonly DocumentSweep<TLanes, TProportions>[] _sweeps;
    readonly AlignedBuffer<float>[] _rows;
    readonly AlignedBuffer<float> _weights = new(), _inverses = new();
    double[] _bounds = [];
    double[] _columns = [];
    CountTable? _next;

    public SweepLearner(CountTable counts, SweepPrior prior, DocumentOptions options, int threads)
    {
        _counts = counts;
        Prior = prior;
        _options = options;
        _threads = threads;
        _chunk = new DocumentChunk(counts.Terms, counts.Stride);
        _sweeps = [.. Enumerable.Range(0, threads).Select(_ => new DocumentSweep<TLanes, TProportions>(counts.Topics))];
        _rows = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer<float>())];
        foreach (AlignedBuffer<float> row in _rows) row.EnsureLength(counts.Stride);
        _inverses.EnsureLength(counts.Stride);
    }

    public SweepPrior Prior { get; set; }

    public AlphaEstimator? Estimator { get; set; }

    public double PassAll(Corpus corpus, int[] documents, CancellationToken cancellationToken)
    {
        _next ??= new CountTable(_counts.Terms, _counts.Topics);
        _next.Clear();
        double bound = TProportions.TopicBound(_counts, Prior);
        foreach (ArraySegment<int> run in SweepOrder.Cut(corpus, documents, TokensOfPass))
        {
            cancellationToken.ThrowIfCancellationRequested();
            bound += Expect(corpus, run);
            Collect(_next, 1);
        }
        _next.Settle();
        _counts.Swap(_next);
        return bound;
    }

    public double Step(Corpus corpus, ReadOnlySpan<int> documents, double rho, double allTokens)
    {
        double bound = Expect(corpus, documents);
        if (_chunk.Tokens == 0) return bound;
        _counts.Fade(1 - rho);
        Collect(_counts, rho * allTokens / _chunk.Tokens);
        return bound;
    }

    /// <summary>The documents' own phase: t and c/s of each.</summary>
    double Expect(Corpus corpus, ReadOnlySpan<int> documents)
    {
        _chunk.Load(corpus, documents, Estimator is not null);
        _weights.EnsureLength((long)_chunk.Terms * _counts.Stride);
        Prior.Inverses<TLanes, TProportions>(_counts, _inverses.Pointer);
        if (_bounds.Length < documents.Length) _bounds = new double[documents.Length * 2];
        int blocks = (_chunk.Terms + PlacesAtOnce - 1) / PlacesAtOnce;
        Crew.Run(Threads, blocks, (_, block) => Weigh(block * PlacesAtOnce, Math.Min(_chunk.Terms, (block + 1) * PlacesAtOnce)));
        int groups = (_chunk.Count + DocumentsAtOnce - 1) / DocumentsAtOnce;
        Crew.Run(Threads, groups, (worker, group) =>
        {
            for (int i = group * DocumentsAtOnce; i < Math.Min(_chunk.Count, (group + 1) * DocumentsAtOnce); i++) Sweep(_sweeps[worker], corpus, i);
        });
        double bound = _chunk.Count * TProportions.LogNormalizer(Prior.Alpha);
        for (int i = 0; i < _chunk.Count; i++) bound += _bounds[i];
        for (int i = 0; Estimator is not null && i < _chunk.Count; i++) Estimator.Add(_chunk.Expected(i)[.._counts.Topics]);
        return bound;
    }

    int Threads => _chunk.Tokens * _counts.Topics < WorkForThreads ? 1 : _threads;

    void Sweep(DocumentSweep<TLanes, TProportions> sweep, Corpus corpus, int i)
    {
        double evidence = sweep.Run(_weights.Pointer, _chunk.Places(i), corpus.Counts(_chunk.Document(i)), Prior.SingleAlpha,
            (float)_options.Tolerance, _options.MaximumUpdates, _chunk.Proportions(i), _chunk.Ratios(i));
        _bounds[i] = sweep.Bound(evidence, _chunk.Proportions(i));
        if (Estimator is not null) sweep.Expected.CopyTo(_chunk.Expected(i));
    }

    // W of some of the chunk's terms.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Weigh(int from, int to)
    {
        TLanes factor = TLanes.Broadcast((float)_counts.Factor), eta = TLanes.Broadcast((float)Prior.Eta);
        int stride = _counts.Stride;
        float* inverses = _inverses.Pointer;
        for (int place = from; place < to; place++)
        {
            float* row = _counts.Row(_chunk.Term(place)), weights = _weights.Pointer + (nint)place * stride;
            for (int k = 0; k < stride; k += ISingleLanes<TLanes>.Count)
                TLanes.Store(weights + k, TProportions.OfTerm(TLanes.MultiplyAdd(factor, TLanes.Load(row + k), eta), TLanes.Load(inverses + k)));
        }
    }

    /// <summary>The terms' own phase: their expected counts, times a gain, are added to a table.</summary>
    void Collect(CountTable into, double gain)
    {
        int stride = _counts.Stride, topics = _counts.Topics, blocks = (_chunk.Terms + PlacesAtOnce - 1) / PlacesAtOnce;
        if (_columns.Length < blocks * stride) _columns = new double[blocks * stride * 2];
        float rowGain = (float)(gain / into.Factor);
        Crew.Run(Threads, blocks, (worker, block) => Collect(into, rowGain, _rows[worker].Pointer, block * PlacesAtOnce, Math.Min(_chunk.Terms, (block + 1) * PlacesAtOnce), _columns.AsSpan(block * stride, topics)));
        for (int block = 0; block < blocks; block++)
            for (int topic = 0; topic < topics; topic++) into.Sums[topic] += gain * _columns[block * stride + topic];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Collect(CountTable into, float gain, float* sum, int from, int to, Span<double> columns)
    {
        columns.Clear();
        int stride = _counts.Stride;
        TLanes all = TLanes.Broadcast(gain);
        for (int place = from; place < to; place++)
        {
            SweepKernels<TLanes>.AddPostings(_chunk.AllProportions, stride, _chunk.AllRatios, _chunk.FirstPosting(place), _chunk.FirstPosting(place + 1), sum);
            float* row = into.Row(_chunk.Term(place)), weights = _weights.Pointer + (nint)place * stride;
            for (int k = 0; k < stride; k += ISingleLanes<TLanes>.Count)
            {
                TLanes counts = TLanes.Load(sum + k) * TLanes.Load(weights + k);
                TLanes.Store(sum + k, counts);
                TLanes.Store(row + k, TLanes.MultiplyAdd(all, counts, TLanes.Load(row + k)));
            }
            for (int topic = 0; topic < columns.Length; topic++) columns[topic] += sum[topic];
        }
    }
}
