using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;

namespace LdaPeers;

/// <summary>One evaluator for all: document completion with α = 0.1 for every topic, over tokens of terms that occur in training.</summary>
sealed class Scorer(Split split)
{
    const double Alpha = 0.1;

    readonly Corpus _observed = split.Observed, _heldOut = split.HeldOut;
    readonly long[] _termCounts = CountTerms(split.Train);

    /// <summary>Nats per held-out token. The topics are K rows of V weights.</summary>
    public double Score(double[] topicTerm, int topics)
    {
        int terms = topicTerm.Length / topics;
        var termTopic = new double[topicTerm.Length];
        for (int topic = 0; topic < topics; topic++)
        {
            ReadOnlySpan<double> row = topicTerm.AsSpan(topic * terms, terms);
            double sum = 0;
            foreach (double weight in row) sum += weight;
            for (int term = 0; term < terms; term++) termTopic[term * topics + topic] = row[term] / sum;
        }
        double[] alpha = new double[topics], even = new double[topics];
        Array.Fill(alpha, Alpha);
        Array.Fill(even, 1.0 / topics);
        // A record of no fit: scoring asks it for the counts of the terms alone.
        var model = new TopicModel(new LdaParameters(termTopic, alpha, null), _observed.Vocabulary, new TopicModelRecord
        {
            Prevalence = even,
            TermCounts = _termCounts,
            Bound = double.NaN,
            StopReason = StopReason.IterationLimit,
            Traces = [],
            BestStart = 0,
            Options = new LdaOptions { Topics = topics },
            KernelProfile = KernelProfiles.Current,
            Documents = 0,
            CorpusProperties = new Dictionary<string, string>(),
        });
        return DocumentCompletion.Score(model, _observed, _heldOut, Environment.ProcessorCount).Seen.PerToken;
    }

    static long[] CountTerms(Corpus corpus)
    {
        var counts = new long[corpus.Vocabulary.Count];
        for (int document = 0; document < corpus.DocumentCount; document++)
            foreach ((int term, int count) in corpus.Terms(document).ToArray().Zip(corpus.Counts(document).ToArray()))
                counts[term] += count;
        return counts;
    }
}
