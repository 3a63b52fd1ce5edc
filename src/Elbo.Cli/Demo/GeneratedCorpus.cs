using System.Globalization;
using Elbo.Corpora;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Cli.Demo;

/// <summary>
/// Documents drawn from LDA itself, so that the truth is known: long ones from sharp topics, which a fit should recover. Terms are named after
/// the topic that they are likeliest in: t3.1 is the first term of topic 3.
/// </summary>
sealed class GeneratedCorpus
{
    const int TermsPerTopic = 50, TrainingDocuments = 1000, HeldOutDocuments = 200, Length = 300;

    // Below 1 a topic is sharp: few terms carry it.
    const double TopicConcentration = 0.05;

    readonly int _topics;
    readonly int _terms;
    readonly double[][] _truth;
    readonly double[] _alpha;
    readonly ulong _seed;

    public GeneratedCorpus(int topics, double alpha, ulong seed)
    {
        _topics = topics;
        _terms = checked(topics * TermsPerTopic);
        _seed = seed;
        _alpha = [.. Enumerable.Repeat(alpha, topics)];
        double[] concentration = [.. Enumerable.Repeat(TopicConcentration, _terms)];
        _truth = new double[topics][];
        for (int topic = 0; topic < topics; topic++)
        {
            _truth[topic] = new double[_terms];
            Philox.ForStream(seed, (ulong)topic).NextDirichlet(concentration, _truth[topic]);
        }
        Vocabulary = new Vocabulary(Names());
        Training = Draw(0, TrainingDocuments);
        HeldOut = Draw(TrainingDocuments, HeldOutDocuments);
    }

    public Vocabulary Vocabulary { get; }

    public Corpus Training { get; }

    public Corpus HeldOut { get; }

    /// <summary>The topics that the documents were drawn from, each a distribution over terms.</summary>
    public IReadOnlyList<double[]> Truth => _truth;

    /// <summary>The model that the documents were drawn from: no fit can be expected to score better. It has no trace, because nobody fitted it.</summary>
    public TopicModel Oracle(TopicModel fitted)
    {
        var termTopic = new double[_terms * _topics];
        for (int i = 0; i < termTopic.Length; i++) termTopic[i] = _truth[i % _topics][i / _topics];
        return new TopicModel(new LdaParameters(termTopic, _alpha, null), Vocabulary, fitted.Record with { Prevalence = [.. Enumerable.Repeat(1.0 / _topics, _topics)] });
    }

    string[] Names()
    {
        var names = new string[_terms];
        // By falling probability in the likeliest topic, so that the numbers are ranks.
        IEnumerable<IGrouping<int, int>> groups = Enumerable.Range(0, _terms).GroupBy(term => Enumerable.Range(0, _topics).MaxBy(topic => _truth[topic][term]));
        foreach (IGrouping<int, int> group in groups)
        {
            int rank = 0;
            foreach (int term in group.OrderByDescending(term => _truth[group.Key][term]))
                names[term] = string.Create(CultureInfo.InvariantCulture, $"t{group.Key}.{++rank}");
        }
        return names;
    }

    Corpus Draw(int first, int count)
    {
        double[][] topics = [.. _truth.Select(Cumulative)];
        var builder = new CorpusBuilder(Vocabulary);
        var proportions = new double[_topics];
        for (int document = first; document < first + count; document++)
        {
            var random = Philox.ForStream(_seed, (ulong)(_topics + document));
            random.NextDirichlet(_alpha, proportions);
            double[] cumulative = Cumulative(proportions);
            var counts = new SortedDictionary<int, int>();
            for (int token = 0; token < Length; token++)
            {
                int term = Pick(topics[Pick(cumulative, random)], random);
                counts[term] = counts.GetValueOrDefault(term) + 1;
            }
            builder.Add(counts.Select(pair => (pair.Key, pair.Value)));
        }
        return builder.Build();
    }

    static double[] Cumulative(double[] probabilities)
    {
        var sums = new double[probabilities.Length];
        double sum = 0;
        for (int i = 0; i < sums.Length; i++) sums[i] = sum += probabilities[i];
        return sums;
    }

    static int Pick(double[] cumulative, Philox random)
    {
        int found = Array.BinarySearch(cumulative, random.NextDouble() * cumulative[^1]);
        return Math.Min(found < 0 ? ~found : found + 1, cumulative.Length - 1);
    }
}
