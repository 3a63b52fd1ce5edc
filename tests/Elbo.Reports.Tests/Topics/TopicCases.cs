using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Reports.Tests.Topics;

/// <summary>Models and corpora with known content.</summary>
static class TopicCases
{
    /// <summary>A model of given topics that add up to 1, as if it had been fitted.</summary>
    public static TopicModel Model(double[][] topics, double[]? prevalence = null, long[]? counts = null, TopicModelRecord? record = null, Vocabulary? vocabulary = null)
    {
        int terms = topics[0].Length;
        double[] table = [.. Enumerable.Range(0, terms).SelectMany(term => topics.Select(topic => topic[term]))];
        double[] alpha = [.. topics.Select(_ => 0.1)], shares = prevalence ?? [.. topics.Select(_ => 1.0 / topics.Length)];
        return new TopicModel(new LdaParameters(table, alpha, null), vocabulary ?? Vocabulary.Numbered(terms), (record ?? Record()) with { Prevalence = shares, TermCounts = counts ?? [.. Enumerable.Range(0, terms).Select(term => (long)term + 1)] });
    }

    public static TopicModelRecord Record() => new()
    {
        Prevalence = [],
        TermCounts = [],
        Bound = double.NaN,
        StopReason = StopReason.NotFitted,
        Traces = [],
        BestStart = 0,
        Options = new LdaOptions(),
        KernelProfile = KernelProfile.Portable,
        Documents = 10,
        CorpusProperties = new Dictionary<string, string>(),
    };

    /// <summary>Topics drawn from a Dirichlet distribution.</summary>
    public static double[][] Topics(ulong seed, int topics, int terms, double concentration)
    {
        var random = new Philox(seed);
        double[] prior = [.. Enumerable.Repeat(concentration, terms)];
        return [.. Enumerable.Range(0, topics).Select(_ =>
        {
            var topic = new double[terms];
            random.NextDirichlet(prior, topic);
            return topic;
        })];
    }

    /// <summary>Documents of words on three themes, in order, with years as labels.</summary>
    public static (Corpus Corpus, Dictionary<int, string> Texts) Texts(int documents)
    {
        string[][] themes = [["market", "price", "stock", "trade"], ["doctor", "health", "patient", "nurse"], ["team", "game", "player", "coach"]];
        var vocabulary = new Vocabulary(themes.SelectMany(theme => theme).Order(StringComparer.Ordinal));
        var builder = new CorpusBuilder(vocabulary);
        var texts = new Dictionary<int, string>();
        var random = new Philox(4);
        for (int document = 0; document < documents; document++)
        {
            string[] words = [.. Enumerable.Range(0, 20).Select(_ => themes[random.NextDouble() < 0.85 ? document % 3 : random.NextInt32(3)][random.NextInt32(4)])];
            string text = "The " + string.Join(" and the ", words) + ".";
            var (tokens, starts, lengths) = (new List<int>(), new List<int>(), new List<int>());
            int at = 0;
            foreach (string word in words)
            {
                at = text.IndexOf(word, at, StringComparison.Ordinal);
                tokens.Add(vocabulary.IndexOf(word));
                starts.Add(at);
                lengths.Add(word.Length);
                at += word.Length;
            }
            builder.Add([.. tokens], [.. starts], [.. lengths], $"d{document}", $"{1990 + document % 3}", $"file.csv:row {document + 1}");
            texts[document] = text;
        }
        return (builder.Build(), texts);
    }
}
