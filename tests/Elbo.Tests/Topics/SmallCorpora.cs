using Elbo.Corpora;
using Elbo.Numerics;

namespace Elbo.Tests.Topics;

/// <summary>Small corpora for tests.</summary>
static class SmallCorpora
{
    /// <summary>Documents whose tokens lean to one half of the vocabulary.</summary>
    public static Corpus Random(ulong seed, int documents, int terms, int tokens)
    {
        var random = new Philox(seed);
        var builder = new CorpusBuilder(Vocabulary.Numbered(terms));
        for (int document = 0; document < documents; document++)
        {
            var counts = new SortedDictionary<int, int>();
            for (int token = 0; token < tokens; token++)
            {
                int term = random.NextInt32(terms);
                if (random.NextDouble() < 0.8) term = (term / 2) + (document % 2 * (terms / 2));
                counts[term] = counts.GetValueOrDefault(term) + 1;
            }
            builder.Add(counts.Select(pair => (pair.Key, pair.Value)));
        }
        return builder.Build();
    }

    /// <summary>Documents with their tokens in order; terms in ordinal order, and some that no document has.</summary>
    public static Corpus OfTexts(IEnumerable<string> texts, params string[] others)
    {
        string[][] documents = [.. texts.Select(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        var vocabulary = new Vocabulary(documents.SelectMany(words => words).Concat(others).Distinct().Order(StringComparer.Ordinal));
        var builder = new CorpusBuilder(vocabulary);
        foreach (string[] words in documents)
        {
            int place = 0;
            int[] starts = [.. words.Select(word => (place += word.Length + 1) - word.Length - 1)];
            builder.Add([.. words.Select(vocabulary.IndexOf)], starts, [.. words.Select(word => word.Length)]);
        }
        return builder.Build();
    }
}
