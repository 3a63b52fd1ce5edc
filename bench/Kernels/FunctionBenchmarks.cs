using BenchmarkDotNet.Attributes;
using Elbo.Numerics;

namespace Kernels;

/// <summary>Functions of many numbers, in the nearest cache. Their operations are counted from the formulas in <see cref="SingleMath"/>.</summary>
[MemoryDiagnoser]
public unsafe class FunctionBenchmarks
{
    const int Numbers = 1024;

    readonly LaneKernels _kernels = LaneKernels.Current;
    readonly AlignedBuffer<float> _numbers = new();

    [GlobalSetup]
    public void Setup()
    {
        _numbers.EnsureLength(2 * Numbers);
        SampleDocument.Fill(_numbers.Span(0, Numbers), Numbers, new Philox(6));
    }

    [Benchmark(OperationsPerInvoke = Numbers), Flops(24)]
    public void Exp() => _kernels.Exp(_numbers.Pointer, _numbers.Pointer + Numbers, Numbers);

    [Benchmark(OperationsPerInvoke = Numbers), Flops(28)]
    public void Log() => _kernels.Log(_numbers.Pointer, _numbers.Pointer + Numbers, Numbers);

    [Benchmark(OperationsPerInvoke = Numbers), Flops(52)]
    public void ExpDigamma() => _kernels.ExpDigamma(_numbers.Pointer, _numbers.Pointer + Numbers, Numbers);
}

/// <summary>What all others are compared with.</summary>
[MemoryDiagnoser]
public unsafe class PeakBenchmarks
{
    readonly LaneKernels _kernels = LaneKernels.Current;

    [Benchmark(OperationsPerInvoke = FmaPeak.Numbers), Flops(2)]
    public float MultiplyAddInRegisters() => _kernels.Peak(FmaPeak.Units);
}
