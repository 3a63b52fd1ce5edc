using CsCheck;
using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Tests.Topics;

/// <summary>The MAP objective, its E-step and its M-step against sums that are written out.</summary>
public sealed class LdaMapEStepTests
{
    static readonly Gen<(int[] Tokens, double[] Alpha, double[] Beta)> TinyDocument =
        from topics in Gen.Int[1, 5]
        from terms in Gen.Int[1, 4]
        from tokens in Gen.Int[0, terms - 1].Array[0, 7]
        from alpha in Gen.OneOf(Gen.Const(1.0), Gen.Double[1.001, 3]).Array[topics]
        from weights in Gen.Double[0.01, 1].Array[terms * topics]
        select (tokens, alpha, NormalizeTopics(weights, topics));

    [Fact]
    public void The_bound_is_the_objective_summed_token_by_token() =>
        TinyDocument.Sample(document =>
        {
            foreach (int updates in new[] { 1, 2, 100 })
            {
                (LocalBound bound, double[] theta, LdaStatistics statistics) = Infer(document, updates);
                (int[] tokens, double[] alpha, double[] beta) = document;
                int topics = alpha.Length;
                double prior = LogDirichlet(theta, alpha), evidence = prior, joint = prior, entropy = 0;
                var counts = new double[beta.Length];
                foreach (int token in tokens)
                {
                    double[] joints = [.. theta.Select((share, k) => share * beta[token * topics + k])];
                    double probability = joints.Sum();
                    evidence += Math.Log(probability);
                    for (int k = 0; k < topics; k++)
                    {
                        double own = joints[k] / probability;
                        counts[token * topics + k] += own;
                        if (own == 0) continue;
                        joint += own * Math.Log(joints[k]);
                        entropy -= own * Math.Log(own);
                    }
                }
                double tolerance = 1e-11 * (1 + Math.Abs(joint) + entropy);
                Assert.Equal(1, theta.Sum(), 1e-13);
                Assert.Equal(evidence, bound.LogEvidence!.Value, tolerance);
                Assert.Equal(joint, bound.ExpectedLogJoint, tolerance);
                Assert.Equal(entropy, bound.Entropy, tolerance);
                Assert.Equal(prior, bound.Terms[0], tolerance);
                Assert.Equal(bound.ExpectedLogJoint, bound.Terms[0] + bound.Terms[1] + bound.Terms[2], tolerance);
                Assert.Equal(bound.Entropy, bound.Terms[3], tolerance);
                for (int i = 0; i < counts.Length; i++) Assert.Equal(counts[i], statistics.Counts(i / topics) is { IsEmpty: false } row ? row[i % topics] : 0, 1e-12);
            }
        }, iter: 300);

    [Fact]
    public void An_update_never_lowers_the_objective_and_the_end_is_its_maximum() =>
        TinyDocument.Sample(document =>
        {
            double[] heights = [.. new[] { 1, 2, 3, 10, 20_000 }.Select(updates => Infer(document, updates).Bound.LogEvidence!.Value)];
            for (int i = 1; i < heights.Length; i++) Assert.True(heights[i] >= heights[i - 1] - 1e-13 * (1 + Math.Abs(heights[i])));

            (_, double[] theta, _) = Infer(document, 20_000);
            double best = Objective(document, theta);
            var random = new Philox((ulong)document.Tokens.Length);
            for (int trial = 0; trial < 30; trial++)
            {
                double size = Math.Pow(10, -3 * random.NextDouble());
                double[] other = [.. theta.Select(share => (share + 1e-9) * Math.Exp(size * random.NextNormal()))];
                double sum = other.Sum();
                Assert.True(Objective(document, [.. other.Select(share => share / sum)]) <= best + 1e-6 * (1 + Math.Abs(best)));
            }
        }, iter: 200);

    [Fact]
    public void Words_that_hardly_any_topic_has_are_explained_all_the_same()
    {
        // ϑ₁ β₁ underflows together, not alone.
        double[] beta = [1 - 1e-300, 0.5, 1e-300, 0.5];
        var corpus = LdaCases.Build(2, [(0, 3), (1, 1)]);
        double[] theta = [1, 1e-300];
        LdaParameters parameters = LdaParameters.MaximumAPosteriori(beta, [1, 1], new TopicPrior(1));
        var statistics = new LdaStatistics(2, 2);
        LocalBound bound = new LdaMapEStep(options: new DocumentOptions { MaximumUpdates = 1 }).Prepare(parameters).Accumulate(new DocumentBatch(corpus, 0, 1) { Gamma = theta }, statistics);
        Assert.Equal(bound.LogEvidence!.Value, bound.ExpectedLogJoint + bound.Entropy, 1e-10);
        // At the start the token is 2/3 the first topic's: 1e-300 against 1e-300 / 2.
        Assert.Equal(1.0 / 12, theta[1], 1e-12);
        Assert.Equal(1, statistics.Counts(1)[0] + statistics.Counts(1)[1], 1e-12);
    }

    [Fact]
    public void Nothing_is_made_of_zeros_but_zeros()
    {
        // Topics without a term in common, no counts added: log 0 stands in every corner and counts for nothing.
        LdaParameters parameters = LdaParameters.MaximumAPosteriori([1, 0, 0, 0, 1, 0, 0, 0, 1], [1, 1, 1], new TopicPrior(1));
        Corpus corpus = LdaCases.Build(3, [(0, 4)], [(1, 2), (2, 2)], []);
        var statistics = new LdaStatistics(3, 3);
        var theta = new double[9];
        IEStepKernel<DocumentBatch, LdaStatistics> kernel = new LdaMapEStep().Prepare(parameters);
        for (int pass = 0; pass < 3; pass++)
        {
            statistics.Clear();
            LocalBound bound = kernel.Accumulate(new DocumentBatch(corpus, 0, 3) { Gamma = theta }, statistics);
            // The density of Dir(1, 1, 1) is 2.
            Assert.Equal(3 * Math.Log(2) + 4 * Math.Log(0.5), bound.LogEvidence!.Value, 1e-12);
            Assert.Equal(bound.LogEvidence.Value, bound.ExpectedLogJoint + bound.Entropy, 1e-12);
            Assert.Equal(bound.ExpectedLogJoint, new LdaModel().ExpectedLogJoint(statistics, parameters), 1e-12);
        }
        Assert.Equal([1, 0, 0, 0, 0.5, 0.5], theta[..6]);
        LdaParameters next = new LdaModel().Maximize(statistics, parameters);
        Assert.Equal(parameters.TermTopic.ToArray(), next.TermTopic.ToArray());
        Assert.Equal(3 * Math.Log(2), new LdaModel().GlobalBound(next), 1e-12);
    }

    [Fact]
    public void Topics_that_a_document_gave_up_come_back_where_a_token_has_no_other()
    {
        LdaParameters parameters = LdaParameters.MaximumAPosteriori([1, 0, 0, 1], [1, 1], new TopicPrior(1));
        double[] theta = [1, 0];
        new LdaMapEStep().Prepare(parameters).Accumulate(new DocumentBatch(LdaCases.Build(2, [(0, 1), (1, 1)]), 0, 1) { Gamma = theta }, new LdaStatistics(2, 2));
        Assert.Equal([0.5, 0.5], theta);
    }

    [Fact]
    public void An_impossible_word_is_the_same_error_as_by_mean_field()
    {
        Corpus corpus = LdaCases.Build(3, [(0, 2), (2, 1)]);
        string Message(IEStep<DocumentBatch, LdaParameters, LdaStatistics> eStep, LdaParameters parameters) =>
            Assert.Throws<InvalidOperationException>(() => eStep.Prepare(parameters).Accumulate(new DocumentBatch(corpus, 0, 1), new LdaStatistics(3, 2))).Message;
        double[] beta = [0.5, 0.1, 0.5, 0.9, 0, 0];
        Assert.Equal(Message(new LdaEStep(), new LdaParameters(beta, [1, 1], null)), Message(new LdaMapEStep(DocumentStart.Cold), LdaParameters.MaximumAPosteriori(beta, [1, 1], new TopicPrior(1))));
    }

    [Fact]
    public void The_global_bound_is_the_density_of_the_topics()
    {
        double[] beta = NormalizeTopics([0.3, 1, 2, 0.5, 1, 1, 0.2, 0.9], 2);
        var prior = new TopicPrior(1.25, [new TopicSeed(1, 2, 3)]);
        double expected = LogDirichlet([.. Enumerable.Range(0, 4).Select(v => beta[2 * v])], [1.25, 1.25, 1.25, 1.25])
            + LogDirichlet([.. Enumerable.Range(0, 4).Select(v => beta[2 * v + 1])], [1.25, 1.25, 4.25, 1.25]);
        Assert.Equal(expected, new LdaModel().GlobalBound(LdaParameters.MaximumAPosteriori(beta, [1, 1], prior)), 1e-12);
        // log 0 under a prior that adds counts is −∞, as it is.
        Assert.Equal(double.NegativeInfinity, new LdaModel().GlobalBound(LdaParameters.MaximumAPosteriori([1, 0.5, 0, 0.5], [1, 1], prior.WithConcentration(1.5))));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    public void No_perturbation_of_the_topics_is_better_than_the_M_step(double added)
    {
        Corpus corpus = SmallCorpora.Random(seed: 21, documents: 20, terms: 8, tokens: 15);
        LdaParameters start = LdaStarts.Create(corpus, new LdaOptions { Topics = 3, EStep = TopicEStep.Map, Alpha = added, Eta = added, GuidedTopics = added > 0 ? [new(1, ["3"]) { Count = 2 }] : [] }, 0);
        var model = new LdaModel();
        var statistics = new LdaStatistics(8, 3);
        new LdaMapEStep(DocumentStart.Cold).Prepare(start).Accumulate(new DocumentBatch(corpus, 0, 20), statistics);
        LdaParameters best = model.Maximize(statistics, start);
        double Height(LdaParameters at) => model.ExpectedLogJoint(statistics, at) + model.GlobalBound(at);
        double highest = Height(best);
        Assert.True(highest >= Height(start));
        for (int topic = 0; topic < 3; topic++)
        {
            double total = Enumerable.Range(0, 8).Sum(term => statistics.Counts(term)[topic]) + 8 * added + (added > 0 && topic == 1 ? 2 : 0);
            for (int term = 0; term < 8; term++)
                Assert.Equal((statistics.Counts(term)[topic] + added + (added > 0 && (topic, term) == (1, 3) ? 2 : 0)) / total, best.TermTopic[term * 3 + topic], 1e-13);
        }
        var random = new Philox(5);
        for (int trial = 0; trial < 200; trial++)
        {
            double size = Math.Pow(10, -4 * random.NextDouble());
            double[] other = NormalizeTopics([.. best.TermTopic.ToArray().Select(value => value * Math.Exp(size * random.NextNormal()))], 3);
            Assert.True(Height(LdaParameters.MaximumAPosteriori(other, best.Alpha.ToArray(), best.Prior!)) <= highest + 1e-12 * Math.Abs(highest));
        }
    }

    /// <summary>Textbook EM over dense arrays, in the order of this E-step: ϑ, then the topics, each from the posterior at the newest of both (Hofmann 1999 where nothing is added).</summary>
    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.4, 0.1)]
    public async Task Passes_of_one_update_are_plsa(double a, double b)
    {
        const int topics = 3, terms = 9, documents = 14;
        Corpus corpus = SmallCorpora.Random(seed: 22, documents, terms, tokens: 20);
        var options = new LdaOptions { Topics = topics, EStep = TopicEStep.Map, Alpha = a, Eta = b, Start = TopicStart.SampledDocuments };
        LdaParameters parameters = LdaStarts.Create(corpus, options, 0);
        double[] beta = parameters.TermTopic.ToArray();
        var theta = new double[documents, topics];
        for (int d = 0; d < documents; d++)
            for (int k = 0; k < topics; k++) theta[d, k] = 1.0 / topics;

        var model = new LdaModel();
        var executor = new LocalExecutor<DocumentBatch, LdaParameters, LdaStatistics>(
            new DocumentShards(corpus, new LdaLocalState(documents, topics)), model, new LdaMapEStep(options: new DocumentOptions { MaximumUpdates = 1 }));
        for (int pass = 0; pass < 15; pass++)
        {
            for (int d = 0; d < documents; d++)
            {
                double[] own = Enumerable.Range(0, topics).Select(k => a).ToArray();
                Posterior(d, (k, _, r) => own[k] += r);
                for (int k = 0; k < topics; k++) theta[d, k] = own[k] / own.Sum();
            }
            double[] counts = [.. Enumerable.Repeat(b, terms * topics)];
            for (int d = 0; d < documents; d++) Posterior(d, (k, v, r) => counts[v * topics + k] += r);
            beta = NormalizeTopics(counts, topics);

            parameters = model.Maximize((await executor.ExpectAsync(parameters, TestContext.Current.CancellationToken)).Statistics, parameters);
            for (int i = 0; i < beta.Length; i++) Assert.Equal(beta[i], parameters.TermTopic[i], 1e-11);
        }

        void Posterior(int d, Action<int, int, double> add)
        {
            ReadOnlySpan<int> words = corpus.Terms(d), counts = corpus.Counts(d);
            for (int n = 0; n < words.Length; n++)
            {
                double sum = 0;
                for (int k = 0; k < topics; k++) sum += theta[d, k] * beta[words[n] * topics + k];
                for (int k = 0; k < topics; k++) add(k, words[n], counts[n] * theta[d, k] * beta[words[n] * topics + k] / sum);
            }
        }
    }

    [Fact]
    public void What_it_does_not_take_is_refused()
    {
        Assert.Contains("Guarded is for mean field", Assert.Throws<ArgumentException>(() => new LdaMapEStep(DocumentStart.Guarded)).Message, StringComparison.Ordinal);
        Assert.Contains("not of Variational", Assert.Throws<ArgumentException>(() => new LdaMapEStep().Prepare(new LdaParameters([1, 1], [1], new TopicPrior(1)))).Message, StringComparison.Ordinal);
        LdaParameters mode = LdaParameters.MaximumAPosteriori([0.5, 0.5], [1], new TopicPrior(1));
        Assert.Contains("needs the ϑ of the pass before", Assert.Throws<ArgumentException>(() => new LdaMapEStep().Prepare(mode).Accumulate(new DocumentBatch(LdaCases.Build(2, [(0, 1)]), 0, 1), new LdaStatistics(2, 1))).Message, StringComparison.Ordinal);
        foreach (LdaModel model in new[] { new LdaModel(ConcentrationUpdate.Symmetric), new LdaModel(updateEta: true) })
            Assert.Contains("held fixed", Assert.Throws<InvalidOperationException>(() => model.Maximize(new LdaStatistics(2, 1), mode)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LdaParameters.MaximumAPosteriori([1], [0.99], new TopicPrior(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => LdaParameters.MaximumAPosteriori([1], [1], new TopicPrior(0.99)));
    }

    [Fact]
    public void Parameters_come_back_as_what_they_were()
    {
        LdaParameters[] all =
        [
            new([0.25, 0.5, 0.75, 0.5], [0.1, 0.2], null),
            new([0.25, 0.5, 0.75, 0.5], [0.1, 0.2], new TopicPrior(0.3, [new(1, 0, 2)])),
            LdaParameters.MaximumAPosteriori([0.25, 0.5, 0.75, 0.5], [1.1, 1.2], new TopicPrior(1.3, [new(1, 0, 2)])),
        ];
        foreach (LdaParameters parameters in all)
        {
            LdaParameters copy = LdaParameters.FromTensors(TensorSet.Of(parameters));
            Assert.Equal(parameters.Estimate, copy.Estimate);
            LdaCases.AssertBits(parameters.TermTopic, copy.TermTopic);
            LdaCases.AssertBits(parameters.Alpha, copy.Alpha);
            Assert.Equal(parameters.Prior?.Concentration, copy.Prior?.Concentration);
            Assert.Equal(parameters.Prior?.Seeds ?? [], copy.Prior?.Seeds ?? []);
        }
        Assert.Equal([TopicEstimate.MaximumLikelihood, TopicEstimate.Variational, TopicEstimate.MaximumAPosteriori], all.Select(parameters => parameters.Estimate));
        // What is held fixed is not free.
        Assert.Equal(4, ParameterPacking.FreeCount(all[2]));

        var bad = new TensorSet();
        bad.Visit("term_topic", [2, 1], [0.5, 0.5], TensorConstraint.Real);
        bad.Visit("alpha", [1], [0.5], TensorConstraint.Fixed);
        bad.Visit("mode_eta", [], [1.0], TensorConstraint.Fixed);
        Assert.Contains("'alpha' or 'mode_eta'", Assert.Throws<InvalidDataException>(() => LdaParameters.FromTensors(bad)).Message, StringComparison.Ordinal);
    }

    static (LocalBound Bound, double[] Theta, LdaStatistics Statistics) Infer((int[] Tokens, double[] Alpha, double[] Beta) document, int updates)
    {
        int topics = document.Alpha.Length, terms = document.Beta.Length / topics;
        var builder = new CorpusBuilder(Vocabulary.Numbered(terms));
        builder.Add(document.Tokens.GroupBy(token => token).Select(group => (group.Key, group.Count())));
        var statistics = new LdaStatistics(terms, topics);
        var theta = new double[topics];
        LocalBound bound = new LdaMapEStep(options: new DocumentOptions { Tolerance = 1e-14, MaximumUpdates = updates })
            .Prepare(LdaParameters.MaximumAPosteriori(document.Beta, document.Alpha, new TopicPrior(1)))
            .Accumulate(new DocumentBatch(builder.Build(), 0, 1) { Gamma = theta }, statistics);
        return (bound, theta, statistics);
    }

    static double Objective((int[] Tokens, double[] Alpha, double[] Beta) document, double[] theta) =>
        LogDirichlet(theta, document.Alpha) + document.Tokens.Sum(token => Math.Log(theta.Select((share, k) => share * document.Beta[token * theta.Length + k]).Sum()));

    // 0 log 0 is 0.
    static double LogDirichlet(double[] point, double[] concentration) =>
        SpecialFunctions.LogGamma(concentration.Sum()) - concentration.Sum(SpecialFunctions.LogGamma)
        + point.Select((value, i) => concentration[i] == 1 ? 0 : (concentration[i] - 1) * Math.Log(value)).Sum();

    static double[] NormalizeTopics(double[] weights, int topics)
    {
        for (int k = 0; k < topics; k++)
        {
            double sum = 0;
            for (int i = k; i < weights.Length; i += topics) sum += weights[i];
            for (int i = k; i < weights.Length; i += topics) weights[i] /= sum;
        }
        return weights;
    }
}
