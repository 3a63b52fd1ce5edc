using Elbo.Corpora;
using Elbo.Engine;

namespace Elbo.Topics.Quality;

/// <summary>What can be said of one topic.</summary>
public sealed record TopicQuality
{
    /// <summary>The topic's number.</summary>
    public required int Topic { get; init; }

    /// <summary><see cref="CoherenceMeasure.UMass"/>; null without documents to count in. As the other three, NaN for a topic of one term.</summary>
    public double? UMass { get; init; }

    /// <summary><see cref="CoherenceMeasure.Uci"/>; null without documents whose tokens have an order.</summary>
    public double? Uci { get; init; }

    /// <summary><see cref="CoherenceMeasure.Npmi"/>; null without documents whose tokens have an order.</summary>
    public double? Npmi { get; init; }

    /// <summary><see cref="CoherenceMeasure.Cv"/>; null without documents whose tokens have an order.</summary>
    public double? Cv { get; init; }

    /// <summary>How many of the topic's most probable terms occur in none of the documents; null without documents.</summary>
    public int? UnseenTerms { get; init; }

    /// <summary>Exclusivity (<see cref="TopicExclusivity.Of"/>) of its most probable terms on average, in [0, 1]; 1/K where all topics are the same.</summary>
    public required double Exclusivity { get; init; }

    /// <summary>FREX (<see cref="TopicExclusivity.Frex"/>) of its most probable terms on average, in (0, 1].</summary>
    public required double Frex { get; init; }

    /// <summary>exp H(E[β_k]): how many terms it is spread over, in [1, V]. Near V it has explained next to nothing.</summary>
    public required double EffectiveTerms { get; init; }

    /// <summary>The topic that it shares the most probability with; null where there is no other.</summary>
    public int? Nearest { get; init; }

    /// <summary>How much that is (<see cref="TopicMatching.Overlap(Topic, Topic)"/>); near 1 the two are the same twice.</summary>
    public double NearestOverlap { get; init; }
}

/// <summary>What can be said of the topics of a model: numbers to look at, none of which ranks models alone.</summary>
/// <param name="Topics">Topic by topic.</param>
/// <param name="Diversity">The share of distinct terms among the 25 most probable ones of all topics (Dieng, Ruiz, Blei 2020), in (0, 1].</param>
/// <param name="EffectiveTopics">exp H of the topics' prevalence: how many topics the training tokens are spread over, in [1, K].</param>
public sealed record ModelQuality(IReadOnlyList<TopicQuality> Topics, double Diversity, double EffectiveTopics)
{
    const int DiversityTerms = 25;

    /// <summary>Looks at a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="corpus">Where terms are counted for coherence: the training documents, or any others. Null leaves coherence out; a corpus without token order has UMass alone.</param>
    /// <param name="options">How many terms of a topic, which windows.</param>
    public static ModelQuality Of(TopicModel model, Corpus? corpus = null, CoherenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new CoherenceOptions();
        options.Validate();
        IReadOnlyList<TermProbability>[] tops = [.. model.Topics.Select(topic => topic.TopTerms(Math.Max(options.Terms, DiversityTerms)))];
        var topics = new TopicQuality[tops.Length];
        var exclusivity = new TopicExclusivity(model);
        double[][] rows = TopicRows.Of(model, model.Vocabulary);
        Crew.Run(options.Threads, topics.Length, (_, topic) => topics[topic] = Look(topic, rows, exclusivity, [.. tops[topic].Take(options.Terms).Select(term => term.Id)]));
        if (corpus is not null) Count([.. tops.Select(terms => terms.Select(term => term.Term).ToArray())], corpus, options, topics);
        string[] diverse = [.. tops.SelectMany(terms => terms.Take(DiversityTerms)).Select(term => term.Term)];
        return new ModelQuality(topics, (double)diverse.Distinct().Count() / diverse.Length, TopicRows.EffectiveNumber(model.Record.Prevalence));
    }

    static TopicQuality Look(int topic, double[][] rows, TopicExclusivity exclusivity, int[] top)
    {
        double[] shares = exclusivity.Of(topic), frex = exclusivity.Frex(topic);
        int? nearest = null;
        double overlap = 0;
        for (int other = 0; other < rows.Length; other++)
        {
            if (other == topic) continue;
            double shared = TopicMatching.Overlap(rows[topic], rows[other]);
            if (nearest is null || shared > overlap) (nearest, overlap) = (other, shared);
        }
        return new TopicQuality
        {
            Topic = topic,
            Exclusivity = top.Average(term => shares[term]),
            Frex = top.Average(term => frex[term]),
            EffectiveTerms = TopicRows.EffectiveNumber(rows[topic]),
            Nearest = nearest,
            NearestOverlap = overlap,
        };
    }

    static void Count(string[][] tops, Corpus corpus, CoherenceOptions options, TopicQuality[] topics)
    {
        int[][] ids = TopicCoherence.Ids(tops, corpus.Vocabulary, options.Terms);
        CooccurrenceCounts documents = TopicCoherence.Count(CoherenceMeasure.UMass, ids, corpus, options);
        double[] umass = TopicCoherence.Of(CoherenceMeasure.UMass, documents);
        for (int topic = 0; topic < topics.Length; topic++)
            topics[topic] = topics[topic] with { UMass = umass[topic], UnseenTerms = Enumerable.Range(0, ids[topic].Length).Count(i => documents.Together(topic, i, i) == 0) };
        if (!corpus.HasTokens) return;
        CooccurrenceCounts near = TopicCoherence.Count(CoherenceMeasure.Npmi, ids, corpus, options), far = TopicCoherence.Count(CoherenceMeasure.Cv, ids, corpus, options);
        double[] uci = TopicCoherence.Of(CoherenceMeasure.Uci, near), npmi = TopicCoherence.Of(CoherenceMeasure.Npmi, near), cv = TopicCoherence.Of(CoherenceMeasure.Cv, far);
        for (int topic = 0; topic < topics.Length; topic++) topics[topic] = topics[topic] with { Uci = uci[topic], Npmi = npmi[topic], Cv = cv[topic] };
    }
}
