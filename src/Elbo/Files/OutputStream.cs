namespace Elbo.Files;

/// <summary>An output that failed, with a message that is complete as it is.</summary>
internal sealed class OutputException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>A stream whose failures name the file that the user asked for rather than a temporary one; a failed one can no longer be committed.</summary>
internal sealed class OutputStream(Stream inner, string path) : Stream
{
    // ENOSPC of Unix, ERROR_DISK_FULL of Windows.
    const int DiskFullUnix = 28;
    const int DiskFullWindows = unchecked((int)0x80070070);

    OutputException? _failure;

    public override bool CanRead => inner.CanRead;
    public override bool CanSeek => inner.CanSeek;
    public override bool CanWrite => inner.CanWrite;
    public override long Length => inner.Length;
    public override long Position { get => inner.Position; set => Seek(value, SeekOrigin.Begin); }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => inner.Read(buffer);

    public override long Seek(long offset, SeekOrigin origin)
    {
        try
        {
            // Seeking flushes what is buffered.
            return inner.Seek(offset, origin);
        }
        catch (IOException error)
        {
            throw Fail(error);
        }
    }

    public override void SetLength(long value)
    {
        try
        {
            inner.SetLength(value);
        }
        catch (IOException error)
        {
            throw Fail(error);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (IOException error)
        {
            throw Fail(error);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw Fail(error);
        }
    }

    public override void Flush()
    {
        try
        {
            inner.Flush();
        }
        catch (IOException error)
        {
            throw Fail(error);
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw Fail(error);
        }
    }

    /// <summary>Closes the stream below, which <see cref="Stream.Dispose()"/> leaves open.</summary>
    /// <exception cref="IOException">What was written does not fit on the disk, or an earlier write had failed.</exception>
    public void Close(bool flushToDisk)
    {
        try
        {
            if (flushToDisk)
            {
                if (_failure is not null) throw _failure;
                if (inner is FileStream file) file.Flush(flushToDisk: true);
                else inner.Flush();
            }
        }
        catch (IOException error) when (error is not OutputException)
        {
            throw Fail(error);
        }
        finally
        {
            inner.Dispose();
        }
    }

    /// <summary>The error to throw when the file that was asked for as <paramref name="path"/> cannot be written.</summary>
    internal static OutputException Failure(string path, Exception error) => error.HResult switch
    {
        DiskFullUnix or DiskFullWindows => new OutputException($"Cannot write '{path}': the disk is full. Free some space or choose another folder; nothing half written remains.", error) { HResult = error.HResult },
        _ when error is UnauthorizedAccessException => new OutputException($"Cannot write '{path}': its folder '{Path.GetDirectoryName(Path.GetFullPath(path))}' is not writable. Choose another folder, or change its permissions.", error),
        _ => new OutputException($"Cannot write '{path}': {error.Message} Nothing half written remains.", error) { HResult = error.HResult },
    };

    OutputException Fail(IOException error) => _failure = Failure(path, error);
}
