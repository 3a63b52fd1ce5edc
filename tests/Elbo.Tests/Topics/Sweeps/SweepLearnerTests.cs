using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;
using Elbo.Topics.Sweeps;

namespace Elbo.Tests.Topics.Sweeps;

/// <summary>MAP and mean field in single precision against straightforward loops in double, and against the E-step that has a certificate.</summary>
public sealed class SweepLearnerTests
{
    static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    public static TheoryData<KernelProfile> Profiles => SweepCases.Profiles;

    /// <summary>Topics few (columns at once), many (rows, then columns of those that are left), and not a multiple of anything.</summary>
    public static TheoryData<KernelProfile, int> ProfilesAndTopics
    {
        get
        {
            var data = new TheoryData<KernelProfile, int>();
            foreach (KernelProfile profile in KernelProfiles.Available)
                foreach (int topics in new[] { 1, 3, 16, 33, 100 }) data.Add(profile, topics);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(ProfilesAndTopics))]
    public void A_map_pass_is_what_the_formulas_say(KernelProfile profile, int topics)
    {
        (Corpus corpus, CountTable counts) = SweepCases.Draw(3, documents: 40, terms: 50, tokens: 30, topics);
        SweepPrior prior = SweepCases.Prior(topics);
        (double[] expected, double objective) = PlainMap(corpus, counts, prior, updates: 4);
        ISweepLearner learner = SweepCases.Learner(profile, counts, prior, new DocumentOptions { MaximumUpdates = 4, Tolerance = 1e-9 }, points: true);
        double found = learner.PassAll(corpus, [.. Enumerable.Range(0, corpus.DocumentCount)], Token);
        Assert.Equal(objective, found, 1e-5 * Math.Abs(objective));
        float[] values = SweepCases.Values(counts);
        for (int i = 0; i < values.Length; i++) Assert.Equal(expected[i], values[i], 1e-3 + 1e-4 * expected[i]);
        Assert.Equal(corpus.TokenCount, counts.Sums.Sum(), 1e-5 * corpus.TokenCount);
    }

    [Theory]
    [MemberData(nameof(ProfilesAndTopics))]
    public async Task A_mean_field_pass_is_that_of_the_certified_e_step(KernelProfile profile, int topics)
    {
        (Corpus corpus, CountTable counts) = SweepCases.Draw(5, documents: 40, terms: 50, tokens: 200, topics);
        SweepPrior prior = SweepCases.Prior(topics);
        var options = new DocumentOptions { MaximumUpdates = 400, Tolerance = 1e-5 };
        LdaParameters parameters = counts.ToParameters(prior.Alpha, prior.Eta);
        var model = new LdaModel();
        var executor = new LocalExecutor<DocumentBatch, LdaParameters, LdaStatistics>(new DocumentShards(corpus), model, new LdaEStep(DocumentStart.Cold, options));
        EStepResult<LdaStatistics> certified = await executor.ExpectAsync(parameters, Token);
        double bound = certified.Bound.ExpectedLogJoint + certified.Bound.Entropy + model.GlobalBound(parameters);

        ISweepLearner learner = SweepCases.Learner(profile, counts, prior, options, points: false);
        double found = learner.PassAll(corpus, [.. Enumerable.Range(0, corpus.DocumentCount)], Token);
        Assert.Equal(bound, found, 2e-5 * Math.Abs(bound));
        double apart = 0;
        for (int term = 0; term < counts.Terms; term++)
            for (int topic = 0; topic < topics; topic++) apart += Math.Abs(certified.Statistics.Counts(term)[topic] - counts.Span(term)[topic]);
        // Negligible topics of a document are left out: at most a hundredth of a token each.
        Assert.InRange(apart / corpus.TokenCount, 0, 5e-3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_number_of_threads_changes_no_bit(bool points)
    {
        float[]? one = null;
        foreach (int threads in new[] { 1, 2, 3, 7 })
        {
            (Corpus corpus, CountTable counts) = SweepCases.Draw(7, documents: 300, terms: 600, tokens: 150, topics: 40);
            ISweepLearner learner = SweepCases.Learner(KernelProfiles.Current, counts, SweepCases.Prior(40), new DocumentOptions(), points, threads);
            int[] all = [.. Enumerable.Range(0, corpus.DocumentCount)];
            learner.Step(corpus, all.AsSpan(0, 120), 0.7, corpus.TokenCount);
            learner.Step(corpus, all.AsSpan(120, 180), 0.5, corpus.TokenCount);
            learner.PassAll(corpus, all, Token);
            float[] values = SweepCases.Values(counts);
            Assert.Equal(one ??= values, values);
        }
    }

    /// <summary>Profiles round alike but for the last bit, so that the counts hardly differ.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Profiles_agree(bool points)
    {
        float[]? first = null;
        foreach (KernelProfile profile in KernelProfiles.Available)
        {
            (Corpus corpus, CountTable counts) = SweepCases.Draw(9, documents: 60, terms: 80, tokens: 60, topics: 37);
            SweepCases.Learner(profile, counts, SweepCases.Prior(37), new DocumentOptions(), points).PassAll(corpus, [.. Enumerable.Range(0, corpus.DocumentCount)], Token);
            float[] values = SweepCases.Values(counts);
            first ??= values;
            Assert.InRange(first.Zip(values).Sum(pair => Math.Abs(pair.First - pair.Second)) / corpus.TokenCount, 0, 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_step_blends_old_counts_with_those_of_the_batch(KernelProfile profile)
    {
        const int topics = 20;
        (Corpus corpus, CountTable counts) = SweepCases.Draw(11, documents: 30, terms: 40, tokens: 50, topics);
        var whole = new CountTable(counts.Terms, topics);
        counts.CopyTo(whole);
        float[] before = SweepCases.Values(counts);
        int[] batch = [.. Enumerable.Range(0, 10)];
        var options = new DocumentOptions { MaximumUpdates = 3, Tolerance = 1e-9 };
        SweepCases.Learner(profile, whole, SweepCases.Prior(topics), options, points: true).PassAll(corpus, batch, Token);
        SweepCases.Learner(profile, counts, SweepCases.Prior(topics), options, points: true).Step(corpus, batch, 0.25, 2000);
        counts.Settle();
        float[] ofBatch = SweepCases.Values(whole), after = SweepCases.Values(counts);
        long tokens = batch.Sum(document => SweepOrder.Tokens(corpus, document));
        for (int i = 0; i < after.Length; i++) Assert.Equal(0.75 * before[i] + 0.25 * 2000 / tokens * ofBatch[i], after[i], 1e-3 + 1e-5 * after[i]);
    }

    [Fact]
    public void Empty_documents_and_batches_without_tokens_change_nothing()
    {
        CountTable counts = SweepCases.Counts(1, terms: 5, topics: 3, tokens: 100);
        Corpus corpus = LdaCases.Build(5, [], [(1, 2)], []);
        float[] before = SweepCases.Values(counts);
        ISweepLearner learner = SweepCases.Learner(KernelProfiles.Current, counts, SweepCases.Prior(3), new DocumentOptions(), points: true);
        learner.Step(corpus, [0, 2], 0.5, 100);
        Assert.Equal(before, SweepCases.Values(counts));
        learner.PassAll(corpus, [0, 1, 2], Token);
        Assert.Equal(2, counts.Sums.Sum(), 1e-5);
    }

    // θ from n/K, so many updates, then φ's counts; and log p(θ, φ, w) at the θ of the last update.
    static (double[] Counts, double Objective) PlainMap(Corpus corpus, CountTable counts, SweepPrior prior, int updates)
    {
        int topics = counts.Topics, terms = counts.Terms;
        var phi = new double[terms, topics];
        for (int term = 0; term < terms; term++)
            for (int topic = 0; topic < topics; topic++) phi[term, topic] = (counts.Span(term)[topic] + prior.Eta) / (counts.Sums[topic] + terms * prior.Eta);
        var next = new double[terms * topics];
        double objective = 0;
        for (int topic = 0; topic < topics; topic++)
        {
            objective += SpecialFunctions.LogGamma(terms * (prior.Eta + 1)) - terms * SpecialFunctions.LogGamma(prior.Eta + 1);
            for (int term = 0; term < terms; term++) objective += prior.Eta * Math.Log(phi[term, topic]);
        }
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            ReadOnlySpan<int> own = corpus.Terms(document), tokens = corpus.Counts(document);
            double[] expected = [.. Enumerable.Repeat((double)SweepOrder.Tokens(corpus, document) / topics, topics)], theta = [];
            for (int update = 0; update < updates; update++)
            {
                theta = [.. expected.Zip(prior.Alpha, (n, a) => n + a)];
                expected = new double[topics];
                for (int n = 0; n < own.Length; n++)
                {
                    double sum = 0;
                    for (int topic = 0; topic < topics; topic++) sum += theta[topic] * phi[own[n], topic];
                    for (int topic = 0; topic < topics; topic++) expected[topic] += tokens[n] * theta[topic] * phi[own[n], topic] / sum;
                }
            }
            double total = theta.Sum();
            objective += SpecialFunctions.LogGamma(prior.AlphaSum + topics) - prior.Alpha.Sum(a => SpecialFunctions.LogGamma(a + 1));
            for (int topic = 0; topic < topics; topic++) objective += prior.Alpha[topic] * Math.Log(theta[topic] / total);
            for (int n = 0; n < own.Length; n++)
            {
                double sum = 0;
                for (int topic = 0; topic < topics; topic++) sum += theta[topic] * phi[own[n], topic];
                objective += tokens[n] * Math.Log(sum / total);
                for (int topic = 0; topic < topics; topic++) next[own[n] * topics + topic] += tokens[n] * theta[topic] * phi[own[n], topic] / sum;
            }
        }
        return (next, objective);
    }
}
