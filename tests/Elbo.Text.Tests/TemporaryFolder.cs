using System.IO.Compression;
using System.Text;

namespace Elbo.Tests;

/// <summary>A folder that is gone when the test ends.</summary>
sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("elbo-").FullName;

    public string Path(string relative) => System.IO.Path.Combine(Root, relative);

    public string Write(string relative, string text) => Write(relative, Encoding.UTF8.GetBytes(text));

    public string Write(string relative, byte[] bytes)
    {
        string path = Path(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string WriteGzip(string relative, string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return Write(relative, bytes.ToArray());
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
