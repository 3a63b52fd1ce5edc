using Elbo.Corpora;
using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>The documents that are set aside to watch a fit by: drawn by the seed.</summary>
static class HeldOutDocuments
{
    /// <summary>With fewer the score is noise, and none are set aside; with more it costs time and gains nothing.</summary>
    const int Fewest = 20, Most = 500;

    /// <summary>Their numbers, in order.</summary>
    public static int[] Choose(Corpus corpus, LdaOptions options)
    {
        double share = options.HeldOutShare * corpus.DocumentCount;
        if (share < Fewest || options.EStep is TopicEStep.MeanField or TopicEStep.Map) return [];
        Philox random = Philox.ForStream(options.Seed, 1UL << 33);
        var chosen = new HashSet<int>();
        while (chosen.Count < Math.Min(Most, (int)share)) chosen.Add(random.NextInt32(corpus.DocumentCount));
        int[] documents = [.. chosen];
        Array.Sort(documents);
        return documents;
    }
}
