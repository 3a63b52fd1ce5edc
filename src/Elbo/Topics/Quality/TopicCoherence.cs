using Elbo.Corpora;

namespace Elbo.Topics.Quality;

/// <summary>
/// Coherence: whether the most probable terms of a topic occur together in documents, which goes some way with what people find meaningful (Röder, Both, Hinneburg 2015).
/// Probabilities are shares of documents or windows, ε is 1e-12, and a topic's value is the mean over its pairs; equal to gensim's CoherenceModel wherever that is finite.
/// </summary>
/// <remarks>
/// Total: where one of two terms occurs in no window, PMI and NPMI are 0, and a vector of zeros has the cosine 0; UMass is 0 where the more probable term occurs in no document.
/// A topic of fewer than two terms has no pair, and NaN.
/// </remarks>
public static class TopicCoherence
{
    /// <summary>What to say wherever coherence is shown.</summary>
    public const string Caution = "Coherence alone does not rank models: boiler-plate that stands in every text is coherent too.";

    const double Epsilon = 1e-12;

    /// <summary>The coherence of every topic of a model, by its most probable terms.</summary>
    /// <param name="measure">The measure.</param>
    /// <param name="model">The model.</param>
    /// <param name="corpus">Where terms are counted: the training documents, or any others; terms are matched by name.</param>
    /// <param name="options">How many terms, which windows.</param>
    /// <exception cref="ArgumentException">The measure counts windows, and the corpus has no order of tokens.</exception>
    public static IReadOnlyList<double> Of(CoherenceMeasure measure, TopicModel model, Corpus corpus, CoherenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new CoherenceOptions();
        options.Validate();
        return Of(measure, [.. model.Topics.Select(topic => topic.TopTerms(options.Terms).Select(term => term.Term).ToArray())], corpus, options);
    }

    /// <summary>The coherence of topics that are given by their terms, the most probable first.</summary>
    /// <param name="measure">The measure.</param>
    /// <param name="topics">Each topic's terms, no term twice; at most <see cref="CoherenceOptions.Terms"/> of them are looked at.</param>
    /// <param name="corpus">Where terms are counted.</param>
    /// <param name="options">How many terms, which windows.</param>
    /// <exception cref="ArgumentException">The measure counts windows, and the corpus has no order of tokens; or a topic has a term twice.</exception>
    public static IReadOnlyList<double> Of(CoherenceMeasure measure, IReadOnlyList<IReadOnlyList<string>> topics, Corpus corpus, CoherenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(topics);
        ArgumentNullException.ThrowIfNull(corpus);
        options ??= new CoherenceOptions();
        options.Validate();
        return Of(measure, Count(measure, Ids(topics, corpus.Vocabulary, options.Terms), corpus, options));
    }

    /// <summary>Counts what a measure is made of; UCI and NPMI are made of the same.</summary>
    internal static CooccurrenceCounts Count(CoherenceMeasure measure, IReadOnlyList<int[]> topics, Corpus corpus, CoherenceOptions options)
    {
        if (measure == CoherenceMeasure.UMass) return CooccurrenceCounts.OfDocuments(topics, corpus, options.Threads);
        if (!corpus.HasTokens)
            throw new ArgumentException($"{measure} counts windows of tokens, and this corpus has no token order: it was read from counts (lda-c or UCI). Make it from text, or take {CoherenceMeasure.UMass}, which counts documents.", nameof(corpus));
        return CooccurrenceCounts.OfWindows(topics, corpus, options.WindowOf(measure), options.Counting, options.Threads);
    }

    internal static double[] Of(CoherenceMeasure measure, CooccurrenceCounts counts) => [.. Enumerable.Range(0, counts.Topics).Select(topic => measure switch
    {
        CoherenceMeasure.UMass => Mean(counts, topic, (i, j) => LogConditional(counts, topic, i, j)),
        CoherenceMeasure.Uci => Mean(counts, topic, (i, j) => MutualInformation(counts, topic, i, j)),
        CoherenceMeasure.Npmi => Mean(counts, topic, (i, j) => Normalized(counts, topic, i, j)),
        CoherenceMeasure.Cv => Cosine(counts, topic),
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "There is no such measure."),
    })];

    /// <summary>Ids of the terms that are looked at; −1 for those that the corpus does not have.</summary>
    internal static int[][] Ids(IReadOnlyList<IReadOnlyList<string>> topics, Vocabulary vocabulary, int most)
    {
        for (int topic = 0; topic < topics.Count; topic++)
        {
            var seen = new HashSet<string>();
            foreach (string term in topics[topic].Take(most))
                if (!seen.Add(term)) throw new ArgumentException($"Topic {topic} has the term '{term}' twice.", nameof(topics));
        }
        return [.. topics.Select(terms => terms.Take(most).Select(vocabulary.IndexOf).ToArray())];
    }

    // Over i > j: all measures but UMass, whose j is the more probable term, are the same both ways.
    static double Mean(CooccurrenceCounts counts, int topic, Func<int, int, double> confirmation)
    {
        int terms = counts.Terms(topic);
        double sum = 0;
        for (int i = 1; i < terms; i++)
            for (int j = 0; j < i; j++)
                sum += confirmation(i, j);
        return sum / (terms * (terms - 1) / 2);
    }

    static double LogConditional(CooccurrenceCounts counts, int topic, int i, int j)
    {
        long given = counts.Together(topic, j, j);
        return given == 0 ? 0 : Math.Log((Share(counts, topic, i, j) + Epsilon) / Share(counts, topic, j, j));
    }

    static double MutualInformation(CooccurrenceCounts counts, int topic, int i, int j)
    {
        if (counts.Together(topic, i, i) == 0 || counts.Together(topic, j, j) == 0) return 0;
        return Math.Log((Share(counts, topic, i, j) + Epsilon) / (Share(counts, topic, i, i) * Share(counts, topic, j, j)));
    }

    static double Normalized(CooccurrenceCounts counts, int topic, int i, int j) =>
        MutualInformation(counts, topic, i, j) is not 0 and var information ? information / -Math.Log(Share(counts, topic, i, j) + Epsilon) : 0;

    static double Share(CooccurrenceCounts counts, int topic, int i, int j) => (double)counts.Together(topic, i, j) / counts.Places;

    // The vector of a term: its NPMI with every term, itself too; that of the topic: the sum of these.
    static double Cosine(CooccurrenceCounts counts, int topic)
    {
        int terms = counts.Terms(topic);
        if (terms < 2) return double.NaN;
        var vectors = new double[terms][];
        var whole = new double[terms];
        for (int i = 0; i < terms; i++)
        {
            vectors[i] = [.. Enumerable.Range(0, terms).Select(j => Normalized(counts, topic, i, j))];
            for (int j = 0; j < terms; j++) whole[j] += vectors[i][j];
        }
        double sum = 0;
        foreach (double[] vector in vectors)
        {
            double lengths = Math.Sqrt(Product(vector, vector)) * Math.Sqrt(Product(whole, whole));
            if (lengths > 0) sum += Product(vector, whole) / lengths;
        }
        return sum / terms;
    }

    static double Product(double[] first, double[] second)
    {
        double sum = 0;
        for (int i = 0; i < first.Length; i++) sum += first[i] * second[i];
        return sum;
    }
}
