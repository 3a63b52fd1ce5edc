using System.Runtime.InteropServices;

namespace Elbo.Numerics;

/// <summary>Doubles outside the managed heap, aligned to whole vectors, that can grow. Freed by the finalizer; not thread-safe.</summary>
sealed unsafe class AlignedBuffer
{
    long _capacity;

    public double* Pointer { get; private set; }

    /// <summary>The next length in whole vectors (<see cref="ILanes{TSelf}.Count"/>).</summary>
    public static int Pad(int length) => checked(length + ILanes<LanesPortable>.Count - 1) / ILanes<LanesPortable>.Count * ILanes<LanesPortable>.Count;

    /// <summary>Makes room; what was there stays, what is new is not cleared. Pointers taken before may dangle.</summary>
    public void EnsureLength(long length)
    {
        if (length <= _capacity) return;
        long capacity = Math.Max(length, Math.Max(64, _capacity * 2));
        Pointer = (double*)NativeMemory.AlignedRealloc(Pointer, checked((nuint)capacity * sizeof(double)), 64);
        GC.AddMemoryPressure((capacity - _capacity) * sizeof(double));
        _capacity = capacity;
    }

    public Span<double> Span(int length) => new(Pointer, length);

    ~AlignedBuffer()
    {
        NativeMemory.AlignedFree(Pointer);
        if (_capacity > 0) GC.RemoveMemoryPressure(_capacity * sizeof(double));
    }
}
