using System.IO.Compression;

namespace Elbo.Text;

/// <summary>
/// Unpacks gzip files and notices when the end is missing: .NET's stream and DuckDB's CSV reader both take a file that was cut for a whole, shorter one.
/// </summary>
static class GzipFile
{
    /// <summary>Follows the file as one more gzip member. Only if everything before it was whole does it come out again.</summary>
    static readonly byte[] Mark = "-- Elbo: end of a whole gzip file --"u8.ToArray();
    static readonly byte[] MarkMember = Pack(Mark);

    /// <summary>Gives the unpacked bytes to <paramref name="take"/>, in pieces.</summary>
    /// <exception cref="InvalidDataException">The file is not gzip, damaged or cut short.</exception>
    public static void Unpack(string path, Action<ReadOnlySpan<byte>> take)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
        if (file.Length == 0) throw Broken(path, "it is empty");
        using var unzipped = new GZipStream(new Followed(file, MarkMember), CompressionMode.Decompress);
        var buffer = new byte[1 << 17];
        int held = 0;
        for (int count; (count = Read(unzipped, buffer.AsSpan(held), path)) > 0;)
        {
            int ready = held + count - Mark.Length;
            if (ready <= 0)
            {
                held += count;
                continue;
            }
            take(buffer.AsSpan(0, ready));
            buffer.AsSpan(ready, Mark.Length).CopyTo(buffer);
            held = Mark.Length;
        }
        if (!buffer.AsSpan(0, held).SequenceEqual(Mark)) throw Broken(path, "its end is missing");
    }

    /// <summary>Reads a file to its end for nothing but the errors.</summary>
    public static void Check(string path) => Unpack(path, _ => { });

    static int Read(GZipStream stream, Span<byte> buffer, string path)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (InvalidDataException error)
        {
            throw Broken(path, error.Message, error);
        }
    }

    static InvalidDataException Broken(string path, string why, Exception? error = null) => new($"'{path}' is not a whole gzip file: {why.TrimEnd('.')}.", error);

    static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>A stream, and then some more bytes.</summary>
    sealed class Followed(Stream first, byte[] last) : Stream
    {
        int _read;

        public override int Read(Span<byte> buffer)
        {
            int count = first.Read(buffer);
            if (count > 0 || buffer.IsEmpty) return count;
            count = Math.Min(buffer.Length, last.Length - _read);
            last.AsSpan(_read, count).CopyTo(buffer);
            _read += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
