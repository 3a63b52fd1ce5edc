using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Tests.Topics.Quality;

/// <summary>Models whose topics are written down.</summary>
static class HandMadeModel
{
    /// <summary>Topics as points; each row is one, and adds up to 1. Terms are called a, b, c, …</summary>
    public static TopicModel Of(params double[][] topics) => Of(new Vocabulary(Enumerable.Range(0, topics[0].Length).Select(term => $"{(char)('a' + term)}")), topics);

    public static TopicModel Of(Vocabulary vocabulary, double[][] topics, double[]? prevalence = null)
    {
        double[] termTopic = [.. Enumerable.Range(0, vocabulary.Count).SelectMany(term => topics.Select(topic => topic[term]))];
        return new TopicModel(new LdaParameters(termTopic, [.. topics.Select(_ => 0.1)], null), vocabulary, new TopicModelRecord
        {
            Prevalence = prevalence ?? [.. topics.Select(_ => 1.0 / topics.Length)],
            TermCounts = new long[vocabulary.Count],
            Bound = double.NaN,
            StopReason = StopReason.NotFitted,
            Traces = [],
            BestStart = 0,
            Options = new LdaOptions { Topics = topics.Length, Eta = null },
            KernelProfile = KernelProfiles.Current,
            Documents = 0,
            CorpusProperties = new Dictionary<string, string>(),
        });
    }

    /// <summary>Topics drawn from Dirichlet(0.1).</summary>
    public static double[][] Draw(ulong seed, int topics, int terms)
    {
        var random = new Philox(seed);
        double[] concentration = [.. Enumerable.Repeat(0.1, terms)];
        var rows = new double[topics][];
        for (int topic = 0; topic < topics; topic++) random.NextDirichlet(concentration, rows[topic] = new double[terms]);
        return rows;
    }
}
