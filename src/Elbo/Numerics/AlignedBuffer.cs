namespace Elbo.Numerics;

/// <summary>
/// Numbers that stay where they are, aligned to whole vectors, that can grow. Not thread-safe. A pointer into it is good only as long as the buffer is
/// reachable: end a method that works through one with <see cref="GC.KeepAlive"/>.
/// </summary>
unsafe class AlignedBuffer<T> where T : unmanaged
{
    const int Alignment = 64;

    T[] _array = [];
    int _first;
    long _capacity;

    public T* Pointer { get; private set; }

    /// <summary>Makes room; what was there stays, what is new is not cleared. Pointers and spans taken before are of the old memory.</summary>
    public void EnsureLength(long length)
    {
        if (length <= _capacity) return;
        long capacity = Math.Max(length, Math.Max(64, _capacity * 2));
        T[] array = GC.AllocateUninitializedArray<T>(checked((int)(capacity + Alignment / sizeof(T))), pinned: true);
        var start = (T*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        int first = (int)((Alignment - (nuint)start % Alignment) % Alignment) / sizeof(T);
        _array.AsSpan(_first, (int)_capacity).CopyTo(array.AsSpan(first));
        _array = array;
        _first = first;
        _capacity = capacity;
        Pointer = start + first;
    }

    /// <summary>A run of the numbers. It keeps the memory alive.</summary>
    public Span<T> Span(long start, int length) => _array.AsSpan(checked((int)(_first + start)), length);
}

/// <summary>Doubles in whole vectors (<see cref="ILanes{TSelf}.Count"/>).</summary>
sealed class AlignedBuffer : AlignedBuffer<double>
{
    /// <summary>The next length in whole vectors.</summary>
    public static int Pad(int length) => checked(length + ILanes<LanesPortable>.Count - 1) / ILanes<LanesPortable>.Count * ILanes<LanesPortable>.Count;
}
