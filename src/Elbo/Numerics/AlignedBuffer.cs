namespace Elbo.Numerics;

/// <summary>
/// Doubles that stay where they are, aligned to whole vectors, that can grow. Not thread-safe. A pointer into it is good only as long as the buffer is
/// reachable: end a method that works through one with <see cref="GC.KeepAlive"/>.
/// </summary>
sealed unsafe class AlignedBuffer
{
    const int Alignment = 64;

    double[] _array = [];
    int _first;
    long _capacity;

    public double* Pointer { get; private set; }

    /// <summary>The next length in whole vectors (<see cref="ILanes{TSelf}.Count"/>).</summary>
    public static int Pad(int length) => checked(length + ILanes<LanesPortable>.Count - 1) / ILanes<LanesPortable>.Count * ILanes<LanesPortable>.Count;

    /// <summary>Makes room; what was there stays, what is new is not cleared. Pointers and spans taken before are of the old memory.</summary>
    public void EnsureLength(long length)
    {
        if (length <= _capacity) return;
        long capacity = Math.Max(length, Math.Max(64, _capacity * 2));
        double[] array = GC.AllocateUninitializedArray<double>(checked((int)(capacity + Alignment / sizeof(double))), pinned: true);
        var start = (double*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        int first = (int)((Alignment - (nuint)start % Alignment) % Alignment / sizeof(double));
        _array.AsSpan(_first, (int)_capacity).CopyTo(array.AsSpan(first));
        _array = array;
        _first = first;
        _capacity = capacity;
        Pointer = start + first;
    }

    /// <summary>A run of the numbers. It keeps the memory alive.</summary>
    public Span<double> Span(long start, int length) => _array.AsSpan(checked((int)(_first + start)), length);
}
