using System.IO.Compression;

namespace Elbo.Files;

/// <summary>Opens files to read, with errors that say what is wrong with the path.</summary>
public static class InputFile
{
    /// <summary>Opens a file that can seek: a regular one.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It is a folder, a pipe or a device, or may not be read.</exception>
    public static FileStream Open(string path)
    {
        FileStream file = OpenAny(path);
        if (file.CanSeek) return file;
        file.Dispose();
        throw new IOException($"Cannot read '{path}': it is no regular file (a pipe, perhaps), and this format needs one.");
    }

    /// <summary>
    /// Opens a text file, or a pipe, for one reading from begin to end; gzip, recognised by its first bytes and not by its name, is unpacked on the way.
    /// A gzip file that was cut off is an <see cref="InvalidDataException"/> at its end, where the runtime's own stream would say nothing.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It is a folder, or may not be read.</exception>
    public static Stream OpenText(string path)
    {
        FileStream file = OpenAny(path);
        try
        {
            var start = new byte[2];
            int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            var whole = new ConcatenatedStream(start.AsMemory(0, read), file);
            return read == 2 && start[0] == 0x1F && start[1] == 0x8B ? new GzipInput(whole, path) : whole;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a text file for writing, packed with gzip where its name ends in ".gz".</summary>
    internal static Stream Pack(Stream stream, string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
        ? new GZipStream(stream, CompressionLevel.Optimal)
        : new BufferedStream(stream, 1 << 16);

    static FileStream OpenAny(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new IOException($"Cannot read '{path}': it is a folder, not a file.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"Cannot read '{path}': there is no such file.", path, error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"Cannot read '{path}': its permissions do not allow it.", error);
        }
    }
}
