using BenchmarkDotNet.Attributes;
using Elbo.Numerics;
using Elbo.Topics.Sweeps;

namespace Kernels;

/// <summary>
/// The two halves of a document's update over all topics, and both in turn as in an update, where the second finds in the nearest cache what the first
/// read. Rows are in some cache, as from a document's second update on.
/// </summary>
[MemoryDiagnoser]
public unsafe class RowBenchmarks
{
    readonly LaneKernels _kernels = LaneKernels.Current;
    readonly AlignedBuffer<float> _vectors = new();
    SampleDocument _document = null!;

    [Params(100, 256, 1000)]
    public int Topics { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _document = new SampleDocument(Topics);
        _vectors.EnsureLength(2 * _document.Stride);
        SampleDocument.Fill(_vectors.Span(0, 2 * _document.Stride), Topics, new Philox(2));
    }

    [Benchmark(OperationsPerInvoke = SampleDocument.Terms), Flops(2)]
    public void DotRows()
    {
        for (int n = 0; n < SampleDocument.Terms; n += SweepKernels<SingleLanesPortable>.Rows)
            _kernels.DotRows(_vectors.Pointer, _document.Rows + n, _document.Stride, _document.Results + n);
    }

    [Benchmark(OperationsPerInvoke = SampleDocument.Terms), Flops(2)]
    public void AddRows()
    {
        for (int n = 0; n < SampleDocument.Terms; n += SweepKernels<SingleLanesPortable>.Rows)
            _kernels.AddRows(_vectors.Pointer + _document.Stride, _document.Rows + n, _document.Stride, _document.Factors + n);
    }

    [Benchmark(OperationsPerInvoke = SampleDocument.Terms), Flops(4)]
    public void DotAndAddRows()
    {
        for (int n = 0; n < SampleDocument.Terms; n += SweepKernels<SingleLanesPortable>.Rows)
        {
            _kernels.DotRows(_vectors.Pointer, _document.Rows + n, _document.Stride, _document.Results + n);
            _kernels.AddRows(_vectors.Pointer + _document.Stride, _document.Rows + n, _document.Stride, _document.Factors + n);
        }
    }
}

/// <summary>The same over the few topics that are left, gathered.</summary>
[MemoryDiagnoser]
public unsafe class ColumnBenchmarks
{
    readonly LaneKernels _kernels = LaneKernels.Current;
    readonly SampleDocument _document = new(1);
    readonly AlignedBuffer<float> _columns = new(), _vectors = new();

    [Params(8, 16, 32)]
    public int Topics { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Philox(2);
        _columns.EnsureLength(Topics * SampleDocument.Terms);
        _vectors.EnsureLength(2 * Topics);
        SampleDocument.Fill(_columns.Span(0, Topics * SampleDocument.Terms), Topics * SampleDocument.Terms, random);
        SampleDocument.Fill(_vectors.Span(0, Topics), Topics, random);
    }

    [Benchmark(OperationsPerInvoke = SampleDocument.Terms), Flops(2)]
    public void DotColumns() => _kernels.DotColumns(_vectors.Pointer, _columns.Pointer, Topics, SampleDocument.Terms, _document.Results);

    [Benchmark(OperationsPerInvoke = SampleDocument.Terms), Flops(2)]
    public void SumColumns() => _kernels.SumColumns(_document.Factors, _columns.Pointer, Topics, SampleDocument.Terms, _vectors.Pointer + Topics);

    [Benchmark(OperationsPerInvoke = SampleDocument.Terms), Flops(4)]
    public void DotAndSumColumns()
    {
        DotColumns();
        SumColumns();
    }
}

/// <summary>
/// The whole of a document, twenty updates by MAP, with all that stands between the kernels: divisions, the test for the end, one logarithm a term. Up to
/// 32 topics it goes over columns, which it gathers first, and beyond that over rows. Of all this only the products of the updates are counted as work.
/// </summary>
[MemoryDiagnoser]
public unsafe class DocumentBenchmarks
{
    const int Updates = 20;

    readonly AlignedBuffer<float> _weights = new();
    readonly int[] _counts = new int[SampleDocument.Terms];
    SampleDocument _document = null!;
    DocumentRun _run = null!;
    float[] _alpha = [];

    [Params(8, 16, 32, 100, 256, 1000)]
    public int Topics { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _document = new SampleDocument(Topics);
        _run = LaneKernels.Current.NewDocument(Topics);
        _weights.EnsureLength(_document.Stride);
        Array.Fill(_counts, 1);
        _alpha = new float[Topics];
        Array.Fill(_alpha, 0.1f);
    }

    // No change is below a tolerance of −1, so that it is always twenty.
    [Benchmark(OperationsPerInvoke = Updates * SampleDocument.Terms), Flops(4)]
    public double Document() => _run(_document.Table, _document.Places, _counts, _alpha, -1, Updates, _weights.Pointer, _document.Results);
}
