using Elbo.Corpora;
using Elbo.Numerics;
using Elbo.Topics;
using Elbo.Topics.Sweeps;

namespace Elbo.Tests.Topics.Sweeps;

/// <summary>Small pieces of what the fast E-steps work on, on the lanes of any profile.</summary>
static class SweepCases
{
    public static TheoryData<KernelProfile> Profiles => [.. KernelProfiles.Available];

    /// <summary>A table of counts with every cell above 0, and a corpus that they could have come from.</summary>
    public static (Corpus Corpus, CountTable Counts) Draw(ulong seed, int documents, int terms, int tokens, int topics)
    {
        Corpus corpus = SmallCorpora.Random(seed, documents, terms, tokens);
        return (corpus, Counts(seed + 1, terms, topics, corpus.TokenCount));
    }

    public static CountTable Counts(ulong seed, int terms, int topics, long tokens)
    {
        var random = new Philox(seed);
        var weights = new double[terms * topics];
        for (int i = 0; i < weights.Length; i++) weights[i] = random.NextGamma(0.5) + 1e-3;
        var alpha = new double[topics];
        Array.Fill(alpha, 0.1);
        return CountTable.FromStart(new LdaParameters(weights, alpha, new TopicPrior(0.01)), tokens);
    }

    public static SweepPrior Prior(int topics, double alpha = 0.1, double eta = 0.05) => new([.. Enumerable.Repeat(alpha, topics)], eta);

    public static float[] Values(CountTable counts) => [.. Enumerable.Range(0, counts.Terms).SelectMany(term => counts.Span(term).ToArray())];

    public static ISweepLearner Learner(KernelProfile profile, CountTable counts, SweepPrior prior, DocumentOptions options, bool points, int threads = 1) =>
        KernelProfiles.Run(profile, new Making(counts, prior, options, points, threads));

    public static ICollapsedLearner Collapsed(KernelProfile profile, Corpus corpus, CountTable counts, SweepPrior prior, int threads = 1) =>
        KernelProfiles.Run(profile, new MakingCollapsed(corpus, counts, prior, threads));

    readonly struct Making(CountTable counts, SweepPrior prior, DocumentOptions options, bool points, int threads) : ISingleLanesVisitor<ISweepLearner>
    {
        public ISweepLearner Visit<TLanes>() where TLanes : struct, ISingleLanes<TLanes> => points
            ? new SweepLearner<TLanes, PointProportions<TLanes>>(counts, prior, options, threads)
            : new SweepLearner<TLanes, MeanFieldProportions<TLanes>>(counts, prior, options, threads);
    }

    readonly struct MakingCollapsed(Corpus corpus, CountTable counts, SweepPrior prior, int threads) : ISingleLanesVisitor<ICollapsedLearner>
    {
        public ICollapsedLearner Visit<TLanes>() where TLanes : struct, ISingleLanes<TLanes> =>
            new CollapsedLearner<TLanes>(corpus, [.. Enumerable.Range(0, corpus.DocumentCount)], counts, prior, new DocumentOptions { MaximumUpdates = 8 }, threads, CancellationToken.None);
    }
}
