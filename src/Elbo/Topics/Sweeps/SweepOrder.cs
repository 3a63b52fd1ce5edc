using Elbo.Corpora;
using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>Which documents are taken together, and in which order: by the corpus and the seed alone.</summary>
static class SweepOrder
{
    const int TokensPerRun = 65_536, RunsTogether = 32;

    /// <summary>Cuts documents, in the order given, into runs of about so many tokens.</summary>
    public static IEnumerable<ArraySegment<int>> Cut(Corpus corpus, int[] documents, int tokens)
    {
        int first = 0;
        long sum = 0, unreleased = 0;
        for (int i = 0; i < documents.Length; i++)
        {
            corpus.ReleaseAfter(ref unreleased, corpus.Counts(documents[i]).Length);
            // Empty documents cost a little too.
            sum += 1 + Tokens(corpus, documents[i]);
            if (sum < tokens && i + 1 < documents.Length) continue;
            yield return new ArraySegment<int>(documents, first, i + 1 - first);
            first = i + 1;
            sum = 0;
        }
    }

    public static long Tokens(Corpus corpus, int document)
    {
        long sum = 0;
        foreach (int count in corpus.Counts(document)) sum += count;
        return sum;
    }

    /// <summary>
    /// Batches of about so many tokens, in an order that the seed, the start and the pass decide. Runs of documents are put in another order, and the documents of
    /// some runs together in another one, so that a corpus that is not in memory is read piece by piece.
    /// </summary>
    public static IEnumerable<int[]> Batches(Corpus corpus, int[] documents, int tokens, ulong seed, int start, int pass)
    {
        Philox random = Philox.ForStream(seed, (1UL << 40) + ((ulong)start << 20) + (ulong)pass);
        ArraySegment<int>[] runs = [.. Cut(corpus, documents, TokensPerRun)];
        Shuffle<ArraySegment<int>>(runs, random);
        for (int first = 0; first < runs.Length; first += RunsTogether)
        {
            var documentsOfRuns = new List<int>();
            for (int run = first; run < Math.Min(runs.Length, first + RunsTogether); run++) documentsOfRuns.AddRange(runs[run].AsSpan());
            int[] together = [.. documentsOfRuns];
            Shuffle<int>(together, random);
            foreach (int[] batch in Even(corpus, together, tokens)) yield return batch;
        }
    }

    // A last batch of less than half the size goes with the one before: it would count as much as any other.
    static IEnumerable<int[]> Even(Corpus corpus, int[] documents, int tokens)
    {
        int[]? before = null;
        foreach (ArraySegment<int> batch in Cut(corpus, documents, tokens))
        {
            if (before is not null && batch.Offset + batch.Count == documents.Length && batch.Sum(document => Tokens(corpus, document)) < tokens / 2)
            {
                before = [.. before, .. batch];
                break;
            }
            if (before is not null) yield return before;
            before = [.. batch];
        }
        if (before is not null) yield return before;
    }

    static void Shuffle<T>(Span<T> items, Philox random)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = random.NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
