using Elbo.Corpora;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>First guesses of the topics.</summary>
static class LdaStarts
{
    const int SampledDocumentsPerTopic = 5;

    /// <summary>θ₀ of a numbered start; the same seed and number give the same bits.</summary>
    public static LdaParameters Create(Corpus corpus, LdaOptions options, int start)
    {
        int terms = corpus.Vocabulary.Count;
        Philox random = Philox.ForStream(options.Seed, (ulong)start);
        double[] termTopic = options.Start == TopicStart.Random
            ? DrawWeights(terms * options.Topics, random)
            : SampleDocuments(corpus, options, random);
        return FromWeights(termTopic, options, corpus.Vocabulary);
    }

    /// <summary>θ₀ from given topics.</summary>
    /// <param name="weights">Terms × topics, ≥ 0; each topic is normalised. With a prior, λ = η + the weights scaled to the corpus's tokens shared evenly between the topics, and so β for MAP.</param>
    /// <param name="corpus">The corpus to fit.</param>
    /// <param name="options">α, η and seeds.</param>
    public static LdaParameters FromTopics(double[] weights, Corpus corpus, LdaOptions options)
    {
        if (weights.Length != (long)corpus.Vocabulary.Count * options.Topics)
            throw new ArgumentException($"The given topics have {weights.Length} weights; {corpus.Vocabulary.Count} terms × {options.Topics} topics need {(long)corpus.Vocabulary.Count * options.Topics}.", nameof(weights));
        double[] normalized = Normalize(weights, options.Topics);
        if (options.Eta is null) return FromWeights(normalized, options, corpus.Vocabulary);
        double share = (double)corpus.TokenCount / options.Topics;
        for (int i = 0; i < normalized.Length; i++) normalized[i] = options.Eta.Value + share * normalized[i];
        return FromWeights(normalized, options, corpus.Vocabulary);
    }

    static LdaParameters FromWeights(double[] termTopic, LdaOptions options, Vocabulary vocabulary)
    {
        var alpha = new double[options.Topics];
        Array.Fill(alpha, options.Alpha);
        if (options.EStep == TopicEStep.Map) return FromWeightsForMap(termTopic, alpha, options, vocabulary);
        if (options.Eta is not { } eta)
            return new LdaParameters(Normalize(termTopic, options.Topics), alpha, null);
        return new LdaParameters(termTopic, alpha, new TopicPrior(eta, Guide(termTopic, options, vocabulary)));
    }

    static LdaParameters FromWeightsForMap(double[] termTopic, double[] alpha, LdaOptions options, Vocabulary vocabulary)
    {
        // Added counts are concentrations less 1.
        foreach (ref double value in alpha.AsSpan()) value += 1;
        TopicSeed[] seeds = Guide(termTopic, options, vocabulary);
        return LdaParameters.MaximumAPosteriori(Normalize(termTopic, options.Topics), alpha, new TopicPrior(1 + (options.Eta ?? 0), seeds));
    }

    // Adds the guides' counts to the weights.
    static TopicSeed[] Guide(double[] termTopic, LdaOptions options, Vocabulary vocabulary)
    {
        TopicSeed[] seeds = [.. Seeds(options, vocabulary)];
        foreach (TopicSeed seed in seeds) termTopic[seed.Term * options.Topics + seed.Topic] += seed.Count;
        return seeds;
    }

    static IEnumerable<TopicSeed> Seeds(LdaOptions options, Vocabulary vocabulary)
    {
        foreach (GuidedTopic guided in options.GuidedTopics)
        {
            if ((uint)guided.Topic >= (uint)options.Topics)
                throw new ArgumentException($"Topic {guided.Topic} is guided, but there are {options.Topics} topics (0 to {options.Topics - 1}).", nameof(options));
            foreach (string term in guided.Terms)
            {
                int id = vocabulary.IndexOf(term);
                if (id < 0)
                    throw new ArgumentException($"Topic {guided.Topic} is guided towards '{term}', which is not in the vocabulary. Check its spelling and case, and whether the text settings dropped it.", nameof(options));
                yield return new TopicSeed(guided.Topic, id, guided.Count);
            }
        }
    }

    static double[] DrawWeights(int count, Philox random)
    {
        var weights = new double[count];
        for (int i = 0; i < count; i++) weights[i] = random.NextGamma(100) / 100;
        return weights;
    }

    // Topics that are guided begin with their guide alone: a sampled document may speak of another topic's terms.
    static double[] SampleDocuments(Corpus corpus, LdaOptions options, Philox random)
    {
        int topics = options.Topics;
        HashSet<int> guided = [.. options.GuidedTopics.Select(topic => topic.Topic)];
        var weights = new double[checked(corpus.Vocabulary.Count * topics)];
        Array.Fill(weights, 1.0);
        long unreleased = 0;
        for (int topic = 0; topic < topics; topic++)
        {
            if (guided.Contains(topic)) continue;
            for (int draw = 0; draw < SampledDocumentsPerTopic; draw++)
            {
                int document = random.NextInt32(corpus.DocumentCount);
                ReadOnlySpan<int> terms = corpus.Terms(document), counts = corpus.Counts(document);
                for (int i = 0; i < terms.Length; i++) weights[terms[i] * topics + topic] += counts[i];
                corpus.ReleaseAfter(ref unreleased, CorpusFile.EntriesAround);
            }
        }
        return weights;
    }

    static double[] Normalize(double[] weights, int topics)
    {
        var sums = new double[topics];
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0) || !double.IsFinite(weights[i]))
                throw new ArgumentException($"Topic {i % topics} has the weight {weights[i]} for term {i / topics}; weights must be finite and 0 or more.", nameof(weights));
            sums[i % topics] += weights[i];
        }
        var normalized = new double[weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(sums[i % topics] > 0))
                throw new ArgumentException($"Topic {i % topics} has no weight at all.", nameof(weights));
            normalized[i] = weights[i] / sums[i % topics];
        }
        return normalized;
    }
}
