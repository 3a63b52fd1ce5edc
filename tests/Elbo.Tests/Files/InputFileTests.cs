using System.IO.Compression;
using Elbo.Files;

namespace Elbo.Tests.Files;

public sealed class InputFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        var missing = Assert.Throws<FileNotFoundException>(() => InputFile.Open(_folder["none"]));
        Assert.Contains($"Cannot read '{_folder["none"]}': there is no such file", missing.Message, StringComparison.Ordinal);
        var folder = Assert.ThrowsAny<IOException>(() => InputFile.OpenText(_folder.Name));
        Assert.Contains("it is a folder", folder.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(200_000)]
    public void Plain_and_packed_text_read_the_same(int length)
    {
        byte[] text = Text(length);
        Assert.Equal(text, Read(_folder.Write("plain.gz", text)));
        Assert.Equal(text, Read(_folder.Write("packed", Pack(text))));
        Assert.Equal((byte[])[.. text, .. text], Read(_folder.Write("twice", [.. Pack(text), .. Pack(text)])));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(5_000)]
    public void A_packed_file_cut_anywhere_is_an_error(int length)
    {
        byte[] packed = Pack(Text(length));
        // With fewer than two bytes left it is not recognised as gzip.
        for (int cut = 2; cut < packed.Length; cut++)
        {
            string path = _folder.Write("cut", packed[..cut]);
            var error = Assert.Throws<InvalidDataException>(() => Read(path));
            Assert.Contains("damaged gzip file", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_packed_file_with_something_else_behind_it_is_an_error() =>
        Assert.Throws<InvalidDataException>(() => Read(_folder.Write("behind", [.. Pack(Text(10)), 1, 2, 3])));

    [Fact]
    public void A_packed_file_cut_within_bytes_that_are_stored_as_they_are_is_an_error()
    {
        // What is put behind a file cut there is unpacked as content, without any error of the runtime.
        byte[] packed = Pack(Text(50_000), CompressionLevel.NoCompression);
        foreach (int cut in (int[])[100, 20_000, packed.Length - 100])
        {
            string path = _folder.Write("cut", packed[..cut]);
            Assert.Throws<InvalidDataException>(() => Read(path));
        }
    }

    static byte[] Text(int length)
    {
        var text = new byte[length];
        for (int i = 0; i < length; i++) text[i] = (byte)(i * (long)i % 251);
        return text;
    }

    static byte[] Pack(byte[] text, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level)) gzip.Write(text);
        return packed.ToArray();
    }

    static byte[] Read(string path)
    {
        using Stream stream = InputFile.OpenText(path);
        using var copy = new MemoryStream();
        stream.CopyTo(copy, 777);
        return copy.ToArray();
    }
}
