using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>
/// The mean-field pass that ends a fit by sweeps: cold, in single precision, at the topics that were found and without another M-step. It gives them their ELBO, whatever
/// they were found by, and the share of the tokens that each explains.
/// </summary>
static class ClosingPass
{
    /// <summary>Runs it.</summary>
    /// <param name="corpus">The documents.</param>
    /// <param name="parameters">α and the topics.</param>
    /// <param name="options">Of the documents' fixed points.</param>
    /// <param name="number">What its record is numbered.</param>
    /// <param name="threads">How many to work with.</param>
    public static (Iteration Record, double[] Prevalence) Run(Corpus corpus, LdaParameters parameters, DocumentOptions options, int number, int threads)
    {
        var shards = new DocumentShards(corpus);
        ISingleMeanField tables = KernelProfiles.Run(KernelProfiles.Current, new SingleMeanFieldMaker(parameters, options));
        var found = new (LocalBound Bound, double[] Counts)[shards.Count];
        var workers = new ISingleDocument[threads];
        var unreleased = new long[threads];
        Crew.Run(threads, shards.Count, (worker, shard) =>
        {
            DocumentBatch batch = shards.Read(shard);
            found[shard] = OfDocuments(workers[worker] ??= tables.Worker(), corpus, batch.First, batch.Count, parameters.Topics);
            corpus.ReleaseAfter(ref unreleased[worker], DocumentShards.TokensPerShard);
        });
        LocalBound sum = default;
        var counts = new double[parameters.Topics];
        double scale = 1;
        foreach ((LocalBound bound, double[] own) in found)
        {
            sum = Add(sum, bound);
            scale += Math.Abs(bound.ExpectedLogJoint) + Math.Abs(bound.Entropy);
            for (int topic = 0; topic < counts.Length; topic++) counts[topic] += own[topic];
        }
        double globalBound = new LdaModel().GlobalBound(parameters), total = counts.Sum();
        return (new Iteration
        {
            Number = number,
            Segment = TopicModel.ClosingSegment,
            Guarantee = Guarantee.None,
            Own = new HalfStep(sum.ExpectedLogJoint, sum.Entropy, globalBound, null),
            Terms = sum.Terms,
            Scale = scale + Math.Abs(globalBound),
            Elapsed = TimeSpan.Zero,
        }, [.. counts.Select(count => count / total)]);
    }

    static (LocalBound, double[]) OfDocuments(ISingleDocument worker, Corpus corpus, int first, int count, int topics)
    {
        LocalBound sum = default;
        var counts = new double[topics];
        for (int document = first; document < first + count; document++)
        {
            worker.Run(corpus.Terms(document), corpus.Counts(document));
            sum = Add(sum, worker.Bound(corpus.Terms(document), corpus.Counts(document)));
            for (int topic = 0; topic < topics; topic++) counts[topic] += worker.Expected[topic];
        }
        return (sum, counts);
    }

    static LocalBound Add(LocalBound sum, LocalBound other)
    {
        BoundTerms terms = sum.Terms;
        for (int i = 0; i < BoundTerms.Capacity; i++) terms[i] += other.Terms[i];
        return new LocalBound(sum.ExpectedLogJoint + other.ExpectedLogJoint, sum.Entropy + other.Entropy, null) { Terms = terms };
    }
}
