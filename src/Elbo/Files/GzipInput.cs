using System.IO.Compression;

namespace Elbo.Files;

/// <summary>Some bytes, then a stream, then some bytes again, for one reading. Owns the stream.</summary>
internal sealed class ConcatenatedStream(ReadOnlyMemory<byte> head, Stream middle, ReadOnlyMemory<byte> tail = default) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        int read = Take(ref head, buffer);
        if (read == 0) read = middle.Read(buffer);
        return read > 0 ? read : Take(ref tail, buffer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) middle.Dispose();
        base.Dispose(disposing);
    }

    static int Take(ref ReadOnlyMemory<byte> from, Span<byte> buffer)
    {
        int count = Math.Min(from.Length, buffer.Length);
        from.Span[..count].CopyTo(buffer);
        from = from[count..];
        return count;
    }
}

/// <summary>
/// Unpacks gzip and notices when the file is cut off, which GZipStream does not: one more member with known content is put behind the file's own
/// ones, and only where those are whole does that content come out at the end.
/// </summary>
internal sealed class GzipInput : ReadOnlyStream
{
    static readonly byte[] Seal = "elbo: whole file"u8.ToArray();
    static readonly byte[] PackedSeal = PackSeal();

    readonly GZipStream _unpacked;
    readonly string _path;

    // What was unpacked and not yet given out; its last bytes may turn out to be the seal.
    readonly byte[] _buffer = new byte[1 << 16];
    int _start, _end;
    bool _ended;

    public GzipInput(Stream packed, string path)
    {
        _unpacked = new GZipStream(new ConcatenatedStream(default, packed, PackedSeal), CompressionMode.Decompress);
        _path = path;
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        while (!_ended && _end - _start <= Seal.Length) Fill();
        int count = Math.Min(buffer.Length, _ended ? _end - _start : _end - _start - Seal.Length);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }

    void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        int read;
        try
        {
            read = _unpacked.Read(_buffer.AsSpan(_end));
        }
        catch (InvalidDataException error)
        {
            throw Damaged(error);
        }
        _end += read;
        if (read > 0) return;
        _ended = true;
        if (!_buffer.AsSpan(0, _end).EndsWith(Seal)) throw Damaged(null);
        _end -= Seal.Length;
    }

    InvalidDataException Damaged(Exception? inner) =>
        new($"'{_path}' is a damaged gzip file: it is cut off, or its content does not match its own checksum. Copy or download it again.", inner);

    static byte[] PackSeal()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(Seal);
        return packed.ToArray();
    }
}

/// <summary>What all streams that are read once, from begin to end, have in common.</summary>
internal abstract class ReadOnlyStream : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public abstract override int Read(Span<byte> buffer);
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
