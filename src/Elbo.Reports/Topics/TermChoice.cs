using Elbo.Topics;

namespace Elbo.Reports.Topics;

/// <summary>The terms of the page, and which topics they come from.</summary>
static class TermChoice
{
    /// <summary>A vocabulary may be far larger; its rare terms are seldom looked for, and topics bring their own.</summary>
    public const int MostFrequent = 20_000;

    /// <summary>Topics with less of a term than this are left out, and so are all but the first.</summary>
    public const double LeastShare = 0.01;

    public const int MostTopics = 12;

    /// <summary>Term ids in rising order: the most frequent ones and those of topics.</summary>
    public static int[] Of(IReadOnlyList<double> shares, IEnumerable<int[]> termsOfTopics)
    {
        var chosen = new SortedSet<int>(Enumerable.Range(0, shares.Count).OrderByDescending(term => shares[term]).Take(MostFrequent));
        foreach (int[] terms in termsOfTopics) chosen.UnionWith(terms);
        return [.. chosen];
    }

    /// <summary>p(k|v) ∝ prevalence_k E[β_kv], the likeliest topics first.</summary>
    public static TermEntries Entries(TopicModel model, int[] terms, IReadOnlyList<double> shares)
    {
        int[][] topics = new int[terms.Length][];
        double[][] topicShares = new double[terms.Length][];
        var joint = new double[model.Topics.Count];
        for (int i = 0; i < terms.Length; i++)
        {
            double sum = 0;
            for (int topic = 0; topic < joint.Length; topic++) sum += joint[topic] = model.Record.Prevalence[topic] * model.Parameters.TermProbability(topic, terms[i]);
            topics[i] = sum > 0
                ? [.. Enumerable.Range(0, joint.Length).Where(topic => joint[topic] >= LeastShare * sum).OrderByDescending(topic => joint[topic]).Take(MostTopics)]
                : [];
            topicShares[i] = [.. topics[i].Select(topic => joint[topic] / sum)];
        }
        return new TermEntries([.. terms.Select(term => model.Vocabulary[term])], [.. terms.Select(term => shares[term])], topics, topicShares, model.Vocabulary.Count);
    }
}
