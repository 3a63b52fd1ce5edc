using System.Text;

namespace Elbo.Text;

/// <summary>Reads whole text files strictly: UTF-8 with or without a byte order mark, UTF-16 with one, each also gzipped.</summary>
static class TextFile
{
    /// <summary>A text above this size cannot be one document; the limit also stops a small gzip file that unpacks without end.</summary>
    const long MaximumBytes = 1L << 30;

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    static readonly UnicodeEncoding Utf16 = new(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    static readonly UnicodeEncoding Utf16BigEndian = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    /// <exception cref="InvalidDataException">The file is not text in a known encoding, is broken, or is too large.</exception>
    public static string Read(string path) => Decode(ReadBytes(path), path);

    static ReadOnlySpan<byte> ReadBytes(string path)
    {
        if (!Formats.IsGzip(path)) return new FileInfo(path).Length > MaximumBytes ? throw TooLarge(path) : File.ReadAllBytes(path);
        using var bytes = new MemoryStream();
        GzipFile.Unpack(path, piece =>
        {
            if (bytes.Length + piece.Length > MaximumBytes) throw TooLarge(path);
            bytes.Write(piece);
        });
        return bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
    }

    static string Decode(ReadOnlySpan<byte> bytes, string path)
    {
        try
        {
            return bytes switch
            {
                [0xEF, 0xBB, 0xBF, ..] => Utf8.GetString(bytes[3..]),
                [0xFF, 0xFE, ..] => Utf16.GetString(bytes[2..]),
                [0xFE, 0xFF, ..] => Utf16BigEndian.GetString(bytes[2..]),
                _ => Utf8.GetString(bytes),
            };
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"'{path}' is not text in UTF-8, or UTF-16 with a byte order mark (first wrong byte: {error.Index}). Convert it to UTF-8, or leave it out.", error);
        }
    }

    static InvalidDataException TooLarge(string path) =>
        new($"'{path}' holds more than {MaximumBytes >> 30} GiB of text, too much for one document. Split it, or make it a table with one document a row.");
}
