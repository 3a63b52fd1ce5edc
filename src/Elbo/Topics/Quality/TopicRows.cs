using Elbo.Corpora;

namespace Elbo.Topics.Quality;

/// <summary>Mean topics as rows of numbers, over one vocabulary.</summary>
static class TopicRows
{
    public static double[][] Of(TopicModel model, Vocabulary vocabulary) => [.. model.Topics.Select(topic => Of(topic, vocabulary))];

    /// <summary>E[β_kv] of the vocabulary's terms; 0 for those that the topic's model does not have.</summary>
    public static double[] Of(Topic topic, Vocabulary vocabulary)
    {
        var row = new double[vocabulary.Count];
        for (int term = 0; term < row.Length; term++)
        {
            int id = ReferenceEquals(topic.Vocabulary, vocabulary) ? term : topic.Vocabulary.IndexOf(vocabulary[term]);
            if (id >= 0) row[term] = topic.Probability(id);
        }
        return row;
    }

    /// <summary>exp H in [1, n]: how many values a distribution is spread over, as if they were equally likely. Takes weights, which need not add up to 1.</summary>
    public static double EffectiveNumber(IEnumerable<double> weights)
    {
        double total = 0, sum = 0;
        foreach (double weight in weights)
        {
            if (weight <= 0) continue;
            total += weight;
            sum += weight * Math.Log(weight);
        }
        return Math.Exp(Math.Log(total) - sum / total);
    }
}
