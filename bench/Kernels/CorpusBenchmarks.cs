using BenchmarkDotNet.Attributes;
using Elbo.Corpora;
using Elbo.Numerics;
using Elbo.Topics.Sweeps;

namespace Kernels;

/// <summary>The terms' own phase, over a chunk as large as those of a pass over all documents.</summary>
[MemoryDiagnoser]
public unsafe class PostingBenchmarks
{
    const int Documents = 640;

    readonly LaneKernels _kernels = LaneKernels.Current;
    readonly AlignedBuffer<float> _sum = new();
    DocumentChunk _chunk = null!;
    int _stride;

    [Params(100)]
    public int Topics { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _stride = CountTable.Pad(Topics);
        _sum.EnsureLength(_stride);
        _chunk = new DocumentChunk(SampleDocument.Vocabulary, _stride);
        _chunk.Load(SampleCorpus.Make(Documents), [.. Enumerable.Range(0, Documents)], keepsExpected: false);
        var random = new Philox(4);
        for (int i = 0; i < Documents; i++)
        {
            SampleDocument.Fill(new Span<float>(_chunk.Proportions(i), _stride), Topics, random);
            SampleDocument.Fill(new Span<float>(_chunk.Ratios(i), SampleDocument.Terms), SampleDocument.Terms, random);
        }
    }

    [Benchmark(OperationsPerInvoke = Documents * SampleDocument.Terms), Flops(2)]
    public void AddPostings()
    {
        for (int place = 0; place < _chunk.Terms; place++)
            _kernels.AddPostings(_chunk.AllProportions, _stride, _chunk.AllRatios, _chunk.FirstPosting(place), _chunk.FirstPosting(place + 1), _sum.Pointer);
    }
}

/// <summary>A sweep of CVB0 over a chunk of documents. Each is met once, as in a fit, so that its responsibilities and the terms' rows come from wherever they are.</summary>
[MemoryDiagnoser]
public unsafe class CollapsedBenchmarks
{
    const int Documents = 64, Active = 100, Pairs = Documents * SampleDocument.Terms;

    readonly LaneKernels _kernels = LaneKernels.Current;
    readonly Corpus _corpus = SampleCorpus.Make(Documents);
    readonly CountTable _table = new(SampleDocument.Vocabulary, Active);
    readonly AlignedBuffer<int> _topics = new();
    readonly AlignedBuffer<float> _vectors = new(), _expected = new(), _changes = new();
    readonly AlignedBuffer<ushort> _responsibilities = new();

    /// <summary>Active topics of a document.</summary>
    [Params(16, 32)]
    public int Topics { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Philox(5);
        for (int term = 0; term < _table.Terms; term++) SampleDocument.Fill(_table.Span(term), Active, random);
        _topics.EnsureLength(Documents * Topics);
        _expected.EnsureLength(Documents * Topics);
        _responsibilities.EnsureLength(Pairs * Topics);
        _changes.EnsureLength(Pairs * Topics);
        _vectors.EnsureLength(6 * Topics);
        SampleDocument.Fill(_vectors.Span(0, 2 * Topics), 2 * Topics, random);
        // All topics are alike, and the document's counts are what they make.
        _responsibilities.Span(0, Pairs * Topics).Fill((ushort)(ushort.MaxValue / Topics));
        for (int i = 0; i < Documents; i++)
        {
            int[] topics = [.. Enumerable.Range(0, Active)];
            random.Shuffle(topics.AsSpan());
            Array.Sort(topics, 0, Topics);
            topics.AsSpan(0, Topics).CopyTo(_topics.Span(i * Topics, Topics));
            int tokens = 0;
            foreach (int count in _corpus.Counts(i)) tokens += count;
            _expected.Span(i * Topics, Topics).Fill((float)tokens / Topics);
        }
    }

    // One for what belongs to the pair itself, five for the two factors and their product, one each for the third, the sum and the share, three for the change.
    [Benchmark(OperationsPerInvoke = Pairs), Flops(12)]
    public float CollapsedSweep()
    {
        float moved = 0;
        float* alpha = _vectors.Pointer, inverses = alpha + Topics, scratch = inverses + Topics;
        for (int i = 0; i < Documents; i++)
        {
            nint first = (nint)i * SampleDocument.Terms * Topics;
            moved += _kernels.CollapsedSweep(_table.Row(0), _table.Stride, _corpus.Terms(i), _corpus.Counts(i), _topics.Pointer + i * Topics, Topics, alpha, 0.01f, inverses,
                _expected.Pointer + i * Topics, _responsibilities.Pointer + first, _changes.Pointer + first, scratch);
        }
        return moved;
    }
}
