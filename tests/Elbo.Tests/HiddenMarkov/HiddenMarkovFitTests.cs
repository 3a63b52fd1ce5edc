using Elbo.Engine;
using Elbo.Families;
using Elbo.HiddenMarkov;
using Elbo.Mixtures;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Tests.HiddenMarkov;

using Parameters = HiddenMarkovParameters<PoissonComponents>;

public class HiddenMarkovFitTests
{
    /// <summary>Major earthquakes (magnitude 7 or more) in the world, year by year from 1900 to 2006 (Zucchini and MacDonald 2009, table 1.1).</summary>
    static readonly ObservationTable Earthquakes = new(
    [
        13, 14, 8, 10, 16, 26, 32, 27, 18, 32, 36, 24, 22, 23, 22, 18, 25, 21, 21, 14, 8, 11, 14, 23, 18, 17, 19, 20, 22, 19, 13, 26, 13, 14, 22, 24,
        21, 22, 26, 21, 23, 24, 27, 41, 31, 27, 35, 26, 28, 36, 39, 21, 17, 22, 17, 19, 15, 34, 10, 15, 22, 18, 15, 20, 15, 22, 19, 16, 30, 27, 29, 23,
        20, 16, 21, 21, 25, 16, 18, 15, 18, 14, 10, 15, 8, 15, 6, 11, 8, 7, 18, 16, 13, 12, 13, 20, 15, 16, 12, 18, 15, 16, 13, 15, 16, 11, 11,
    ], 1);

    /// <summary>R's HiddenMarkov and depmixS4 agree on these maxima with a free initial distribution.</summary>
    [Theory]
    [InlineData(2, -341.8787, new[] { 15.4207, 26.0182 })]
    [InlineData(3, -328.5275, new[] { 13.1338, 19.7132, 29.7097 })]
    public async Task EarthquakesReachThePublishedMaximum(int states, double logLikelihood, double[] rates)
    {
        Iterate<Parameters>? best = null;
        for (ulong seed = 0; seed < 5; seed++)
        {
            Philox random = Philox.ForStream(seed, 1);
            var transitions = new double[states * states];
            for (int i = 0; i < states * states; i++) transitions[i] = i % (states + 1) == 0 ? 0.8 : 0.2 / (states - 1);
            var start = new Parameters([.. Enumerable.Repeat(1.0 / states, states)], transitions,
                new PoissonComponents([.. Enumerable.Range(0, states).Select(_ => 10 + 20 * random.NextDouble())], 1));
            Iterate<Parameters> fit = await Chains.Fit(start, Earthquakes, new EmOptions { Stop = StoppingRule.RelativeObjective(1e-13), MaximumIterations = 3000 });
            if (best is null || fit.Iteration.Objective > best.Iteration.Objective) best = fit;
        }

        Assert.Equal(107, Earthquakes.RowCount);
        Assert.Equal(logLikelihood, best!.Iteration.Objective, 5e-5);
        double[] found = [.. Enumerable.Range(0, states).Select(k => best.Parameters.Components.Rates(k)[0]).Order()];
        for (int k = 0; k < states; k++) Assert.Equal(rates[k], found[k], 1e-3);
    }

    [Fact]
    public void AMillionStepsDecompose()
    {
        var random = new Philox(3);
        Parameters parameters = Chains.Random(random, 3, 1);
        ObservationTable table = Chains.Rows(random, 1_000_000, 1);

        (LocalBound bound, HiddenMarkovStatistics<DenseStatistics> statistics) = Chains.Pass(parameters, table);

        Assert.True(double.IsFinite(bound.ExpectedLogJoint + bound.Entropy));
        Assert.Equal(bound.LogEvidence!.Value, bound.ExpectedLogJoint + bound.Entropy, 1e-11 * Chains.Scale(bound));
        Chains.AssertDecomposes(bound, statistics, parameters);
        Assert.Equal(999_999, statistics.Transitions.ToArray().Sum(), 1e-5);
    }

    [Fact]
    public void EqualTransitionsAreAMixture()
    {
        var random = new Philox(4);
        Parameters chain = Chains.Random(random, 3, 2);
        double[] weights = chain.Initial.ToArray();
        var parameters = new Parameters(weights, [.. weights, .. weights, .. weights], chain.Components);
        ObservationTable table = Chains.Rows(random, 200, 2).WithSequences(1, 150, 1, 48);

        (LocalBound bound, HiddenMarkovStatistics<DenseStatistics> statistics) = Chains.Pass(parameters, table);
        var mixture = new MixtureStatistics<DenseStatistics>(3, Chains.Family.CreateStatistics(chain.Components));
        LocalBound expected = new MixtureEStep<PoissonComponents, DenseStatistics>(Chains.Family)
            .Prepare(new MixtureParameters<PoissonComponents>(weights, chain.Components)).Accumulate(new RowShards(table).Read(0), mixture);

        Assert.Equal(expected.LogEvidence!.Value, bound.LogEvidence!.Value, 1e-9);
        Assert.Equal(expected.Entropy, bound.Entropy, 1e-9);
        Assert.Equal(expected.ExpectedLogJoint, bound.ExpectedLogJoint, 1e-9);
        for (int i = 0; i < mixture.Components.Values.Length; i++) Assert.Equal(mixture.Components.Values[i], statistics.Components.Values[i], 1e-9);
    }

    [Fact]
    public void OneStateIsTheFamilyItself()
    {
        ObservationTable table = Chains.Rows(new Philox(5), 90, 1);
        PoissonComponents pooled = Chains.Family.Pool(table, 1);

        (LocalBound bound, HiddenMarkovStatistics<DenseStatistics> statistics) = Chains.Pass(new Parameters([1], [1], pooled), table);

        Assert.Equal(0, bound.Entropy, 1e-12);
        Assert.Equal(Chains.Family.ExpectedLogDensity(statistics.Components, pooled), bound.LogEvidence!.Value, 1e-10);
        Assert.Equal(90, statistics.Components.Values[0], 1e-12);
        Assert.Equal(89, statistics.Transitions[0], 1e-10);
    }

    [Fact]
    public async Task StructuralZerosStay()
    {
        var random = new Philox(6);
        Parameters start = Chains.Random(random, 4, 1, (i, j) => j < i || j > i + 1);
        start = new Parameters([1, 0, 0, 0], start.Transitions, start.Components);
        ObservationTable table = Chains.Rows(random, 300, 1).WithSequences([.. Enumerable.Repeat(30, 10)]);
        foreach (DirichletPrior? prior in new[] { null, new DirichletPrior(1), new DirichletPrior(2.5) })
        {
            var model = new HiddenMarkovModel<PoissonComponents, DenseStatistics>(Chains.Family, prior, prior);
            Iterate<Parameters> fit = await Chains.Fit(start, table, new EmOptions { MaximumIterations = 30, Stop = StoppingRule.Never }, model: model);

            Assert.Equal([1.0, 0, 0, 0], fit.Parameters.Initial.ToArray());
            for (int i = 0; i < 4; i++)
                for (int j = 0; j < 4; j++) Assert.True(j == i || j == i + 1 ? fit.Parameters.Transitions[i * 4 + j] > 0 : fit.Parameters.Transitions[i * 4 + j] == 0);
        }
    }

    [Fact]
    public async Task ThreadsDoNotChangeABit()
    {
        var random = new Philox(7);
        Parameters start = Chains.Random(random, 3, 2);
        int[] lengths = [.. Enumerable.Range(0, 400).Select(_ => 1 + random.NextInt32(100))];
        ObservationTable table = Chains.Rows(random, lengths.Sum(), 2).WithSequences(lengths);
        var options = new EmOptions { MaximumIterations = 4, Stop = StoppingRule.Never };
        Assert.True(new SequenceShards(table).Count > 3);
        Iterate<Parameters> one = await Chains.Fit(start, table, options);
        foreach (int threads in new[] { 2, 3, 7 })
        {
            Iterate<Parameters> many = await Chains.Fit(start, table, options, threads: threads);
            Assert.Equal(BitConverter.DoubleToInt64Bits(one.Iteration.Objective), BitConverter.DoubleToInt64Bits(many.Iteration.Objective));
            Assert.Equal(one.Parameters.Transitions.ToArray(), many.Parameters.Transitions.ToArray());
            Assert.Equal(one.Parameters.Components.Rates(2).ToArray(), many.Parameters.Components.Rates(2).ToArray());
        }
    }

    [Fact]
    public async Task HardEmAscendsItsClassificationLikelihood()
    {
        var random = new Philox(8);
        var table = new ObservationTable([.. Enumerable.Range(0, 500).Select(t => (double)random.NextPoisson(t / 25 % 2 == 0 ? 4 : 8))], 1);
        var start = new Parameters([0.5, 0.5], [0.7, 0.3, 0.2, 0.8], new PoissonComponents([4, 9], 1));
        var objectives = new List<double>();
        for (int iterations = 0; iterations < 8; iterations++)
        {
            Iterate<Parameters> fit = await Chains.Fit(start, table, new EmOptions { MaximumIterations = iterations, Stop = StoppingRule.Never }, hard: true);
            Assert.Equal(Guarantee.Surrogate, fit.Iteration.Guarantee);
            Assert.True(fit.Iteration.Objective < fit.Iteration.Own.LogEvidence);
            objectives.Add(fit.Iteration.Objective);
        }
        for (int i = 1; i < objectives.Count; i++) Assert.True(objectives[i] >= objectives[i - 1] - 1e-10 * Math.Abs(objectives[i]));
        Assert.True(objectives[^1] > objectives[0] + 1);
    }

    [Fact]
    public void LabelsOfStatesMeanNothing()
    {
        var random = new Philox(9);
        Parameters one = Chains.Random(random, 3, 1);
        int[] order = [2, 0, 1];
        var other = new Parameters([.. order.Select(k => one.Initial[k])], [.. order.SelectMany(i => order.Select(j => one.Transitions[i * 3 + j]))], one.Components.Select(order));
        ObservationTable table = Chains.Rows(random, 100, 1);

        (LocalBound bound, HiddenMarkovStatistics<DenseStatistics> statistics) = Chains.Pass(one, table);
        (LocalBound permuted, HiddenMarkovStatistics<DenseStatistics> others) = Chains.Pass(other, table);

        Assert.Equal(bound.LogEvidence!.Value, permuted.LogEvidence!.Value, 1e-10);
        Assert.Equal(bound.Entropy, permuted.Entropy, 1e-10);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) Assert.Equal(statistics.Transitions[order[i] * 3 + order[j]], others.Transitions[i * 3 + j], 1e-10);
    }
}
