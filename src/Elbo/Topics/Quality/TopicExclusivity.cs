namespace Elbo.Topics.Quality;

/// <summary>Which terms belong to a topic rather than to the others, and FREX, which asks for terms that are frequent as well (Bischof, Airoldi 2012). Immutable and thread-safe.</summary>
public sealed class TopicExclusivity
{
    readonly TopicModel _model;
    readonly double[] _sums;
    readonly double _weight;

    /// <summary>Takes a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weight">How much of FREX is exclusivity, in [0, 1]; the rest is frequency.</param>
    public TopicExclusivity(TopicModel model, double weight = 0.5)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!(weight is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(weight), weight, "The weight of exclusivity must be in [0, 1].");
        (_model, _weight) = (model, weight);
        _sums = new double[model.Vocabulary.Count];
        for (int term = 0; term < _sums.Length; term++)
            foreach (Topic topic in model.Topics) _sums[term] += topic.Probability(term);
    }

    /// <summary>β_kv / Σ_j β_jv, in [0, 1], of every term, with β the mean topics: 1 for a term that no other topic has. 0 where no topic has the term.</summary>
    /// <param name="topic">k.</param>
    public double[] Of(int topic) => [.. _sums.Select((sum, term) => sum > 0 ? _model.Topics[topic].Probability(term) / sum : 0)];

    /// <summary>
    /// FREX of every term, in (0, 1]: the harmonic mean 1 / (w / F(exclusivity) + (1 − w) / F(β_kv)), where F is the share of terms with a value that is no higher.
    /// </summary>
    /// <param name="topic">k.</param>
    public double[] Frex(int topic)
    {
        double[] exclusive = Ranks(Of(topic)), frequent = Ranks([.. Enumerable.Range(0, _sums.Length).Select(_model.Topics[topic].Probability)]);
        return [.. exclusive.Zip(frequent, (rank, other) => 1 / (_weight / rank + (1 - _weight) / other))];
    }

    /// <summary>The terms with the highest FREX, the first first; among equals the lower id.</summary>
    /// <param name="topic">k.</param>
    /// <param name="count">How many; fewer come back where the vocabulary is smaller.</param>
    public IReadOnlyList<TermProbability> TopTerms(int topic, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        double[] frex = Frex(topic);
        return [.. Enumerable.Range(0, frex.Length).OrderByDescending(term => frex[term]).ThenBy(term => term).Take(count)
            .Select(term => new TermProbability(_model.Vocabulary[term], term, _model.Topics[topic].Probability(term)))];
    }

    // The empirical distribution function at each of the values; equal values have equal ranks.
    static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        double[] sorted = [.. values];
        Array.Sort(sorted, order);
        var ranks = new double[values.Length];
        for (int i = values.Length - 1, last = i; i >= 0; i--)
        {
            if (sorted[i] < sorted[last]) last = i;
            ranks[order[i]] = (double)(last + 1) / values.Length;
        }
        return ranks;
    }
}
