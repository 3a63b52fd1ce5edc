using Elbo.Engine;
using Elbo.Families;
using Elbo.HiddenMarkov;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Tests.HiddenMarkov;

/// <summary>Everything against a sum over all K^T paths, which shares no code with the recursions.</summary>
public class HiddenMarkovBruteForceTests
{
    public static TheoryData<int, int, bool, bool> Cases()
    {
        var cases = new TheoryData<int, int, bool, bool>();
        foreach ((int states, int length) in new[] { (1, 1), (1, 4), (2, 1), (2, 7), (3, 5), (4, 4), (9, 3), (17, 2) })
            foreach (bool sparse in new[] { false, true })
                foreach (bool labelled in new[] { false, true })
                    cases.Add(states, length, sparse, labelled);
        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public void SumsOverAllPathsAgree(int states, int length, bool sparse, bool labelled)
    {
        var random = new Philox((ulong)(states * 100 + length * 10 + (sparse ? 1 : 0)));
        HiddenMarkovParameters<PoissonComponents> parameters = Chains.Random(random, states, 2, (i, j) => sparse && (i + j) % 2 == 1);
        ObservationTable table = Chains.Rows(random, length, 2);
        int[] labels = [.. Enumerable.Repeat(-1, length)];
        if (labelled) labels[length / 2] = states / 2;
        if (labelled) table = table.WithLabels(labels, states);
        Enumeration expected = Enumeration.Of(parameters, table, labels);

        (LocalBound bound, HiddenMarkovStatistics<DenseStatistics> statistics) = Chains.Pass(parameters, table);

        Assert.Equal(expected.LogEvidence, bound.LogEvidence!.Value, 1e-12 * Chains.Scale(bound));
        Assert.Equal(expected.Entropy, bound.Entropy, 1e-12 * Chains.Scale(bound));
        Assert.Equal(expected.ExpectedLogJoint, bound.ExpectedLogJoint, 1e-12 * Chains.Scale(bound));
        for (int k = 0; k < states; k++) Assert.Equal(expected.Marginals[k], statistics.Initial[k], 1e-12);
        for (int i = 0; i < states * states; i++) Assert.Equal(expected.Steps[i], statistics.Transitions[i], 1e-12);
        // A Poisson component's statistics begin with Σ γ and the Σ γ x of its columns.
        for (int k = 0; k < states; k++)
        {
            Assert.Equal(Enumerable.Range(0, length).Sum(t => expected.Marginals[t * states + k]), statistics.Components.Values[k * 4], 1e-12);
            Assert.Equal(Enumerable.Range(0, length).Sum(t => expected.Marginals[t * states + k] * table.Row(t)[1]), statistics.Components.Values[k * 4 + 2], 1e-10);
        }

        (LocalBound hard, HiddenMarkovStatistics<DenseStatistics> path) = Chains.Pass(parameters, table, hard: true);
        Assert.Equal(expected.BestLogJoint, hard.ExpectedLogJoint, 1e-12 * Chains.Scale(bound));
        Assert.Equal(0, hard.Entropy);
        Assert.Equal(expected.LogEvidence, hard.LogEvidence!.Value, 1e-12 * Chains.Scale(bound));
        for (int k = 0; k < states; k++) Assert.Equal(expected.BestPath[0] == k ? 1 : 0, path.Initial[k]);
    }
}

/// <summary>The posterior by enumeration.</summary>
sealed record Enumeration(double LogEvidence, double Entropy, double ExpectedLogJoint, double[] Marginals, double[] Steps, int[] BestPath, double BestLogJoint)
{
    public static Enumeration Of(HiddenMarkovParameters<PoissonComponents> parameters, ObservationTable table, int[] labels)
    {
        int states = parameters.Count, length = table.RowCount;
        var joints = new List<(int[] Path, double Log)>();
        for (long number = 0; number < (long)Math.Pow(states, length); number++)
        {
            var path = new int[length];
            long rest = number;
            for (int t = 0; t < length; t++, rest /= states) path[t] = (int)(rest % states);
            if (path.Zip(labels).Any(pair => pair.Second >= 0 && pair.First != pair.Second)) continue;
            double log = Math.Log(parameters.Initial[path[0]]);
            for (int t = 0; t < length; t++)
            {
                if (t > 0) log += Math.Log(parameters.Transitions[path[t - 1] * states + path[t]]);
                for (int j = 0; j < table.ColumnCount; j++)
                {
                    double rate = parameters.Components.Rates(path[t])[j], x = table.Row(t)[j];
                    log += x * Math.Log(rate) - rate - Enumerable.Range(1, (int)x).Sum(n => Math.Log(n));
                }
            }
            if (!double.IsNegativeInfinity(log)) joints.Add((path, log));
        }
        double peak = joints.Max(joint => joint.Log), evidence = peak + Math.Log(joints.Sum(joint => Math.Exp(joint.Log - peak)));
        var marginals = new double[length * states];
        var steps = new double[states * states];
        double entropy = 0, expected = 0;
        foreach ((int[] path, double log) in joints)
        {
            double q = Math.Exp(log - evidence);
            entropy -= q * (log - evidence);
            expected += q * log;
            for (int t = 0; t < length; t++) marginals[t * states + path[t]] += q;
            for (int t = 1; t < length; t++) steps[path[t - 1] * states + path[t]] += q;
        }
        (int[] best, double highest) = joints.MaxBy(joint => joint.Log);
        return new Enumeration(evidence, entropy, expected, marginals, steps, best, highest);
    }
}
