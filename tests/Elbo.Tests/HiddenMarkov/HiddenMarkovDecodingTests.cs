using Elbo.Engine;
using Elbo.Families;
using Elbo.HiddenMarkov;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Tests.HiddenMarkov;

using Decoding = HiddenMarkovDecoding<PoissonComponents, DenseStatistics>;
using Parameters = HiddenMarkovParameters<PoissonComponents>;

public class HiddenMarkovDecodingTests
{
    [Theory, MemberData(nameof(HiddenMarkovBruteForceTests.Cases), MemberType = typeof(HiddenMarkovBruteForceTests))]
    public void StatesAgreeWithAllPaths(int states, int length, bool sparse, bool labelled)
    {
        var random = new Philox((ulong)(states * 100 + length));
        Parameters parameters = Chains.Random(random, states, 1, (i, j) => sparse && (i + j) % 2 == 1);
        ObservationTable table = Chains.Rows(random, length, 1);
        int[] labels = [.. Enumerable.Repeat(-1, length)];
        if (labelled) labels[0] = states / 2;
        if (labelled) table = table.WithLabels(labels, states);
        Enumeration expected = Enumeration.Of(parameters, table, labels);
        var decoding = new Decoding(Chains.Family, parameters);

        HiddenMarkovPath path = decoding.Viterbi(table);
        double[] smoothed = decoding.Smoothed(table);

        Assert.Equal(expected.BestPath, path.States);
        Assert.Equal(expected.BestLogJoint, path.LogJoints.Single(), 1e-12 * (1 + Math.Abs(expected.BestLogJoint)));
        for (int i = 0; i < smoothed.Length; i++) Assert.Equal(expected.Marginals[i], smoothed[i], 1e-12);
        for (int t = 0; t < length; t++) Assert.Equal(smoothed.Skip(t * states).Take(states).Max(), smoothed[t * states + decoding.MostLikelyStates(table)[t]]);
        Assert.Equal(expected.LogEvidence, decoding.LogLikelihoods(table).Single(), 1e-11);
        Assert.Equal(expected.LogEvidence, decoding.LogPredictives(table).Sum(), 1e-11);
        // What is known of the last state of a shorter sequence is what is smoothed there.
        double[] filtered = decoding.Filtered(table);
        for (int t = 0; t < length; t++)
        {
            ObservationTable begun = new(table.Values[..(t + 1)].ToArray(), 1);
            if (labelled) begun = begun.WithLabels(labels.AsSpan(0, t + 1), states);
            double[] marginals = Enumeration.Of(parameters, begun, labels[..(t + 1)]).Marginals;
            for (int k = 0; k < states; k++) Assert.Equal(marginals[t * states + k], filtered[t * states + k], 1e-12);
        }
    }

    [Fact]
    public void SequencesAreDecodedOnTheirOwn()
    {
        var random = new Philox(21);
        Parameters parameters = Chains.Random(random, 3, 1);
        int[] lengths = [4000, 1, 200, 3900, 7];
        ObservationTable table = Chains.Rows(random, lengths.Sum(), 1).WithSequences(lengths);
        var decoding = new Decoding(Chains.Family, parameters);

        HiddenMarkovPath path = decoding.Viterbi(table);
        double[] logs = decoding.LogLikelihoods(table), smoothed = decoding.Smoothed(table);

        for (int sequence = 0, first = 0; sequence < lengths.Length; first += lengths[sequence++])
        {
            var own = new ObservationTable(table.Values.Slice(first, lengths[sequence]).ToArray(), 1);
            Assert.Equal(decoding.Viterbi(own).States, path.States.AsSpan(first, lengths[sequence]).ToArray());
            Assert.Equal(decoding.LogLikelihoods(own).Single(), logs[sequence], 1e-9);
            Assert.Equal(decoding.Smoothed(own)[1], smoothed[first * 3 + 1], 1e-12);
        }
        Assert.Equal(Chains.Pass(parameters, table).Bound.LogEvidence!.Value, logs.Sum(), 1e-7);
    }

    [Fact]
    public void AnImpossibleSequenceHasNoPath()
    {
        var parameters = new Parameters([1, 0], [1, 0, 0, 1], new PoissonComponents([1, 2], 1));
        ObservationTable table = new ObservationTable([1, 2, 3, 4], 1).WithSequences(1, 3).WithLabels([-1, 0, 1, 1], 2);
        var decoding = new Decoding(Chains.Family, parameters);

        Assert.Equal(double.NegativeInfinity, decoding.LogLikelihoods(table)[1]);
        Assert.True(double.IsFinite(decoding.LogLikelihoods(table)[0]));
        double[] rows = decoding.LogPredictives(table);
        Assert.True(double.IsFinite(rows[1]));
        Assert.Equal([double.NegativeInfinity, double.NegativeInfinity], rows[2..]);
        foreach (Action ask in new Action[] { () => decoding.Viterbi(table), () => decoding.Smoothed(table), () => decoding.Filtered(table) })
            Assert.Contains("Row 3, step 2 of sequence 2", Assert.Throws<InvalidOperationException>(ask).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsDrawnIsFoundAgain()
    {
        var truth = new Parameters([0.7, 0.3, 0], [0.9, 0.1, 0, 0, 0.8, 0.2, 0.25, 0, 0.75], new PoissonComponents([2, 10, 30], 1));
        int[] lengths = [.. Enumerable.Repeat(100, 200)];
        var values = new double[lengths.Sum()];
        int[] states = HiddenMarkovSampling.Draw(Chains.Family, truth, lengths, 5, values);
        ObservationTable table = new ObservationTable(values, 1).WithSequences(lengths);
        var start = new Parameters([1.0 / 3, 1.0 / 3, 1.0 / 3], TransitionStarts.Persistent(3, 0.6), new PoissonComponents([4, 9, 20], 1));

        Iterate<Parameters> fit = await Chains.Fit(start, table, new EmOptions { Stop = StoppingRule.RelativeObjective(1e-10), MaximumIterations = 500 });

        for (int i = 0; i < 9; i++) Assert.Equal(truth.Transitions[i], fit.Parameters.Transitions[i], 0.02);
        for (int k = 0; k < 3; k++) Assert.Equal(truth.Initial[k], fit.Parameters.Initial[k], 0.1);
        for (int k = 0; k < 3; k++) Assert.Equal(truth.Components.Rates(k)[0], fit.Parameters.Components.Rates(k)[0], 0.02 * truth.Components.Rates(k)[0]);
        int[] found = new Decoding(Chains.Family, fit.Parameters).Viterbi(table).States;
        Assert.True(found.Zip(states).Count(pair => pair.First == pair.Second) > 0.97 * states.Length);
        // Structural zeros are never drawn; a sequence is the same whatever comes before it.
        for (int t = 1; t < 100; t++) Assert.True(truth.Transitions[states[t - 1] * 3 + states[t]] > 0);
        Assert.All(Enumerable.Range(0, 200), sequence => Assert.NotEqual(2, states[sequence * 100]));
        var others = new double[103];
        Assert.Equal(states[100..200], HiddenMarkovSampling.Draw(Chains.Family, truth, [3, 100], 5, others)[3..]);
        Assert.Equal(values[100..200], others[3..]);
    }

    [Fact]
    public void StartsAreDistributions()
    {
        Assert.Equal([0.8, 0.1, 0.1, 0.1, 0.8, 0.1, 0.1, 0.1, 0.8], TransitionStarts.Persistent(3, 0.8).Select(p => Math.Round(p, 12)));
        Assert.Equal([1.0], TransitionStarts.Persistent(1, 0.3));
        Assert.Equal([0.5, 0.25, 0.25, 0, 0, 0.5, 0.25, 0.25, 0, 0, 0.5, 0.5, 0, 0, 0, 1], TransitionStarts.LeftToRight(4, 0.5, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => TransitionStarts.LeftToRight(2, 1.5));
    }
}
