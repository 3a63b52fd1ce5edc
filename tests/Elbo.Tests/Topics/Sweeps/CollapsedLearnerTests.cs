using Elbo.Corpora;
using Elbo.Numerics;
using Elbo.Topics;
using Elbo.Topics.Sweeps;

namespace Elbo.Tests.Topics.Sweeps;

public sealed class CollapsedLearnerTests
{
    static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    public static TheoryData<KernelProfile> Profiles => SweepCases.Profiles;

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Counts_are_those_of_the_responsibilities_after_every_pass(KernelProfile profile)
    {
        (Corpus corpus, CountTable counts) = SweepCases.Draw(3, documents: 200, terms: 120, tokens: 90, topics: 50);
        ICollapsedLearner learner = SweepCases.Collapsed(profile, corpus, counts, SweepCases.Prior(50));
        for (int pass = 0; pass < 12; pass++)
        {
            double moved = learner.Pass(Token);
            Assert.InRange(moved, 0, corpus.TokenCount);
            // Of terms, and of documents: each counts every token once.
            var sums = new double[50];
            int document = 0;
            foreach (float[] expected in learner.Documents())
            {
                for (int topic = 0; topic < 50; topic++) sums[topic] += Math.Max(0, expected[topic]);
                Assert.Equal(SweepOrder.Tokens(corpus, document++), expected.Sum(value => Math.Max(0, value)), 0.02);
            }
            for (int topic = 0; topic < 50; topic++) Assert.Equal(sums[topic], counts.Sums[topic], 0.02 + 1e-4 * sums[topic]);
            for (int term = 0; term < counts.Terms; term++) Assert.All(counts.Span(term).ToArray(), value => Assert.True(value > -1e-2));
        }
    }

    /// <summary>One document: all of its counts are its own, and γ ∝ (α + n_k − cγ)(η + n_kv − cγ)/(Vη + n_k), by a plain loop.</summary>
    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_sweep_is_what_the_formula_says(KernelProfile profile)
    {
        const int topics = 5;
        (Corpus corpus, CountTable counts) = SweepCases.Draw(7, documents: 1, terms: 3, tokens: 300, topics);
        SweepPrior prior = SweepCases.Prior(topics, alpha: 0.3, eta: 0.2);
        ICollapsedLearner learner = SweepCases.Collapsed(profile, corpus, counts, prior);
        float[] before = learner.Documents().Single();
        int[] active = [.. Enumerable.Range(0, topics).Where(topic => before[topic] >= 0.3)];
        Assert.True(active.Length >= 2);
        // Fewer than four terms are taken one by one; a term's row is its responsibility times its count.
        int[] own = corpus.Terms(0).ToArray(), tokens = corpus.Counts(0).ToArray();
        double[] document = [.. before.Select(value => (double)value)], sums = [.. counts.Sums];
        var expected = new double[own.Length, topics];
        for (int n = 0; n < own.Length; n++)
        {
            double[] row = [.. counts.Span(own[n]).ToArray().Select(value => (double)value)];
            var weights = new double[topics];
            foreach (int topic in Enumerable.Range(0, topics).Where(topic => before[topic] > 0))
                weights[topic] = (prior.Alpha[topic] + document[topic] - row[topic]) * (prior.Eta + row[topic] - row[topic]) / (counts.Terms * prior.Eta + sums[topic]);
            double total = weights.Sum();
            for (int topic = 0; topic < topics; topic++)
            {
                expected[n, topic] = tokens[n] * weights[topic] / total;
                document[topic] += expected[n, topic] - row[topic];
            }
        }
        learner.Pass(Token);
        for (int n = 0; n < own.Length; n++)
            for (int topic = 0; topic < topics; topic++) Assert.Equal(expected[n, topic], counts.Span(own[n])[topic], 0.02);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        float[]? one = null;
        double[]? moved = null;
        foreach (int threads in new[] { 1, 2, 3, 7 })
        {
            (Corpus corpus, CountTable counts) = SweepCases.Draw(13, documents: 400, terms: 300, tokens: 120, topics: 40);
            ICollapsedLearner learner = SweepCases.Collapsed(KernelProfiles.Current, corpus, counts, SweepCases.Prior(40), threads);
            double[] own = [.. Enumerable.Range(0, 5).Select(_ => learner.Pass(Token))];
            Assert.Equal(moved ??= own, own);
            float[] values = SweepCases.Values(counts);
            Assert.Equal(one ??= values, values);
        }
    }

    [Fact]
    public void Fractions_come_back_as_they_were_written()
    {
        foreach (KernelProfile profile in KernelProfiles.Available) KernelProfiles.Run(profile, new Fractions());
    }

    readonly unsafe struct Fractions : ISingleLanesVisitor<bool>
    {
        public bool Visit<TLanes>() where TLanes : struct, ISingleLanes<TLanes>
        {
            float* values = stackalloc float[16], back = stackalloc float[16];
            ushort* stored = stackalloc ushort[16];
            for (int first = 0; first < 65_536; first += 16)
            {
                for (int i = 0; i < 16; i++) values[i] = Math.Clamp((first + i + (i % 3 - 1) * 0.4f) / 65_535f, 0, 1);
                TLanes written = TLanes.StoreFractions(stored, TLanes.Load(values));
                for (int i = 0; i < 16; i++) Assert.Equal(first + i, stored[i]);
                TLanes.Store(values, written);
                TLanes.Store(back, TLanes.LoadFractions(stored));
                for (int i = 0; i < 16; i++)
                {
                    Assert.Equal(values[i], back[i]);
                    Assert.Equal(stored[i] * SingleLaneBits.Fraction, back[i]);
                }
            }
            return true;
        }
    }
}
