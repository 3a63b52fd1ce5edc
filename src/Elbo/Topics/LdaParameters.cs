using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>What is known of the topics: how <see cref="LdaParameters.TermTopic"/> and the priors are to be read.</summary>
public enum TopicEstimate
{
    /// <summary>Points β without a prior.</summary>
    MaximumLikelihood,

    /// <summary>Points β under a Dirichlet prior, in a model whose documents' proportions are points under one too.</summary>
    MaximumAPosteriori,

    /// <summary>The variational posterior Dir(λ) under a Dirichlet prior.</summary>
    Variational,
}

/// <summary>
/// θ of latent Dirichlet allocation: the prior of the documents' topic proportions, and the topics, either as points β (of maximum likelihood, or
/// <see cref="MaximumAPosteriori"/>) or as the variational posterior Dir(λ) under a Dirichlet(η) prior (Blei, Ng, Jordan 2003, section 5.4). Immutable.
/// </summary>
public sealed class LdaParameters : ITensors<LdaParameters>
{
    // Another name than the variational prior's, by which a reader tells the two apart.
    const string ModeConcentration = "mode_eta";

    readonly double[] _termTopic;
    readonly double[] _alpha;
    readonly double[] _topicSums;

    /// <summary>Takes the parameters as they are; the arrays must not be changed afterwards.</summary>
    /// <param name="termTopic">Terms × topics, row-major: λ (all above 0) with a prior, else β (each topic adds up to 1).</param>
    /// <param name="alpha">α, one above 0 a topic.</param>
    /// <param name="prior">The prior of the topics, or null for topics that are points.</param>
    /// <exception cref="ArgumentException">Sizes do not fit.</exception>
    public LdaParameters(double[] termTopic, double[] alpha, TopicPrior? prior)
        : this(termTopic, alpha, prior, prior is null ? TopicEstimate.MaximumLikelihood : TopicEstimate.Variational)
    {
    }

    LdaParameters(double[] termTopic, double[] alpha, TopicPrior? prior, TopicEstimate estimate)
    {
        ArgumentNullException.ThrowIfNull(termTopic);
        ArgumentNullException.ThrowIfNull(alpha);
        if (alpha.Length == 0 || termTopic.Length == 0 || termTopic.Length % alpha.Length != 0)
            throw new ArgumentException($"{termTopic.Length} values cannot be a table of terms by {alpha.Length} topics.", nameof(termTopic));
        _termTopic = termTopic;
        _alpha = alpha;
        Prior = prior;
        Estimate = estimate;
        _topicSums = new double[Topics];
        for (int i = 0; i < termTopic.Length; i += Topics)
            for (int topic = 0; topic < Topics; topic++)
                _topicSums[topic] += termTopic[i + topic];
    }

    /// <summary>
    /// Points β under the prior Dir(<paramref name="prior"/>), for documents whose proportions are points under Dir(<paramref name="alpha"/>): maximum a posteriori, smoothed pLSA.
    /// The counts that the priors add are the concentrations less 1; with concentrations of 1 they add nothing, and this is pLSA.
    /// </summary>
    /// <param name="termTopic">Terms × topics, row-major: β (each topic adds up to 1).</param>
    /// <param name="alpha">One concentration a topic, 1 or more. Held fixed: with points under it, the objective has no maximum in α.</param>
    /// <param name="prior">The prior of the topics, with a concentration of 1 or more; held fixed too.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, or a concentration is below 1, where a mode need not exist.</exception>
    public static LdaParameters MaximumAPosteriori(double[] termTopic, double[] alpha, TopicPrior prior)
    {
        ArgumentNullException.ThrowIfNull(alpha);
        ArgumentNullException.ThrowIfNull(prior);
        foreach (double value in alpha)
            if (!(value >= 1) || !double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(alpha), value, "A document's proportions have a mode for every document only where every α is 1 or more.");
        if (prior.Concentration < 1) throw new ArgumentOutOfRangeException(nameof(prior), prior.Concentration, "A topic has a mode whatever it explains only where η is 1 or more.");
        return new LdaParameters(termTopic, alpha, prior, TopicEstimate.MaximumAPosteriori);
    }

    /// <summary>K, the number of topics.</summary>
    public int Topics => _alpha.Length;

    /// <summary>V, the number of terms.</summary>
    public int Terms => _termTopic.Length / _alpha.Length;

    /// <summary>Whether the topics are points, and of which kind.</summary>
    public TopicEstimate Estimate { get; }

    /// <summary>Terms × topics, row-major: λ where the <see cref="Estimate"/> is variational, else β.</summary>
    public ReadOnlySpan<double> TermTopic => _termTopic;

    /// <summary>α, the concentration of the documents' topic proportions: K values above 0.</summary>
    public ReadOnlySpan<double> Alpha => _alpha;

    /// <summary>Dir(η) over the terms of each topic, or null where there is no prior.</summary>
    public TopicPrior? Prior { get; }

    /// <summary>Σ_v λ_kv (or Σ_v β_kv = 1), K values.</summary>
    public ReadOnlySpan<double> TopicSums => _topicSums;

    /// <summary>E[β_kv]: the probability of a term in a topic, in [0, 1].</summary>
    public double TermProbability(int topic, int term) => _termTopic[term * Topics + topic] / _topicSums[topic];

    /// <summary>E[log β_kv] in nats, ≤ 0: Ψ(λ_kv) − Ψ(Σ_v λ_kv), or log β_kv where topics are points (−∞ for a probability of 0).</summary>
    public double ExpectedLogTerm(int topic, int term)
    {
        double value = _termTopic[term * Topics + topic];
        return HasPoints ? Math.Log(value) : SpecialFunctions.Digamma(value) - SpecialFunctions.Digamma(_topicSums[topic]);
    }

    /// <summary>Whether the topics are points β.</summary>
    internal bool HasPoints => Estimate != TopicEstimate.Variational;

    // The global bound costs a log-gamma for every term of every topic, and is asked for twice at the same θ.
    internal double? GlobalBound { get; set; }

    /// <summary>The same topics and α under another prior.</summary>
    internal LdaParameters WithPrior(TopicPrior prior) => new(_termTopic, _alpha, prior, Estimate);

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("term_topic", [Terms, Topics], _termTopic, HasPoints ? TensorConstraint.Real : TensorConstraint.Positive);
        // Where β is a mode, nothing estimates the concentrations: they are no free parameters.
        TensorConstraint concentration = Estimate == TopicEstimate.MaximumAPosteriori ? TensorConstraint.Fixed : TensorConstraint.Positive;
        visitor.Visit("alpha", [Topics], _alpha, concentration);
        if (Prior is null) return;
        visitor.Visit(Estimate == TopicEstimate.MaximumAPosteriori ? ModeConcentration : "eta", [], [Prior.Concentration], concentration);
        if (Prior.Seeds.Count == 0) return;
        visitor.Visit("seed_places", [Prior.Seeds.Count, 2], [.. Prior.Seeds.SelectMany(seed => new[] { seed.Topic, seed.Term })]);
        visitor.Visit("seed_counts", [Prior.Seeds.Count], [.. Prior.Seeds.Select(seed => seed.Count)], concentration);
    }

    /// <inheritdoc/>
    public static LdaParameters FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        int topics = tensors.Length("alpha", 0);
        double[] alpha = tensors.Doubles("alpha", TensorConstraint.Positive, topics);
        bool variational = tensors.Contains("eta");
        double[] termTopic = tensors.Doubles("term_topic", variational ? TensorConstraint.Positive : TensorConstraint.Real, -1, topics);
        if (alpha.Length == 0 || termTopic.Length == 0)
            throw new InvalidDataException("An LDA model needs at least one topic and one term; tensor 'term_topic' or 'alpha' is empty.");
        int terms = termTopic.Length / topics;
        if (variational) return new LdaParameters(termTopic, alpha, ReadPrior(tensors, "eta", terms, topics));
        LdaParameters parameters = tensors.Contains(ModeConcentration) ? ReadMode(tensors, termTopic, alpha) : new LdaParameters(termTopic, alpha, null);
        foreach (double value in termTopic)
            if (value < 0) throw new InvalidDataException("Tensor 'term_topic' has a probability below 0.");
        for (int topic = 0; topic < topics; topic++)
            if (Math.Abs(parameters._topicSums[topic] - 1) > 1e-6)
                throw new InvalidDataException($"Tensor 'term_topic': the probabilities of topic {topic} add up to {parameters._topicSums[topic]:R}, not to 1.");
        return parameters;
    }

    static LdaParameters ReadMode(TensorSet tensors, double[] termTopic, double[] alpha)
    {
        try
        {
            return MaximumAPosteriori(termTopic, alpha, ReadPrior(tensors, ModeConcentration, termTopic.Length / alpha.Length, alpha.Length));
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new InvalidDataException($"Tensor 'alpha' or '{ModeConcentration}': {error.Message}", error);
        }
    }

    static TopicPrior ReadPrior(TensorSet tensors, string name, int terms, int topics)
    {
        double concentration = tensors.Doubles(name, TensorConstraint.Positive)[0];
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
