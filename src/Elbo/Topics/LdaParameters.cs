using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>
/// θ of latent Dirichlet allocation: the prior of the documents' topic proportions, and the topics, either as points β (maximum likelihood)
/// or as the variational posterior Dir(λ) under a Dirichlet(η) prior (Blei, Ng, Jordan 2003, section 5.4). Immutable.
/// </summary>
public sealed class LdaParameters : ITensors<LdaParameters>
{
    readonly double[] _termTopic;
    readonly double[] _alpha;
    readonly double[] _topicSums;

    /// <summary>Takes the parameters as they are; the arrays must not be changed afterwards.</summary>
    /// <param name="termTopic">Terms × topics, row-major: λ (all above 0) with a prior, else β (each topic adds up to 1).</param>
    /// <param name="alpha">α, one above 0 a topic.</param>
    /// <param name="prior">The prior of the topics, or null for topics that are points.</param>
    /// <exception cref="ArgumentException">Sizes do not fit.</exception>
    public LdaParameters(double[] termTopic, double[] alpha, TopicPrior? prior)
    {
        ArgumentNullException.ThrowIfNull(termTopic);
        ArgumentNullException.ThrowIfNull(alpha);
        if (alpha.Length == 0 || termTopic.Length == 0 || termTopic.Length % alpha.Length != 0)
            throw new ArgumentException($"{termTopic.Length} values cannot be a table of terms by {alpha.Length} topics.", nameof(termTopic));
        _termTopic = termTopic;
        _alpha = alpha;
        Prior = prior;
        _topicSums = new double[Topics];
        for (int i = 0; i < termTopic.Length; i += Topics)
            for (int topic = 0; topic < Topics; topic++)
                _topicSums[topic] += termTopic[i + topic];
    }

    /// <summary>K, the number of topics.</summary>
    public int Topics => _alpha.Length;

    /// <summary>V, the number of terms.</summary>
    public int Terms => _termTopic.Length / _alpha.Length;

    /// <summary>Terms × topics, row-major: λ where there is a <see cref="Prior"/>, else β.</summary>
    public ReadOnlySpan<double> TermTopic => _termTopic;

    /// <summary>α, the concentration of the documents' topic proportions: K values above 0.</summary>
    public ReadOnlySpan<double> Alpha => _alpha;

    /// <summary>Dir(η) over the terms of each topic, or null where topics are points.</summary>
    public TopicPrior? Prior { get; }

    /// <summary>Σ_v λ_kv (or Σ_v β_kv = 1), K values.</summary>
    public ReadOnlySpan<double> TopicSums => _topicSums;

    /// <summary>E[β_kv]: the probability of a term in a topic, in [0, 1].</summary>
    public double TermProbability(int topic, int term) => _termTopic[term * Topics + topic] / _topicSums[topic];

    /// <summary>E[log β_kv] in nats, ≤ 0: Ψ(λ_kv) − Ψ(Σ_v λ_kv), or log β_kv where topics are points (−∞ for a probability of 0).</summary>
    public double ExpectedLogTerm(int topic, int term)
    {
        double value = _termTopic[term * Topics + topic];
        return Prior is null ? Math.Log(value) : SpecialFunctions.Digamma(value) - SpecialFunctions.Digamma(_topicSums[topic]);
    }

    // The global bound costs a log-gamma for every term of every topic, and is asked for twice at the same θ.
    internal double? GlobalBound { get; set; }

    /// <summary>The same topics and α under another prior.</summary>
    internal LdaParameters WithPrior(TopicPrior prior) => new(_termTopic, _alpha, prior);

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("term_topic", [Terms, Topics], _termTopic, Prior is null ? TensorConstraint.Real : TensorConstraint.Positive);
        visitor.Visit("alpha", [Topics], _alpha, TensorConstraint.Positive);
        if (Prior is null) return;
        visitor.Visit("eta", [], [Prior.Concentration], TensorConstraint.Positive);
        if (Prior.Seeds.Count == 0) return;
        visitor.Visit("seed_places", [Prior.Seeds.Count, 2], [.. Prior.Seeds.SelectMany(seed => new[] { seed.Topic, seed.Term })]);
        visitor.Visit("seed_counts", [Prior.Seeds.Count], [.. Prior.Seeds.Select(seed => seed.Count)], TensorConstraint.Positive);
    }

    /// <inheritdoc/>
    public static LdaParameters FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        int topics = tensors.Length("alpha", 0);
        double[] alpha = tensors.Doubles("alpha", TensorConstraint.Positive, topics);
        bool points = !tensors.Contains("eta");
        double[] termTopic = tensors.Doubles("term_topic", points ? TensorConstraint.Real : TensorConstraint.Positive, -1, topics);
        if (alpha.Length == 0 || termTopic.Length == 0)
            throw new InvalidDataException("An LDA model needs at least one topic and one term; tensor 'term_topic' or 'alpha' is empty.");
        if (!points)
            return new LdaParameters(termTopic, alpha, ReadPrior(tensors, termTopic.Length / topics, topics));
        var parameters = new LdaParameters(termTopic, alpha, null);
        foreach (double value in termTopic)
            if (value < 0) throw new InvalidDataException("Tensor 'term_topic' has a probability below 0.");
        for (int topic = 0; topic < topics; topic++)
            if (Math.Abs(parameters._topicSums[topic] - 1) > 1e-6)
                throw new InvalidDataException($"Tensor 'term_topic': the probabilities of topic {topic} add up to {parameters._topicSums[topic]:R}, not to 1.");
        return parameters;
    }

    static TopicPrior ReadPrior(TensorSet tensors, int terms, int topics)
    {
        double concentration = tensors.Doubles("eta", TensorConstraint.Positive)[0];
        if (!tensors.Contains("seed_places")) return new TopicPrior(concentration);
        int[] places = tensors.Integers("seed_places", -1, 2);
        double[] counts = tensors.Doubles("seed_counts", TensorConstraint.Positive, places.Length / 2);
        var seeds = new TopicSeed[counts.Length];
        for (int i = 0; i < seeds.Length; i++)
        {
            seeds[i] = new TopicSeed(places[2 * i], places[2 * i + 1], counts[i]);
            if ((uint)seeds[i].Topic >= (uint)topics || (uint)seeds[i].Term >= (uint)terms)
                throw new InvalidDataException($"Tensor 'seed_places' names topic {seeds[i].Topic} and term {seeds[i].Term}; there are {topics} topics and {terms} terms.");
        }
        return new TopicPrior(concentration, seeds);
    }
}
