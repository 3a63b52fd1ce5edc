using System.Runtime.CompilerServices;
using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>
/// CVB0 (Asuncion, Welling, Smyth, Teh 2009, eq. 21): responsibilities with θ and φ integrated out, to the zeroth order. A document's own counts change at once; those of
/// terms stand still for a chunk of documents, which several threads can then share, and take all changes at its end, cell by cell in the order of documents.
/// </summary>
interface ICollapsedLearner
{
    /// <summary>α and η of the sweeps to come.</summary>
    SweepPrior Prior { get; set; }

    /// <summary>One sweep over all documents.</summary>
    /// <returns>Σ |c Δγ| / 2: how many tokens went from one topic to another.</returns>
    double Pass(CancellationToken cancellationToken);

    /// <summary>n_dk of every document in order, K values: what α is estimated from.</summary>
    IEnumerable<float[]> Documents();
}

/// <inheritdoc cref="ICollapsedLearner"/>
sealed unsafe class CollapsedLearner<TLanes> : ICollapsedLearner where TLanes : struct, ISingleLanes<TLanes>
{
    /// <summary>About so many tokens see the same counts of terms. From 32 documents to all of them the score is the same within noise (docs/decisions/0011).</summary>
    const int TokensPerChunk = 16_384;

    /// <summary>A topic that a document begins with has this many expected tokens, and is given up with fewer than that, once that saves a vector. Scores are within 0.005 nats of those with all topics active.</summary>
    const float Enter = 0.5f, Leave = 0.3f;

    const int DocumentsAtOnce = 4;

    readonly Corpus _corpus;
    readonly CountTable _counts;
    readonly int _threads;
    readonly CollapsedChunk[] _chunks;
    readonly Scratch[] _scratch;
    readonly AlignedBuffer<float> _changes = new();
    readonly AlignedBuffer<float> _inverses = new();
    double[] _moved = [];

    /// <summary>Makes responsibilities from the topics as they are by MAP, and the counts from those.</summary>
    public CollapsedLearner(Corpus corpus, int[] documents, CountTable counts, SweepPrior prior, DocumentOptions options, int threads, CancellationToken cancellationToken)
    {
        _corpus = corpus;
        _counts = counts;
        Prior = prior;
        _threads = threads;
        _chunks = [.. SweepOrder.Cut(corpus, documents, TokensPerChunk).Select(run => new CollapsedChunk(run))];
        _scratch = [.. Enumerable.Range(0, threads).Select(_ => new Scratch(counts.Stride))];
        _inverses.EnsureLength(counts.Stride);
        Begin(options, cancellationToken);
    }

    public SweepPrior Prior { get; set; }

    sealed class Scratch
    {
        readonly AlignedBuffer<float> _memory = new();

        public Scratch(int stride)
        {
            _memory.EnsureLength(6L * stride);
            Alpha = _memory.Pointer;
            Inverses = Alpha + stride;
            Weights = Inverses + stride;
            Stays = new bool[stride];
        }

        public float* Alpha { get; }

        public float* Inverses { get; }

        /// <summary>A document's t and, in a sweep, weights of four pairs.</summary>
        public float* Weights { get; }

        public bool[] Stays { get; }
    }

    public double Pass(CancellationToken cancellationToken)
    {
        double moved = 0;
        long unreleased = 0;
        foreach (CollapsedChunk chunk in _chunks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // No document has more entries than tokens.
            _corpus.ReleaseAfter(ref unreleased, TokensPerChunk);
            long[] places = Places(chunk);
            _changes.EnsureLength(places[^1]);
            if (_moved.Length < chunk.Count) _moved = new double[chunk.Count * 2];
            Prior.Inverses<TLanes, PointProportions<TLanes>>(_counts, _inverses.Pointer);
            int groups = (chunk.Count + DocumentsAtOnce - 1) / DocumentsAtOnce;
            Crew.Run(_threads, groups, (worker, group) =>
            {
                for (int i = group * DocumentsAtOnce; i < Math.Min(chunk.Count, (group + 1) * DocumentsAtOnce); i++) _moved[i] = Sweep(chunk, i, _changes.Pointer + places[i], _scratch[worker]);
            });
            Apply(chunk, places);
            for (int i = 0; i < chunk.Count; i++) moved += _moved[i];
        }
        _counts.Settle();
        return moved / 2;
    }

    public IEnumerable<float[]> Documents()
    {
        foreach (CollapsedChunk chunk in _chunks)
            for (int i = 0; i < chunk.Count; i++) yield return Expand(chunk, i);
    }

    float[] Expand(CollapsedChunk chunk, int i)
    {
        var all = new float[_counts.Topics];
        for (int j = 0; j < chunk[i].Active; j++) all[chunk.Topics(i)[j]] = chunk.Expected(i)[j];
        return all;
    }

    // Where a document's changes go.
    long[] Places(CollapsedChunk chunk)
    {
        var places = new long[chunk.Count + 1];
        for (int i = 0; i < chunk.Count; i++) places[i + 1] = places[i] + (long)_corpus.Terms(chunk.Document(i)).Length * chunk[i].Width;
        return places;
    }

    double Sweep(CollapsedChunk chunk, int i, float* changes, Scratch scratch)
    {
        CollapsedDocument document = chunk[i];
        int* topics = chunk.Topics(i);
        float* expected = chunk.Expected(i);
        new Span<float>(expected, document.Width).CopyTo(new Span<float>(chunk.Before(i), document.Width));
        bool[]? stays = MarkThoseThatStay(expected, document, scratch.Stays) ? scratch.Stays : null;
        for (int j = 0; j < document.Width; j++)
        {
            scratch.Alpha[j] = Prior.SingleAlpha[topics[j]];
            scratch.Inverses[j] = j < document.Active && stays?[j] != false ? _inverses.Pointer[topics[j]] : 0;
        }
        float moved = CollapsedKernel<TLanes>.Sweep(_counts.Row(0), _counts.Stride, _corpus.Terms(chunk.Document(i)), _corpus.Counts(chunk.Document(i)), topics, document.Width,
            scratch.Alpha, (float)Prior.Eta, scratch.Inverses, expected, chunk.Responsibilities(i), changes, scratch.Weights);
        // Sums of many changes may end a little below 0; only a topic that was given up does so for good.
        for (int j = 0; j < document.Active; j++) expected[j] = stays?[j] == false ? -1 : Math.Max(0, expected[j]);
        return moved;
    }

    /// <summary>Whether leaving topics out saves a vector. Those then lose what they have in the sweep that follows.</summary>
    static bool MarkThoseThatStay(float* expected, CollapsedDocument document, bool[] stays)
    {
        int staying = 0, largest = 0;
        for (int j = 0; j < document.Active; j++)
        {
            stays[j] = expected[j] >= Leave;
            if (stays[j]) staying++;
            if (expected[j] > expected[largest]) largest = j;
        }
        stays[largest] = true;
        return CountTable.Pad(Math.Max(1, staying)) < document.Width;
    }

    // Each thread has terms of its own, so that every cell is added up in the order of documents.
    void Apply(CollapsedChunk chunk, long[] places)
    {
        Crew.Run(_threads, _threads, (_, part) => Apply(chunk, places, part));
        for (int i = 0; i < chunk.Count; i++)
        {
            float* expected = chunk.Expected(i), before = chunk.Before(i);
            int* topics = chunk.Topics(i);
            for (int j = 0; j < chunk[i].Active; j++) _counts.Sums[topics[j]] += (double)Math.Max(0, expected[j]) - before[j];
            chunk.Shrink(i, _corpus.Terms(chunk.Document(i)).Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Apply(CollapsedChunk chunk, long[] places, int part)
    {
        int threads = _threads;
        for (int i = 0; i < chunk.Count; i++)
        {
            int active = chunk[i].Active, width = chunk[i].Width;
            int* topics = chunk.Topics(i);
            float* changes = _changes.Pointer + places[i];
            foreach (int term in _corpus.Terms(chunk.Document(i)))
            {
                // Most responsibilities have settled, to the last of their bits.
                if ((threads == 1 || term % threads == part) && new Span<int>(changes, active).ContainsAnyExcept(0))
                {
                    float* row = _counts.Row(term);
                    for (int j = 0; j < active; j++) row[topics[j]] += changes[j];
                }
                changes += width;
            }
        }
    }

    // Responsibilities of the topics that a document takes up by MAP, and the counts that they make.
    void Begin(DocumentOptions options, CancellationToken cancellationToken)
    {
        int stride = _counts.Stride;
        var weights = new AlignedBuffer<float>();
        weights.EnsureLength((long)_counts.Terms * stride);
        Prior.Inverses<TLanes, PointProportions<TLanes>>(_counts, _inverses.Pointer);
        TLanes factor = TLanes.Broadcast((float)_counts.Factor), eta = TLanes.Broadcast((float)Prior.Eta);
        for (int term = 0; term < _counts.Terms; term++)
            for (int k = 0; k < stride; k += ISingleLanes<TLanes>.Count)
                TLanes.Store(weights.Pointer + (nint)term * stride + k, PointProportions<TLanes>.OfTerm(TLanes.MultiplyAdd(factor, TLanes.Load(_counts.Row(term) + k), eta), TLanes.Load(_inverses.Pointer + k)));
        var sweeps = new DocumentSweep<TLanes, PointProportions<TLanes>>[_threads];
        var unreleased = new long[_threads];
        Crew.Run(_threads, _chunks.Length, (worker, number) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            DocumentSweep<TLanes, PointProportions<TLanes>> sweep = sweeps[worker] ??= new(_counts.Topics);
            Begin(_chunks[number], sweep, options, weights.Pointer, _scratch[worker].Weights);
            _corpus.ReleaseAfter(ref unreleased[worker], TokensPerChunk);
        });
        GC.KeepAlive(weights);
        _counts.Clear();
        long sinceRelease = 0;
        foreach (CollapsedChunk chunk in _chunks)
        {
            _corpus.ReleaseAfter(ref sinceRelease, TokensPerChunk);
            for (int i = 0; i < chunk.Count; i++) Count(chunk, i);
        }
        _counts.Settle();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Count(CollapsedChunk chunk, int i)
    {
        ReadOnlySpan<int> terms = _corpus.Terms(chunk.Document(i)), counts = _corpus.Counts(chunk.Document(i));
        int active = chunk[i].Active, width = chunk[i].Width;
        int* topics = chunk.Topics(i);
        ushort* gamma = chunk.Responsibilities(i);
        for (int n = 0; n < terms.Length; n++, gamma += width)
        {
            float* row = _counts.Row(terms[n]);
            float count = counts[n];
            for (int j = 0; j < active; j++) row[topics[j]] += count * (gamma[j] * SingleLaneBits.Fraction);
        }
    }

    // First every document's topics and their weights, so that there is no more room than is needed; then its responsibilities.
    void Begin(CollapsedChunk chunk, DocumentSweep<TLanes, PointProportions<TLanes>> sweep, DocumentOptions options, float* table, float* weights)
    {
        List<int> topics = [];
        List<float> own = [];
        int[] active = new int[chunk.Count], pairs = new int[chunk.Count];
        var ratios = new AlignedBuffer<float>();
        for (int i = 0; i < chunk.Count; i++)
        {
            ReadOnlySpan<int> terms = _corpus.Terms(chunk.Document(i)), counts = _corpus.Counts(chunk.Document(i));
            pairs[i] = terms.Length;
            ratios.EnsureLength(terms.Length + 1);
            sweep.Run(table, terms, counts, Prior.SingleAlpha, (float)options.Tolerance, options.MaximumUpdates, weights, ratios.Pointer);
            ReadOnlySpan<float> expected = sweep.Expected;
            int before = topics.Count, largest = 0;
            for (int topic = 0; topic < expected.Length; topic++)
            {
                if (expected[topic] > expected[largest]) largest = topic;
                if (expected[topic] >= Enter) topics.Add(topic);
            }
            if (topics.Count == before) topics.Add(largest);
            active[i] = topics.Count - before;
            for (int j = before; j < topics.Count; j++) own.Add(weights[topics[j]]);
        }
        chunk.Begin(active, pairs);
        ReadOnlySpan<int> allTopics = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(topics);
        ReadOnlySpan<float> allWeights = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(own);
        for (int i = 0, first = 0; i < chunk.Count; first += active[i++])
        {
            allTopics.Slice(first, active[i]).CopyTo(new Span<int>(chunk.Topics(i), active[i]));
            Fill(chunk, i, allWeights.Slice(first, active[i]), table);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Fill(CollapsedChunk chunk, int i, ReadOnlySpan<float> weights, float* table)
    {
        ReadOnlySpan<int> terms = _corpus.Terms(chunk.Document(i)), counts = _corpus.Counts(chunk.Document(i));
        int* topics = chunk.Topics(i);
        float* expected = chunk.Expected(i), row = stackalloc float[weights.Length];
        ushort* gamma = chunk.Responsibilities(i);
        int width = chunk[i].Width, stride = _counts.Stride;
        for (int n = 0; n < terms.Length; n++, gamma += width)
        {
            float* term = table + (nint)terms[n] * stride;
            float sum = 0;
            for (int j = 0; j < weights.Length; j++) sum += row[j] = weights[j] * term[topics[j]];
            // A term that no topic of the document explains belongs to all of them alike.
            float scale = sum > 1e-30f ? SingleLaneBits.Fractions / sum : 0, even = sum > 1e-30f ? 0.5f : SingleLaneBits.Fractions / weights.Length;
            float count = counts[n];
            for (int j = 0; j < weights.Length; j++)
            {
                // In the range of 16 bits, so that a conversion need not look after what is not.
                int own = float.ConvertToIntegerNative<int>(row[j] * scale + even);
                gamma[j] = (ushort)own;
                expected[j] += count * (own * SingleLaneBits.Fraction);
            }
        }
    }
}
