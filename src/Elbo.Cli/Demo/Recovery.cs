using Elbo.Topics;

namespace Elbo.Cli.Demo;

/// <summary>A true topic and the recovered topic that stands for it.</summary>
/// <param name="True">The true topic.</param>
/// <param name="Recovered">The topic of the model.</param>
/// <param name="Overlap">Σ_v min(p_v, q_v): 1 for equal distributions, 0 for those without a common term.</param>
readonly record struct RecoveredTopic(int True, int Recovered, double Overlap);

/// <summary>How well a model recovered topics that are known.</summary>
static class Recovery
{
    /// <summary>Pairs true and recovered topics one to one, the closest pair first; in the order of the true ones.</summary>
    public static IReadOnlyList<RecoveredTopic> Match(TopicModel truth, TopicModel model)
    {
        var pairs = new List<RecoveredTopic>();
        foreach (Topic topic in model.Topics)
            foreach (Topic known in truth.Topics) pairs.Add(new RecoveredTopic(known.Id, topic.Id, Overlap(known, topic, truth.Vocabulary.Count)));
        pairs.Sort((a, b) => (-a.Overlap, a.True, a.Recovered).CompareTo((-b.Overlap, b.True, b.Recovered)));
        HashSet<int> taken = [], found = [];
        var matched = new List<RecoveredTopic>();
        foreach (RecoveredTopic pair in pairs)
        {
            if (taken.Contains(pair.True) || found.Contains(pair.Recovered)) continue;
            taken.Add(pair.True);
            found.Add(pair.Recovered);
            matched.Add(pair);
        }
        return [.. matched.OrderBy(pair => pair.True)];
    }

    static double Overlap(Topic truth, Topic topic, int terms)
    {
        double sum = 0;
        for (int term = 0; term < terms; term++) sum += Math.Min(truth.Probability(term), topic.Probability(term));
        return sum;
    }
}
