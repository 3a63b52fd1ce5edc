using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Elbo.Files;

/// <summary>
/// Values that are written one after another and read back once: in memory while they are few, beyond that in a temporary file, deleted when disposed.
/// </summary>
/// <param name="target">The output that this is for: the temporary file lies beside it, and errors name it.</param>
/// <param name="open">Opens a new file for writing and reading.</param>
internal sealed class Spool(string target, Func<string, Stream> open) : IDisposable
{
    const int MemoryLimit = 1 << 20;
    const int ChunkBytes = 1 << 18;

    readonly MemoryStream _memory = new();
    OutputStream? _file;
    string? _path;

    /// <summary>How many bytes were written.</summary>
    public long Length { get; private set; }

    public void Write<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        // Piece by piece, because a document may be longer than a span of bytes.
        while (!values.IsEmpty)
        {
            int count = Math.Min(values.Length, ChunkBytes / Unsafe.SizeOf<T>());
            WriteBytes(MemoryMarshal.AsBytes(values[..count]));
            values = values[count..];
        }
    }

    /// <summary>Gives all bytes to <paramref name="take"/>, piece by piece.</summary>
    public void Read(Action<ReadOnlySpan<byte>> take)
    {
        if (_file is not null)
        {
            _file.Position = 0;
            var buffer = new byte[ChunkBytes];
            for (int read; (read = _file.Read(buffer)) > 0;) take(buffer.AsSpan(0, read));
        }
        take(_memory.GetBuffer().AsSpan(0, (int)_memory.Length));
    }

    public void Dispose()
    {
        try
        {
            _file?.Close(flushToDisk: false);
        }
        catch (IOException)
        {
            // What could not be flushed is deleted anyway.
        }
        if (_path is not null) File.Delete(_path);
        _path = null;
    }

    void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        _memory.Write(bytes);
        Length += bytes.Length;
        if (_memory.Length < MemoryLimit) return;
        if (_file is null) OpenFile();
        _file!.Write(_memory.GetBuffer().AsSpan(0, (int)_memory.Length));
        _memory.SetLength(0);
    }

    void OpenFile()
    {
        string path = AtomicFile.TemporaryBeside(target);
        try
        {
            _file = new OutputStream(open(path), target);
            _path = path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw OutputStream.Failure(target, error);
        }
    }
}
