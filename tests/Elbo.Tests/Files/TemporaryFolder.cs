namespace Elbo.Tests.Files;

/// <summary>A folder of its own for a test, deleted afterwards.</summary>
sealed class TemporaryFolder : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("elbo-test-");

    public string Name => _folder.FullName;

    /// <summary>Everything in the folder, hidden files too.</summary>
    public string[] Files => [.. _folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }).Select(file => file.Name).Order(StringComparer.Ordinal)];

    public string this[string name] => Path.Combine(Name, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>A disk that takes so many bytes and no more.</summary>
static class FullDisk
{
    public static Func<string, Stream> After(long bytes)
    {
        long left = bytes;
        return path => new Limited(path, count => (left -= count) >= 0);
    }

    sealed class Limited(string path, Func<int, bool> take) : FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (!take(buffer.Length))
                throw new IOException("No space left on device", 28);
            base.Write(buffer);
        }
    }
}
