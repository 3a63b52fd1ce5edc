using Elbo.Files;

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
        using var hash = new ContentHash();
        hash.Add((long)corpus.Vocabulary.Count);
        foreach (string term in corpus.Vocabulary) hash.Add(term);
        hash.Add((long)corpus.DocumentCount);
        long unreleased = 0;
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            ReadOnlySpan<int> terms = corpus.Terms(document);
            corpus.ReleaseAfter(ref unreleased, terms.Length);
            hash.Add(terms.Length);
            hash.Add(terms);
            hash.Add(corpus.Counts(document));
        }
        return hash.End();
    }
}
