namespace Elbo.Corpora;

/// <summary>A run of values that is either an array or a piece of a mapped file: the corpus reads both in one way.</summary>
internal readonly unsafe struct Section<T> where T : unmanaged
{
    readonly T[]? _array;
    readonly T* _pointer;

    public Section(T[] array)
    {
        _array = array;
        Length = array.Length;
    }

    /// <summary>The memory belongs to whoever mapped it, and must outlive the section.</summary>
    public Section(T* pointer, long length)
    {
        _pointer = pointer;
        Length = length;
    }

    public long Length { get; }

    public ReadOnlySpan<T> Slice(long start, int length)
    {
        if ((ulong)start > (ulong)Length || length < 0 || length > Length - start)
            throw new ArgumentOutOfRangeException(nameof(start));
        return _array is not null ? _array.AsSpan((int)start, length) : new ReadOnlySpan<T>(_pointer + start, length);
    }

    public T this[long index] => Slice(index, 1)[0];
}
