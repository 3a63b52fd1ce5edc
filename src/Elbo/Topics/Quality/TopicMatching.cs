using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics.Quality;

/// <summary>Two topics that stand for each other in two models.</summary>
/// <param name="First">The topic of the first model.</param>
/// <param name="Second">The topic of the second.</param>
/// <param name="Overlap">Σ_v min(β_v, β'_v), in [0, 1].</param>
public readonly record struct TopicPair(int First, int Second, double Overlap);

/// <summary>Which topics of two models stand for each other.</summary>
public static class TopicMatching
{
    /// <summary>
    /// How much of their probability two topics share: Σ_v min(β_v, β'_v) over the mean topics, which is 1 less the total variation distance. 1 for equal distributions,
    /// 0 for those without a common term. Terms are matched by name.
    /// </summary>
    public static double Overlap(Topic first, Topic second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return Overlap(TopicRows.Of(first, first.Vocabulary), TopicRows.Of(second, first.Vocabulary));
    }

    /// <summary>Pairs topics one to one, so that the sum of their overlaps is the greatest; of the larger model some topics are left over.</summary>
    /// <param name="first">A model.</param>
    /// <param name="second">Another model; terms are matched by name.</param>
    /// <param name="threads">How many to work with; the result does not depend on it.</param>
    /// <returns>The pairs in the order of the first model's topics.</returns>
    public static IReadOnlyList<TopicPair> Match(TopicModel first, TopicModel second, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return Match(TopicRows.Of(first, first.Vocabulary), TopicRows.Of(second, first.Vocabulary), threads);
    }

    internal static TopicPair[] Match(double[][] first, double[][] second, int threads)
    {
        if (first.Length > second.Length) return [.. Match(second, first, threads).Select(pair => new TopicPair(pair.Second, pair.First, pair.Overlap)).OrderBy(pair => pair.First)];
        var overlaps = new double[first.Length * second.Length];
        Crew.Run(threads, first.Length, (_, i) =>
        {
            for (int j = 0; j < second.Length; j++) overlaps[i * second.Length + j] = Overlap(first[i], second[j]);
        });
        int[] found = LinearAssignment.Maximize(overlaps, first.Length, second.Length);
        return [.. found.Select((j, i) => new TopicPair(i, j, overlaps[i * second.Length + j]))];
    }

    internal static double Overlap(double[] first, double[] second)
    {
        double sum = 0;
        for (int term = 0; term < first.Length; term++) sum += Math.Min(first[term], second[term]);
        return sum;
    }
}
