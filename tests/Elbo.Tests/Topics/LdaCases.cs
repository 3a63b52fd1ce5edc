using CsCheck;
using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Topics;

namespace Elbo.Tests.Topics;

/// <summary>Random small fits of LDA, and exact comparison.</summary>
static class LdaCases
{
    static readonly Gen<Corpus> Corpora =
        from terms in Gen.Int[1, 8]
        from documents in Gen.Dictionary(Gen.Int[0, terms - 1], Gen.Int[1, 9])[0, terms].Array[1, 6]
        where documents.Any(document => document.Count > 0)
        select Build(terms, [.. documents.Select(document => document.Select(pair => (pair.Key, pair.Value)).ToArray())]);

    /// <summary>All that can be estimated or held fixed, topics as points or with a prior, E-steps run to the end or broken off.</summary>
    public static readonly Gen<(Corpus Corpus, LdaOptions Options)> Fits =
        from corpus in Corpora
        from topics in Gen.Int[1, 5]
        from seed in Gen.ULong
        from alpha in Gen.Double[-2, 1].Select(power => Math.Pow(10, power))
        from eta in Gen.Double[-2, 0.5].Select(power => Math.Pow(10, power))
        from smoothed in Gen.Bool
        from updateAlpha in Gen.Enum<ConcentrationUpdate>()
        from updateEta in Gen.Bool
        from start in Gen.Enum<TopicStart>()
        from updates in Gen.Int[0, 2].Select(choice => choice switch { 0 => 1, 1 => 3, _ => 200 })
        select (corpus, new LdaOptions
        {
            Topics = topics,
            Seed = seed,
            Alpha = alpha,
            Eta = smoothed ? eta : null,
            UpdateAlpha = updateAlpha,
            Start = start,
            UpdateEta = smoothed && updateEta,
            Document = new DocumentOptions { MaximumUpdates = updates },
            MaximumIterations = 12,
            RelativeTolerance = 0,
            Threads = 1,
        });

    public static Corpus Build(int terms, params (int Term, int Count)[][] documents)
    {
        var builder = new CorpusBuilder(Vocabulary.Numbered(terms));
        foreach ((int, int)[] document in documents) builder.Add(document);
        return builder.Build();
    }

    /// <summary>A model that was not fitted.</summary>
    public static TopicModel Model(LdaParameters parameters, Vocabulary vocabulary, long[]? termCounts = null) => new(parameters, vocabulary, new TopicModelRecord
    {
        Prevalence = [.. Enumerable.Repeat(1.0 / parameters.Topics, parameters.Topics)],
        TermCounts = termCounts ?? [.. Enumerable.Repeat(1L, vocabulary.Count)],
        Bound = -1,
        StopReason = StopReason.Converged,
        Traces = [[]],
        BestStart = 0,
        Options = new LdaOptions { Topics = parameters.Topics, Threads = 1 },
        KernelProfile = Elbo.Numerics.KernelProfiles.Current,
        Documents = 1,
        CorpusProperties = new Dictionary<string, string>(),
    });

    public static void AssertBits(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(BitConverter.DoubleToInt64Bits(expected[i]) == BitConverter.DoubleToInt64Bits(actual[i]), $"Value {i} is {actual[i]:R} where it was {expected[i]:R}.");
    }

    /// <summary>Two fits are the same to the last bit: parameters, shares, traces, the choice of the start.</summary>
    public static void AssertBits(TopicModel expected, TopicModel actual)
    {
        AssertBits(expected.Parameters.TermTopic, actual.Parameters.TermTopic);
        AssertBits(expected.Parameters.Alpha, actual.Parameters.Alpha);
        Assert.Equal(expected.Parameters.Prior?.Concentration, actual.Parameters.Prior?.Concentration);
        AssertBits([expected.Bound, .. expected.Record.Prevalence], [actual.Bound, .. actual.Record.Prevalence]);
        Assert.Equal(expected.Record.BestStart, actual.Record.BestStart);
        Assert.Equal(expected.Record.StopReason, actual.Record.StopReason);
        Assert.Equal(expected.Record.Traces.Count, actual.Record.Traces.Count);
        // Records compare every number exactly.
        foreach ((IReadOnlyList<Iteration> one, IReadOnlyList<Iteration> two) in expected.Record.Traces.Zip(actual.Record.Traces))
            Assert.Equal(one.Select(record => record with { Elapsed = default }), two.Select(record => record with { Elapsed = default }));
    }

    /// <summary>Within stretches that promise ascent the objective never fell beyond the invariant.</summary>
    public static void AssertNoFall(IReadOnlyList<Iteration> trace)
    {
        for (int t = 1; t < trace.Count; t++)
        {
            if (trace[t].Guarantee == Guarantee.None || trace[t].Segment != trace[t - 1].Segment) continue;
            double change = trace[t].Objective - trace[t - 1].Objective;
            Assert.True(change >= -1e-10 * trace[t].Scale, $"The objective changed by {change:R} in iteration {trace[t].Number}.");
        }
    }
}
