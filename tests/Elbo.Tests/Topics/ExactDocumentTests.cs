using CsCheck;
using Elbo.Numerics;
using Elbo.Topics;
using Elbo.Topics.Gap;

namespace Elbo.Tests.Topics;

/// <summary>The sum over counts against the sum over every assignment, written out.</summary>
public sealed class ExactDocumentTests
{
    static readonly Gen<(int[] Tokens, double[] Alpha, double[] Beta)> Document =
        from topics in Gen.Int[1, 4]
        from terms in Gen.Int[1, 4]
        from tokens in Gen.Int[0, terms - 1].Array[0, 6]
        from alpha in Gen.Double[0.05, 3].Array[topics]
        from weights in Gen.Double[0.01, 1].Array[terms * topics]
        from zeros in Gen.Bool.Array[terms * topics]
        select (tokens, alpha, LdaBruteForceTests.NormalizeTopics([.. weights.Select((weight, i) => zeros[i] && i % topics > 0 ? 0 : weight)], topics));

    [Fact]
    public void Evidence_and_posterior_mean_are_those_of_all_assignments() =>
        Document.Where(document => !document.Beta.Any(double.IsNaN)).Sample(document =>
        {
            (int[] tokens, double[] alpha, double[] beta) = document;
            ExactDocument exact = Of(tokens, alpha, beta);
            var joints = new List<double>();
            var shares = new List<double[]>();
            LdaBruteForceTests.ForEachAssignment(tokens.Length, alpha.Length, z =>
            {
                joints.Add(LdaBruteForceTests.LogJoint(tokens, z, alpha, beta));
                shares.Add([.. alpha.Select((a, k) => (a + z.Count(topic => topic == k)) / (alpha.Sum() + z.Length))]);
            });
            double evidence = SpecialFunctions.LogSumExp([.. joints]);
            Assert.Equal(evidence, exact.LogEvidence, 1e-11 * (1 + Math.Abs(evidence)));
            for (int k = 0; k < alpha.Length; k++)
                Assert.Equal(joints.Select((joint, i) => Math.Exp(joint - evidence) * shares[i][k]).Sum(), exact.Proportions[k], 1e-11);
        }, iter: 300);

    [Fact]
    public void Equal_topics_leave_the_words_alone()
    {
        // With one topic in two copies log p is a plain product, at lengths where assignments cannot be written out.
        int[] tokens = [.. Enumerable.Range(0, 400).Select(i => i % 3)];
        ExactDocument exact = Of(tokens, [0.3, 0.9], [0.2, 0.2, 0.5, 0.5, 0.3, 0.3]);
        Assert.Equal(tokens.Sum(token => Math.Log(new[] { 0.2, 0.5, 0.3 }[token])), exact.LogEvidence, 1e-9);
        Assert.Equal(0.25, exact.Proportions[0], 1e-12);
    }

    [Fact]
    public void An_empty_document_has_the_mean_of_the_prior()
    {
        ExactDocument exact = Of([], [1, 3], [0.5, 0.5, 0.5, 0.5]);
        Assert.Equal(0, exact.LogEvidence, 1e-15);
        Assert.Equal([0.25, 0.75], exact.Proportions.ToArray());
    }

    [Fact]
    public void What_cannot_be_summed_is_refused_with_a_reason()
    {
        Assert.Contains("no more than", Assert.Throws<ArgumentException>(() => Of([.. Enumerable.Repeat(0, 300)], [1, 1, 1], [1, 1, 1])).Message, StringComparison.Ordinal);
        Assert.Contains("impossible", Assert.Throws<ArgumentException>(() => Of([1], [1, 1], [1, 1, 0, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("points", Assert.Throws<ArgumentException>(() => ExactDocument.Of(new LdaParameters([1, 2], [1], new TopicPrior(0.1)), [0], [1])).Message, StringComparison.Ordinal);
    }

    static ExactDocument Of(int[] tokens, double[] alpha, double[] beta)
    {
        (int Term, int Count)[] bag = [.. tokens.GroupBy(token => token).Select(group => (group.Key, group.Count()))];
        return ExactDocument.Of(new LdaParameters(beta, alpha, null), [.. bag.Select(pair => pair.Term)], [.. bag.Select(pair => pair.Count)]);
    }
}
