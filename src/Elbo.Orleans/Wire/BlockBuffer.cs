namespace Elbo.Orleans.Wire;

/// <summary>Puts together the blocks of an array as they arrive, in any order; one that comes again takes the place of the first. Memory grows with what has come, not with what was announced. Thread-safe.</summary>
sealed class BlockBuffer
{
    readonly Dictionary<int, byte[]> _blocks = [];
    int _length = -1;
    byte[]? _whole;

    public void Put(int length, int offset, byte[] block)
    {
        lock (_blocks)
        {
            if (_length < 0) _length = length;
            bool fits = length == _length && offset >= 0 && offset % Blocks.Length == 0 && block.Length == Math.Min(Blocks.Length, length - offset);
            if (!fits) throw new InvalidDataException($"A block of {block.Length} bytes at {offset} does not fit an array of {_length}.");
            if (_whole is null) _blocks[offset] = block;
        }
    }

    /// <summary>The array.</summary>
    /// <exception cref="InvalidOperationException">A block is missing.</exception>
    public byte[] Join()
    {
        lock (_blocks)
        {
            if (_whole is not null) return _whole;
            if (_length < 0 || _blocks.Values.Sum(block => (long)block.Length) != _length) throw new InvalidOperationException("Some blocks have not arrived.");
            _whole = GC.AllocateUninitializedArray<byte>(_length);
            foreach ((int offset, byte[] block) in _blocks) block.CopyTo(_whole, offset);
            _blocks.Clear();
            return _whole;
        }
    }
}
