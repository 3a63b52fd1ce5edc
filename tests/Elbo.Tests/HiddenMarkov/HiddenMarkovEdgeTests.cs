using Elbo.Engine;
using Elbo.Families;
using Elbo.HiddenMarkov;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Tests.HiddenMarkov;

using Parameters = HiddenMarkovParameters<PoissonComponents>;

public class HiddenMarkovEdgeTests
{
    /// <summary>Left to right: the middle rows are 2,000 nats likelier in the second state, and then rows come that are 4,000 nats likelier in the first, which cannot be returned to.</summary>
    [Fact]
    public void EvidenceThatTurnsLateIsNotLostToUnderflow()
    {
        var parameters = new Parameters([1, 0], [0.9, 0.1, 0, 1], new PoissonComponents([1, 1000], 1));
        double[] values = [.. Enumerable.Repeat(1.0, 5), 1000, .. Enumerable.Repeat(1.0, 12)];
        ObservationTable table = new(values, 1);
        Enumeration expected = LeftToRight(parameters, values);

        (LocalBound bound, HiddenMarkovStatistics<DenseStatistics> statistics) = Chains.Pass(parameters, table);

        Assert.Equal(expected.LogEvidence, bound.LogEvidence!.Value, 1e-12 * Chains.Scale(bound));
        Assert.Equal(expected.Entropy, bound.Entropy, 1e-12 * Chains.Scale(bound));
        Chains.AssertDecomposes(bound, statistics, parameters);
        for (int i = 0; i < 4; i++) Assert.Equal(expected.Steps[i], statistics.Transitions[i], 1e-12);
    }

    [Fact]
    public void RareTransitionsAreExactToo()
    {
        // So rare that probabilities are below the smallest double, where logarithms go on.
        var random = new Philox(11);
        var parameters = new Parameters([1, 0, 0], [1, 1e-250, 0, 0, 1, 1e-250, 1e-300, 0, 1], new PoissonComponents([1, 8, 30], 1));
        ObservationTable table = new([1, 2, 9, 31, 28, 1, 0], 1);
        Enumeration expected = Enumeration.Of(parameters, table, [.. Enumerable.Repeat(-1, 7)]);

        (LocalBound bound, HiddenMarkovStatistics<DenseStatistics> statistics) = Chains.Pass(parameters, table);

        Assert.Equal(expected.LogEvidence, bound.LogEvidence!.Value, 1e-12 * Chains.Scale(bound));
        Assert.Equal(expected.Entropy, bound.Entropy, 1e-12 * Chains.Scale(bound));
        for (int i = 0; i < 9; i++) Assert.Equal(expected.Steps[i], statistics.Transitions[i], 1e-12);
        Chains.AssertDecomposes(bound, statistics, parameters);
    }

    [Fact]
    public void AnImpossibleStepIsAnErrorThatShowsTheRow()
    {
        var parameters = new Parameters([1, 0], [1, 0, 0, 1], new PoissonComponents([1, 2], 1));
        ObservationTable table = new ObservationTable([1, 2, 3], 1).WithLabels([0, -1, 1], 2);

        var error = Assert.Throws<InvalidOperationException>(() => Chains.Pass(parameters, table));

        Assert.Contains("Step 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("(3)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(1, 1)]
    [InlineData(4, -1)]
    public void SequencesThatAreNotTheRowsOfTheirBatchAreRefused(int first, int second)
    {
        var parameters = new Parameters([1, 0], [0.5, 0.5, 0.5, 0.5], new PoissonComponents([1, 2], 1));
        var kernel = new HiddenMarkovEStep<PoissonComponents, DenseStatistics>(new Poisson()).Prepare(parameters);
        HiddenMarkovStatistics<DenseStatistics> statistics = new HiddenMarkovModel<PoissonComponents, DenseStatistics>(new Poisson()).CreateStatistics(parameters);
        Assert.Throws<ArgumentException>(() => kernel.Accumulate(new ObservationBatch([1, 2, 3], 1) { SequenceLengths = (int[])[first, second] }, statistics));
    }

    [Fact]
    public void WeightsCountSequences()
    {
        var random = new Philox(12);
        Parameters parameters = Chains.Random(random, 3, 1);
        ObservationTable rows = Chains.Rows(random, 12, 1).WithSequences(5, 1, 6);
        double[] values = rows.Values.ToArray();
        ObservationTable weighted = rows.WithWeights([2, 2, 2, 2, 2, 3, 0, 0, 0, 0, 0, 0]);
        ObservationTable repeated = new ObservationTable([.. values[..5], .. values[..5], values[5], values[5], values[5]], 1).WithSequences(5, 5, 1, 1, 1);

        (LocalBound bound, HiddenMarkovStatistics<DenseStatistics> statistics) = Chains.Pass(parameters, weighted);
        (LocalBound expected, HiddenMarkovStatistics<DenseStatistics> others) = Chains.Pass(parameters, repeated);

        Assert.Equal(expected.LogEvidence!.Value, bound.LogEvidence!.Value, 1e-11);
        Assert.Equal(expected.Entropy, bound.Entropy, 1e-11);
        Assert.Equal(expected.ExpectedLogJoint, bound.ExpectedLogJoint, 1e-11);
        for (int i = 0; i < 9; i++) Assert.Equal(others.Transitions[i], statistics.Transitions[i], 1e-11);
        for (int i = 0; i < 9; i++) Assert.Equal(others.Components.Values[i], statistics.Components.Values[i], 1e-11);
    }

    [Fact]
    public void WeightsThatDifferWithinASequenceAreRefused()
    {
        ObservationTable table = new ObservationTable([1, 2, 3, 4], 1).WithSequences(2, 2).WithWeights([1, 1, 1, 2]);
        Assert.Contains("Sequence 2", Assert.Throws<ArgumentException>(() => new SequenceShards(table)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StatesKnownInPartAreRefused()
    {
        ObservationTable table = new ObservationTable([1, 2], 1).WithResponsibilities([double.NaN, double.NaN, 0.5, 0.5], 2);
        Assert.Contains("Row 2", Assert.Throws<ArgumentException>(() => new SequenceShards(table)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ShardsAreGroupsOfWholeSequences()
    {
        ObservationTable table = Chains.Rows(new Philox(1), 10_000, 1).WithSequences(4095, 2, 5000, 3, 900);
        var shards = new SequenceShards(table);

        Assert.Equal(3, shards.Count);
        Assert.Equal([4095, 2], shards.Read(0).SequenceLengths.ToArray());
        Assert.Equal([5000], shards.Read(1).SequenceLengths.ToArray());
        Assert.Equal([3, 900], shards.Read(2).SequenceLengths.ToArray());
        Assert.Equal(903, shards.Read(2).Count);
        Assert.Equal(1, new SequenceShards(Chains.Rows(new Philox(1), 10_000, 1)).Count);
    }

    [Fact]
    public void DistributionsAreChecked()
    {
        var components = new PoissonComponents([1, 2], 1);
        Assert.Contains("initial", Assert.Throws<ArgumentException>(() => new Parameters([0.5, 0.4], [1, 0, 0, 1], components)).Message, StringComparison.Ordinal);
        Assert.Contains("state 1", Assert.Throws<ArgumentException>(() => new Parameters([0.5, 0.5], [1, 0, 0, 0.9], components)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Parameters([0.5, 0.5], [1, 0, 1], components));
    }

    /// <summary>With two states, left to right, a path is the step at which the second begins: 1 … T, T meaning never.</summary>
    static Enumeration LeftToRight(Parameters parameters, double[] values)
    {
        int length = values.Length;
        double[] joints = [.. Enumerable.Range(1, length).Select(change => Enumerable.Range(0, length).Sum(t =>
        {
            int state = t < change ? 0 : 1;
            double rate = parameters.Components.Rates(state)[0];
            double density = values[t] * Math.Log(rate) - rate - Enumerable.Range(1, (int)values[t]).Sum(n => Math.Log(n));
            return density + (t == 0 ? 0 : Math.Log(t < change ? 0.9 : t == change ? 0.1 : 1));
        }))];
        double peak = joints.Max(), evidence = peak + Math.Log(joints.Sum(joint => Math.Exp(joint - peak)));
        var steps = new double[4];
        double entropy = 0, expected = 0;
        for (int change = 1; change <= length; change++)
        {
            double q = Math.Exp(joints[change - 1] - evidence);
            if (!(q > 0)) continue;
            entropy -= q * (joints[change - 1] - evidence);
            expected += q * joints[change - 1];
            steps[0] += q * (change - 1);
            if (change < length) steps[1] += q;
            steps[3] += q * Math.Max(0, length - 1 - change);
        }
        return new Enumeration(evidence, entropy, expected, [], steps, [], 0);
    }
}
