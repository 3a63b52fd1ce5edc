namespace Elbo.Files;

/// <summary>
/// A file that appears under its name only when it is whole: it is written under a temporary name in the same folder, flushed to the disk and
/// then renamed. Whatever goes wrong before <see cref="Commit"/>, the target keeps its old content and nothing else remains. Not thread-safe.
/// </summary>
/// <remarks>Every failure to write is an <see cref="IOException"/> that names the target. A symbolic link is followed: what it points to is replaced.</remarks>
public sealed class AtomicFile : IDisposable
{
    readonly string _path;
    readonly string _target;
    readonly string _temporary;
    readonly OutputStream _stream;
    bool _closed;

    AtomicFile(string path, string target, string temporary, Stream stream)
    {
        _path = path;
        _target = target;
        _temporary = temporary;
        _stream = new OutputStream(stream, path);
    }

    /// <summary>Where to write. It can seek; disposing it is allowed and does not close the file, so that wrappers need no care.</summary>
    public Stream Stream => _stream;

    /// <summary>Begins a file; nothing is seen at <paramref name="path"/> before <see cref="Commit"/>.</summary>
    /// <exception cref="IOException">The folder does not exist or cannot be written to, or the target is a folder or no regular file.</exception>
    public static AtomicFile Create(string path) => Create(path, OpenNew);

    /// <summary>As <see cref="Create(string)"/>; <paramref name="open"/> opens the temporary file, so that tests can stand in for a full disk.</summary>
    internal static AtomicFile Create(string path, Func<string, Stream> open)
    {
        string target = CheckTarget(path);
        string temporary = TemporaryBeside(target);
        try
        {
            return new AtomicFile(path, target, temporary, open(temporary));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw OutputStream.Failure(path, error);
        }
    }

    /// <summary>Writes a whole file by a callback.</summary>
    /// <exception cref="IOException">As for <see cref="Create(string)"/>, or the disk is full. What the callback throws comes out unchanged.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using AtomicFile file = Create(path);
        write(file.Stream);
        file.Commit();
    }

    /// <summary>Writes a whole file by an asynchronous callback; cancelled, it leaves nothing behind.</summary>
    /// <exception cref="IOException">As for <see cref="Write"/>.</exception>
    public static async Task WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        using AtomicFile file = Create(path);
        await write(file.Stream, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        file.Commit();
    }

    /// <summary>Flushes what was written to the disk and puts it at the target, in place of what was there.</summary>
    /// <exception cref="IOException">The disk is full or the target cannot be replaced; also if an earlier write had failed.</exception>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        try
        {
            _stream.Close(flushToDisk: true);
            File.Move(_temporary, _target, overwrite: true);
            _closed = true;
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException and not OutputException)
        {
            throw OutputStream.Failure(_path, error);
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Without a <see cref="Commit"/> before it, throws away what was written.</summary>
    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        try
        {
            _stream.Close(flushToDisk: false);
        }
        catch (IOException)
        {
            // What could not be flushed is thrown away anyway; the failure itself was or is being reported.
        }
        File.Delete(_temporary);
    }

    /// <summary>A free name in the folder of the target, so that the rename stays within one file system.</summary>
    internal static string TemporaryBeside(string target) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(target))!, $".elbo-{Path.GetRandomFileName()}.tmp");

    internal static Stream OpenNew(string path) =>
        new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16);

    static string CheckTarget(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new OutputException($"Cannot write '{path}': it is a folder. Give the name of a file.");
        if (File.Exists(path)) CheckRegular(path);
        bool link = new FileInfo(path).LinkTarget is not null;
        string target = Path.GetFullPath(link ? File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName : path);
        string folder = Path.GetDirectoryName(target)!;
        if (File.Exists(folder))
            throw new OutputException($"Cannot write '{path}': '{folder}' is a file, not a folder.");
        if (!Directory.Exists(folder))
            throw new OutputException($"Cannot write '{path}': the folder '{folder}' does not exist. Create it first, or choose another folder.");
        return target;
    }

    /// <summary>Refuses devices, pipes and sockets: renaming over one would put a file in its place.</summary>
    static void CheckRegular(string path)
    {
        try
        {
            // Reading and writing, because opening a pipe for one of them alone waits for its other end.
            using var existing = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            bool regular = existing.CanSeek;
            // Devices such as /dev/full claim to seek and to be empty, but only a regular file has a length to set.
            if (regular && existing.Length == 0) existing.SetLength(0);
            if (regular) return;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new OutputException($"Cannot write '{path}': it exists and is write-protected. Choose another name, or change its permissions.", error);
        }
        catch (IOException)
        {
            // Reported below.
        }
        throw new OutputException($"Cannot write '{path}': it exists and is not a regular file (a device, a pipe or a socket). Give the name of a file.");
    }
}
