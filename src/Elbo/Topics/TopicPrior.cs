namespace Elbo.Topics;

/// <summary>A term that a topic is guided towards: the prior counts it this much more often than any other term.</summary>
/// <param name="Topic">The topic, from 0.</param>
/// <param name="Term">The term's id.</param>
/// <param name="Count">Added pseudo-counts, above 0.</param>
public readonly record struct TopicSeed(int Topic, int Term, double Count);

/// <summary>The Dirichlet prior of the topics: η_kv = <see cref="Concentration"/>, plus the counts of the <see cref="Seeds"/> (guided topics).</summary>
public sealed class TopicPrior
{
    /// <summary>Makes a prior.</summary>
    /// <param name="concentration">η, above 0, in pseudo-counts a term.</param>
    /// <param name="seeds">Terms that topics are guided towards; at most one entry for a topic and term.</param>
    /// <exception cref="ArgumentException">η or a seed is out of range, or a seed occurs twice.</exception>
    public TopicPrior(double concentration, IEnumerable<TopicSeed>? seeds = null)
    {
        if (!(concentration > 0) || !double.IsFinite(concentration))
            throw new ArgumentOutOfRangeException(nameof(concentration), concentration, "η must be a number above 0.");
        Concentration = concentration;
        Seeds = seeds is null or IReadOnlyCollection<TopicSeed> { Count: 0 } ? [] : [.. seeds.OrderBy(seed => seed.Term).ThenBy(seed => seed.Topic)];
        for (int i = 0; i < Seeds.Count; i++)
        {
            TopicSeed seed = Seeds[i];
            if (seed.Topic < 0 || seed.Term < 0 || !(seed.Count > 0) || !double.IsFinite(seed.Count))
                throw new ArgumentException($"The seed (topic {seed.Topic}, term {seed.Term}, count {seed.Count}) is out of range: counts must be above 0.", nameof(seeds));
            if (i > 0 && seed.Topic == Seeds[i - 1].Topic && seed.Term == Seeds[i - 1].Term)
                throw new ArgumentException($"Topic {seed.Topic} is given the seed term {seed.Term} twice.", nameof(seeds));
        }
    }

    /// <summary>η: the pseudo-count of every term in every topic.</summary>
    public double Concentration { get; }

    /// <summary>What is added for guided topics, in order of term and topic.</summary>
    public IReadOnlyList<TopicSeed> Seeds { get; }

    /// <summary>The same seeds with another η.</summary>
    public TopicPrior WithConcentration(double concentration) => new(concentration, Seeds);
}
