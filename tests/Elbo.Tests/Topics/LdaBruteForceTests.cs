using CsCheck;
using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Tests.Topics;

/// <summary>On tiny documents every assignment z can be tried: log p(w|α,β) = ELBO + KL, each computed on its own.</summary>
public sealed class LdaBruteForceTests
{
    static readonly Gen<(int[] Tokens, double[] Alpha, double[] Beta)> TinyDocument =
        from topics in Gen.Int[1, 3]
        from terms in Gen.Int[1, 4]
        from tokens in Gen.Int[0, terms - 1].Array[1, 6]
        from alpha in Gen.Double[0.05, 3].Array[topics]
        from weights in Gen.Double[0.01, 1].Array[terms * topics]
        select (tokens, alpha, NormalizeTopics(weights, topics));

    [Fact]
    public void Log_evidence_is_the_bound_plus_the_divergence() =>
        TinyDocument.Sample(document =>
        {
            (int[] tokens, double[] alpha, double[] beta) = document;
            foreach (int updates in new[] { 1, 2, 100 })
            {
                (LocalBound bound, double[] gamma, LdaStatistics statistics) = Infer(tokens, alpha, beta, updates);
                double evidence = LogEvidence(tokens, alpha, beta);
                double elbo = bound.ExpectedLogJoint + bound.Entropy;
                double divergence = Divergence(tokens, alpha, beta, gamma, statistics, evidence);
                Assert.True(divergence >= -1e-12, $"KL = {divergence}");
                Assert.Equal(evidence, elbo + divergence, 1e-9 * (1 + Math.Abs(evidence)));
            }
        }, iter: 300);

    [Fact]
    public void The_terms_add_up_to_the_bound() =>
        TinyDocument.Sample(document =>
        {
            (LocalBound bound, _, _) = Infer(document.Tokens, document.Alpha, document.Beta, 100);
            Assert.Equal(bound.ExpectedLogJoint, bound.Terms[0] + bound.Terms[1] + bound.Terms[2], 1e-12 * (1 + Math.Abs(bound.ExpectedLogJoint)));
            Assert.Equal(bound.Entropy, bound.Terms[3] + bound.Terms[4], 1e-12 * (1 + Math.Abs(bound.Entropy)));
        }, iter: 100);

    [Fact]
    public void A_word_that_only_an_improbable_topic_has_is_explained_all_the_same()
    {
        // exp Ψ(α) underflows for the second topic, and only it has term 1.
        double[] alpha = [1, 1e-4], beta = [1, 0.5, 0, 0.5];
        int[] tokens = [0, 0, 0, 1];
        (LocalBound bound, double[] gamma, LdaStatistics statistics) = Infer(tokens, alpha, beta, 1);
        double evidence = LogEvidence(tokens, alpha, beta);
        Assert.Equal(evidence, bound.ExpectedLogJoint + bound.Entropy + Divergence(tokens, alpha, beta, gamma, statistics, evidence), 1e-9 * (1 + Math.Abs(evidence)));
        Assert.Equal(1, statistics.Counts(1)[1], 1e-12);
    }

    static (LocalBound, double[] Gamma, LdaStatistics) Infer(int[] tokens, double[] alpha, double[] beta, int updates)
    {
        int topics = alpha.Length, terms = beta.Length / topics;
        var builder = new CorpusBuilder(Vocabulary.Numbered(terms));
        builder.Add(tokens.GroupBy(token => token).Select(group => (group.Key, group.Count())));
        var parameters = new LdaParameters(beta, alpha, null);
        var statistics = new LdaStatistics(terms, topics);
        var gamma = new double[topics];
        LocalBound bound = new LdaEStep(options: new DocumentOptions { Tolerance = 1e-13, MaximumUpdates = updates })
            .Prepare(parameters)
            .Accumulate(new DocumentBatch(builder.Build(), 0, 1) { Gamma = gamma }, statistics);
        return (bound, gamma, statistics);
    }

    // log Σ_z p(z|α) p(w|z,β), with p(z|α) = Γ(Σα)/Γ(Σα + N) Π Γ(α_k + n_k)/Γ(α_k).
    internal static double LogEvidence(int[] tokens, double[] alpha, double[] beta)
    {
        var joints = new List<double>();
        ForEachAssignment(tokens.Length, alpha.Length, z => joints.Add(LogJoint(tokens, z, alpha, beta)));
        return SpecialFunctions.LogSumExp([.. joints]);
    }

    // Guides on the first and the last term, and two on one: log Γ(η) is that of the terms without a guide again behind each.
    [Fact]
    public void The_bound_of_topics_is_their_divergence_from_a_prior_with_guides()
    {
        const int terms = 6, topics = 3;
        TopicSeed[] seeds = [new(1, 0, 4), new(0, 2, 1.5), new(2, 2, 7), new(2, 5, 0.25)];
        Philox random = Philox.ForStream(11, 0);
        double[] lambda = [.. Enumerable.Range(0, terms * topics).Select(_ => 0.1 + 5 * random.NextDouble())];
        double expected = 0;
        for (int topic = 0; topic < topics; topic++)
        {
            double[] own = [.. Enumerable.Range(0, terms).Select(term => lambda[term * topics + topic])];
            double[] prior = [.. Enumerable.Range(0, terms).Select(term => 0.3 + seeds.Where(seed => seed.Topic == topic && seed.Term == term).Sum(seed => seed.Count))];
            expected -= DirichletDivergence(own, prior);
        }
        Assert.Equal(expected, new LdaModel().GlobalBound(new LdaParameters(lambda, [1, 1, 1], new TopicPrior(0.3, seeds))), 1e-12 * Math.Abs(expected));
    }

    // Σ_z q(z) [log q(z) − log p(z|w) + KL(Dir(γ) ‖ Dir(α + n(z)))].
    static double Divergence(int[] tokens, double[] alpha, double[] beta, double[] gamma, LdaStatistics statistics, double evidence)
    {
        double sum = 0;
        ForEachAssignment(tokens.Length, alpha.Length, z =>
        {
            double logQ = 0;
            for (int n = 0; n < tokens.Length; n++)
                logQ += Math.Log(statistics.Counts(tokens[n])[z[n]] / tokens.Count(token => token == tokens[n]));
            if (double.IsNegativeInfinity(logQ)) return;
            double[] posterior = [.. alpha.Select((a, k) => a + z.Count(topic => topic == k))];
            sum += Math.Exp(logQ) * (logQ - (LogJoint(tokens, z, alpha, beta) - evidence) + DirichletDivergence(gamma, posterior));
        });
        return sum;
    }

    internal static double LogJoint(int[] tokens, int[] z, double[] alpha, double[] beta)
    {
        double log = SpecialFunctions.LogGamma(alpha.Sum()) - SpecialFunctions.LogGamma(alpha.Sum() + tokens.Length);
        for (int k = 0; k < alpha.Length; k++)
            log += SpecialFunctions.LogGamma(alpha[k] + z.Count(topic => topic == k)) - SpecialFunctions.LogGamma(alpha[k]);
        for (int n = 0; n < tokens.Length; n++) log += Math.Log(beta[tokens[n] * alpha.Length + z[n]]);
        return log;
    }

    static double DirichletDivergence(double[] from, double[] to)
    {
        double sum = SpecialFunctions.LogGamma(from.Sum()) - SpecialFunctions.LogGamma(to.Sum());
        for (int k = 0; k < from.Length; k++)
            sum += SpecialFunctions.LogGamma(to[k]) - SpecialFunctions.LogGamma(from[k]) + (from[k] - to[k]) * (SpecialFunctions.Digamma(from[k]) - SpecialFunctions.Digamma(from.Sum()));
        return sum;
    }

    internal static void ForEachAssignment(int tokens, int topics, Action<int[]> visit)
    {
        var z = new int[tokens];
        while (true)
        {
            visit(z);
            int n = 0;
            while (n < tokens && ++z[n] == topics) z[n++] = 0;
            if (n == tokens) return;
        }
    }

    internal static double[] NormalizeTopics(double[] weights, int topics)
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
