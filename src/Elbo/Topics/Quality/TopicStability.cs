namespace Elbo.Topics.Quality;

/// <summary>How far fits of the same number of topics agree: topics that are in the documents come back from every start.</summary>
/// <param name="Overlap">Σ_v min(β_v, β'_v) of two topics that stand for each other, on average over them and over all pairs of fits, in [0, 1].</param>
/// <param name="TermJaccard">How many of two such topics' most probable terms are in both, over how many are in either; likewise averaged.</param>
/// <param name="Topics">For each topic of the fit asked about, its overlap with the topic that stands for it in each of the others, on average.</param>
public sealed record TopicStability(double Overlap, double TermJaccard, IReadOnlyList<double> Topics)
{
    /// <summary>Compares fits, each with each, their topics matched one to one (<see cref="TopicMatching.Match(TopicModel, TopicModel, int)"/>).</summary>
    /// <param name="models">Two fits or more, of the same number of topics.</param>
    /// <param name="of">The number of the fit whose topics <see cref="Topics"/> tells of.</param>
    /// <param name="terms">How many of the most probable terms of a topic are compared, ≥ 1.</param>
    /// <param name="threads">How many to work with; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">There are fewer than two fits, or their numbers of topics differ.</exception>
    public static TopicStability Between(IReadOnlyList<TopicModel> models, int of = 0, int terms = 10, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentOutOfRangeException.ThrowIfLessThan(terms, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (models.Count < 2) throw new ArgumentException("Agreement is between two fits or more.", nameof(models));
        if ((uint)of >= (uint)models.Count) throw new ArgumentOutOfRangeException(nameof(of), of, $"There are {models.Count} fits.");
        int topics = models[0].Topics.Count;
        if (models.FirstOrDefault(model => model.Topics.Count != topics) is { } other)
            throw new ArgumentException($"One fit has {topics} topics and another {other.Topics.Count}: agreement is between fits of the same number.", nameof(models));
        double[][][] rows = [.. models.Select(model => TopicRows.Of(model, models[0].Vocabulary))];
        HashSet<string>[][] tops = [.. models.Select(model => model.Topics.Select(topic => topic.TopTerms(terms).Select(term => term.Term).ToHashSet()).ToArray())];
        double overlap = 0, jaccard = 0;
        var own = new double[topics];
        for (int first = 0; first < models.Count; first++)
        {
            for (int second = first + 1; second < models.Count; second++)
            {
                foreach (TopicPair pair in TopicMatching.Match(rows[first], rows[second], threads))
                {
                    overlap += pair.Overlap;
                    jaccard += Jaccard(tops[first][pair.First], tops[second][pair.Second]);
                    if (first == of) own[pair.First] += pair.Overlap;
                    else if (second == of) own[pair.Second] += pair.Overlap;
                }
            }
        }
        double pairs = models.Count * (models.Count - 1) / 2.0 * topics;
        return new TopicStability(overlap / pairs, jaccard / pairs, [.. own.Select(sum => sum / (models.Count - 1))]);
    }

    static double Jaccard(HashSet<string> first, HashSet<string> second)
    {
        int both = first.Count(second.Contains);
        return (double)both / (first.Count + second.Count - both);
    }
}
