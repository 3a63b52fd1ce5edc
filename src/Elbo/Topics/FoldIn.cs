using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics.Sweeps;

namespace Elbo.Topics;

/// <summary>γ of documents at fixed parameters, cold, shard after shard in order, several shards at once.</summary>
static class FoldIn
{
    /// <summary>Yields, for each shard in order, its first document and γ of its documents, row after row.</summary>
    public static IEnumerable<(int First, double[] Gamma)> Run(Corpus corpus, LdaParameters parameters, DocumentOptions options, Precision precision, int threads)
    {
        if (corpus.DocumentCount == 0) yield break;
        var shards = new DocumentShards(corpus);
        Func<int, int, double[]> find = precision == Precision.Double ? InDouble(corpus, parameters, options) : InSingle(corpus, parameters, options);
        for (int start = 0; start < shards.Count; start += threads)
        {
            var found = new (int First, double[] Gamma)[Math.Min(threads, shards.Count - start)];
            Crew.Run(threads, found.Length, (_, i) =>
            {
                DocumentBatch batch = shards.Read(start + i);
                found[i] = (batch.First, find(batch.First, batch.Count));
            });
            foreach ((int, double[]) shard in found) yield return shard;
        }
    }

    static Func<int, int, double[]> InDouble(Corpus corpus, LdaParameters parameters, DocumentOptions options)
    {
        var eStep = new LdaEStep(DocumentStart.Cold, options);
        return (first, count) =>
        {
            var gamma = new double[count * parameters.Topics];
            eStep.Prepare(parameters).Accumulate(new DocumentBatch(corpus, first, count) { Gamma = gamma }, new LdaStatistics(parameters.Terms, parameters.Topics));
            return gamma;
        };
    }

    static Func<int, int, double[]> InSingle(Corpus corpus, LdaParameters parameters, DocumentOptions options)
    {
        ISingleMeanField tables = KernelProfiles.Run(KernelProfiles.Current, new SingleMeanFieldMaker(parameters, options));
        return (first, count) =>
        {
            int topics = parameters.Topics;
            var gamma = new double[count * topics];
            ISingleDocument document = tables.Worker();
            for (int i = 0; i < count; i++)
            {
                document.Run(corpus.Terms(first + i), corpus.Counts(first + i));
                for (int topic = 0; topic < topics; topic++) gamma[i * topics + topic] = parameters.Alpha[topic] + document.Expected[topic];
            }
            return gamma;
        };
    }
}
