using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Elbo.Corpora;

/// <summary>What a fit sees of a corpus, as one hash: vocabulary and counts, wherever they came from.</summary>
internal static class CorpusChecksum
{
    /// <summary>
    /// SHA-256 over, all little-endian: V (64 bits), each term as its length in UTF-8 bytes (32 bits) and those bytes, D (64 bits), and for each
    /// document its number of entries (32 bits), its term ids and its counts (32 bits each).
    /// </summary>
    public static string Of(Corpus corpus)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, (long)corpus.Vocabulary.Count);
        foreach (string term in corpus.Vocabulary)
        {
            byte[] text = Encoding.UTF8.GetBytes(term);
            Add(hash, text.Length);
            hash.AppendData(text);
        }
        Add(hash, (long)corpus.DocumentCount);
        long unreleased = 0;
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            ReadOnlySpan<int> terms = corpus.Terms(document);
            corpus.ReleaseAfter(ref unreleased, terms.Length);
            Add(hash, terms.Length);
            hash.AppendData(MemoryMarshal.AsBytes(terms));
            hash.AppendData(MemoryMarshal.AsBytes(corpus.Counts(document)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static void Add(IncrementalHash hash, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }

    static void Add(IncrementalHash hash, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }
}
