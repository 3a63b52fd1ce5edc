using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Observations;

namespace Elbo.Tests.Fitting;

public class EstimatorTests
{
    /// <summary>Major earthquakes in the world, a year, 1900 to 2006 (Zucchini and MacDonald 2009).</summary>
    static readonly ObservationTable Earthquakes = new(
    [
        13, 14, 8, 10, 16, 26, 32, 27, 18, 32, 36, 24, 22, 23, 22, 18, 25, 21, 21, 14, 8, 11, 14, 23, 18, 17, 19, 20, 22, 19, 13, 26, 13, 14, 22, 24, 21, 22, 26, 21, 23, 24, 27, 41, 31, 27, 35, 26,
        28, 36, 39, 21, 17, 22, 17, 19, 15, 34, 10, 15, 22, 18, 15, 20, 15, 22, 19, 16, 30, 27, 29, 23, 20, 16, 21, 21, 25, 16, 18, 15, 18, 14, 10, 15, 8, 15, 6, 11, 8, 7, 18, 16, 13, 12, 13, 20,
        15, 16, 12, 18, 15, 16, 13, 15, 16, 11, 11,
    ], 1);

    static readonly FitOptions Poisson = new() { Family = new FamilyOptions { Name = "poisson" }, Stop = StoppingRule.RelativeObjective(1e-12), MaximumIterations = 20_000 };

    static Task<FittedModel> FitAsync(ObservationTable table, FitOptions options, GivenStart? start = null) =>
        Estimator.FitAsync(table, options, start, cancellationToken: TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(1, -391.91892816549586)]
    [InlineData(2, -360.36904361053604)]
    [InlineData(3, -356.84893907083426)]
    public async Task EarthquakesReachTheirMaxima(int components, double expected)
    {
        FittedModel model = await FitAsync(Earthquakes, Poisson with { Components = components });
        Assert.Equal(expected, model.Record.LogLikelihood, 1e-6);
        Assert.Equal(model.Record.LogLikelihood, model.LogLikelihood(Earthquakes), 1e-9);
        Assert.Equal(2 * components - 1, model.Record.FreeParameters);
        Assert.Empty(model.Record.Degeneracies);
    }

    [Fact]
    public async Task A_start_rules_nothing_out()
    {
        // k-means puts every row of the four kinds into a group of one kind, whose other categories would then never be seen.
        var random = new Elbo.Numerics.Philox(4);
        double[] values = [.. Enumerable.Range(0, 400).SelectMany(i => Enumerable.Range(0, 4).Select(_ => random.NextDouble() < (i % 2 == 0 ? 0.7 : 0.3) ? 1.0 : 0))];
        var options = new FitOptions { Components = 2, Family = new FamilyOptions { Name = "bernoulli" }, Restarts = 1, MaximumIterations = 0 };
        foreach (StartMethod method in Enum.GetValues<StartMethod>())
        {
            FittedModel model = await FitAsync(new ObservationTable(values, 4), options with { Start = method });
            foreach (NamedTensor tensor in model.Parameters.Tensors.Where(tensor => tensor.Constraint == TensorConstraint.Simplex)) Assert.DoesNotContain(0, (double[])tensor.Values);
        }
    }

    [Fact]
    public async Task Policies_act_on_a_state_that_lost_its_rows()
    {
        // The third state is never entered.
        var table = new ObservationTable([.. Enumerable.Range(0, 200).Select(i => i / 20 % 2 == 0 ? 1.0 + i % 3 : 40.0 + i % 7)], 1);
        var chain = new Elbo.HiddenMarkov.HiddenMarkovParameters<PoissonComponents>([0.5, 0.5, 0], [0.9, 0.1, 0, 0.1, 0.9, 0, 0.5, 0.5, 0], new PoissonComponents([2, 43, 500], 1));
        FitOptions options = Poisson with { Structure = LatentStructure.HiddenMarkov, Components = 3, Degeneracy = DegeneracyPolicy.Drop };
        FittedModel model = await FitAsync(table, options, GivenStart.FromParameters(TensorSet.Of(chain)));
        Assert.Equal(2, model.Components);
        Assert.Contains(model.Record.Notes, note => note.Contains("component 2 is empty", StringComparison.OrdinalIgnoreCase) && note.Contains("dropped", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bernoulli", LatentStructure.Mixture, false, 2 + 3 * 2)]
    [InlineData("bernoulli", LatentStructure.HiddenMarkov, false, 2 + 6 + 3 * 2)]
    // One start, and two ways on from every state but the last.
    [InlineData("bernoulli", LatentStructure.HiddenMarkov, true, 0 + 2 + 3 * 2)]
    public async Task A_probability_that_the_fit_makes_0_is_free(string family, LatentStructure structure, bool leftToRight, int expected)
    {
        // The first column is 0 in two of the three groups, in runs of 20.
        var table = new ObservationTable([.. Enumerable.Range(0, 120).SelectMany(i => new double[] { i / 20 % 3 == 0 ? 1 : 0, i / 20 % 3 == 1 ? 1 : 0 })], 2);
        FittedModel model = await FitAsync(table.WithSequences(60, 60), new FitOptions { Structure = structure, LeftToRight = leftToRight, Components = 3, Hard = true, Family = new FamilyOptions { Name = family }, Restarts = 3 });
        Assert.Contains(model.Parameters.Tensors, tensor => tensor.Constraint == TensorConstraint.Simplex && ((double[])tensor.Values).Contains(0));
        Assert.Equal(expected, model.Record.FreeParameters);
    }

    [Fact]
    public async Task EveryStartLeadsToTheSameFit()
    {
        foreach (StartMethod method in Enum.GetValues<StartMethod>())
        {
            FittedModel model = await FitAsync(Earthquakes, Poisson with { Start = method, Restarts = 3, Seed = 0 });
            Assert.Equal(-360.36904361053604, model.Record.LogLikelihood, 1e-6);
        }
        FittedModel labels = await FitAsync(Earthquakes, Poisson, GivenStart.FromLabels([.. Enumerable.Range(0, 107).Select(i => Earthquakes.Row(i)[0] > 20 ? 1 : 0)]));
        Assert.Equal(-360.36904361053604, labels.Record.LogLikelihood, 1e-6);
        FittedModel again = await FitAsync(Earthquakes, Poisson, GivenStart.FromParameters(labels.Parameters));
        Assert.Equal(labels.Record.LogLikelihood, again.Record.LogLikelihood, 1e-9);
    }

    [Fact]
    public async Task ThreadsDoNotChangeABit()
    {
        var random = new Elbo.Numerics.Philox(3);
        ObservationTable table = new([.. Enumerable.Range(0, 30_000).Select(i => (double)random.NextPoisson(i % 3 == 0 ? 2 : 9))], 1);
        string? expected = null;
        foreach (int threads in new[] { 1, 2, 3, 7 })
        {
            FittedModel model = await FitAsync(table, Poisson with { Threads = threads, Restarts = 2, MaximumIterations = 8 });
            string bits = string.Join(' ', model.Parameters.Tensors.SelectMany(tensor => (double[])tensor.Values).Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(expected ?? bits, bits);
            expected = bits;
        }
    }

    [Fact]
    public async Task WeightsCountAsRowsDo()
    {
        double[] weights = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1];
        ObservationTable counted = new ObservationTable([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 1).WithWeights(weights);
        ObservationTable rows = new([.. weights.SelectMany((weight, value) => Enumerable.Repeat((double)value, (int)weight))], 1);
        FitOptions options = Poisson with { Restarts = 1, MaximumIterations = 3000, Stop = StoppingRule.Never };
        GivenStart start = GivenStart.FromParameters((await FitAsync(counted, options with { MaximumIterations = 0 })).Parameters);
        FittedModel first = await FitAsync(counted, options, start), second = await FitAsync(rows, options, start);
        Assert.Equal(-1989.945859883, first.Record.LogLikelihood, 1e-8);
        Assert.Equal(first.Record.LogLikelihood, second.Record.LogLikelihood, 1e-9);
        Assert.Equal(first.Record.Bic, second.Record.Bic, 1e-8);
        Assert.Equal(first.Record.Icl, second.Record.Icl, 1e-8);
    }

    [Fact]
    public async Task KnownLabelsStayAndPullTheOthers()
    {
        int[] labels = [.. Enumerable.Range(0, 107).Select(i => Earthquakes.Row(i)[0] switch { > 30 => 0, < 10 => 1, _ => -1 })];
        FittedModel model = await FitAsync(Earthquakes.WithLabels(labels, 2), Poisson with { Restarts = 1 });
        double[] rates = (double[])model.Parameters.Tensors[1].Values;
        Assert.True(rates[0] > rates[1], "The component of the large counts is the one that was named.");
    }

    [Fact]
    public async Task KnownRowsHaveNoEntropyInTheFitAndAreNewRowsToPredict()
    {
        foreach (LatentStructure structure in Enum.GetValues<LatentStructure>())
        {
            ObservationTable known = Earthquakes.WithLabels([.. Enumerable.Range(0, 107).Select(i => Earthquakes.Row(i)[0] > 20 ? 1 : 0)], 2);
            FittedModel model = await FitAsync(known, Poisson with { Structure = structure, Restarts = 1 });
            Assert.Equal(0, model.Record.AssignmentEntropy, 1e-12);
            Assert.Equal(model.Record.Bic, model.Record.Icl, 1e-9);
            Assert.Equal(model.Predict(Earthquakes).Responsibilities, model.Predict(known).Responsibilities);
            Assert.Equal(model.LogLikelihood(Earthquakes), model.LogLikelihood(known));
            Assert.Equal(model.LogLikelihood(Earthquakes), model.Predict(Earthquakes).LogDensities.Sum(), 1e-9);
        }
    }

    [Fact]
    public async Task LabelsThatGoBackAreRefusedFromLeftToRight()
    {
        ObservationTable table = new ObservationTable([1, 2, 3, 4, 5, 6], 1).WithSequences(2, 4);
        FitOptions options = Poisson with { Structure = LatentStructure.HiddenMarkov, LeftToRight = true, Components = 3, Restarts = 1 };
        await FitAsync(table.WithLabels([0, 1, -1, 1, -1, 2], 3), options);
        foreach ((int[] labels, string message) in new (int[], string)[]
        {
            ([-1, -1, 1, -1, -1, -1], "Row 3 is known to be in state 1, and from left to right only states 0 to 0"),
            ([-1, -1, -1, 1, -1, 0], "Row 6 is known to be in state 0, and from left to right only states 1 to 2"),
            ([-1, 2, -1, -1, -1, -1], "Row 2 is known to be in state 2, and from left to right only states 0 to 1"),
        })
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(() => FitAsync(table.WithLabels(labels, 3), options));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnImpossibleRowIsNamedAndHasNoLikelihood()
    {
        FitOptions options = new() { Family = new FamilyOptions { Name = "bernoulli" }, Components = 1, Restarts = 1 };
        ObservationTable zeros = new([0, 0, 0], 1), one = new([0, 1, 0], 1);
        FittedModel chain = await FitAsync(zeros, options with { Structure = LatentStructure.HiddenMarkov }), mixture = await FitAsync(zeros, options);
        Assert.Equal(double.NegativeInfinity, chain.LogLikelihood(one));
        Assert.Equal(double.NegativeInfinity, mixture.LogLikelihood(one));
        Assert.Equal(0, chain.LogLikelihood(one.WithSequences(1, 1, 1).WithWeights([1, 0, 1])));
        Assert.Contains("Row 2", Assert.Throws<ArgumentException>(() => chain.Predict(one)).Message, StringComparison.Ordinal);
        Assert.Equal([0, double.NegativeInfinity, 0], mixture.Predict(one).LogDensities);
    }

    [Fact]
    public async Task HardAssignmentsClimbTheClassificationLikelihood()
    {
        FittedModel model = await FitAsync(Earthquakes, Poisson with { Hard = true });
        Assert.True(model.Record.Objective < model.Record.LogLikelihood);
        Assert.All(model.Record.Traces.SelectMany(trace => trace), iteration => Assert.Equal(Guarantee.Surrogate, iteration.Guarantee));
        Assert.All(model.Record.Traces.SelectMany(trace => trace), iteration => Assert.Equal(0, iteration.Own.Entropy));
    }

    [Fact]
    public async Task AnEmptyComponentIsNamedOrDropped()
    {
        ObservationTable table = new([.. Enumerable.Repeat(3.0, 20)], 1);
        GivenStart start = GivenStart.FromLabels(new int[20]);
        FittedModel kept = await FitAsync(table, Poisson, start);
        Degeneracy empty = Assert.Single(kept.Record.Degeneracies);
        Assert.Equal((1, DegeneracyCause.Empty), (empty.Component, empty.Cause));

        FittedModel dropped = await FitAsync(table, Poisson with { Degeneracy = DegeneracyPolicy.Drop }, start);
        Assert.Equal(1, dropped.Components);
        Assert.Empty(dropped.Record.Degeneracies);
        Assert.Contains("dropped", Assert.Single(dropped.Record.Notes), StringComparison.Ordinal);
        Assert.Equal(2, dropped.Record.Traces[0].Select(iteration => iteration.Segment).Distinct().Count());
    }

    [Fact]
    public async Task CancelledItKeepsTheBestSoFar()
    {
        using var source = new CancellationTokenSource();
        FittedModel model = await Estimator.FitAsync(Earthquakes, Poisson with { Restarts = 5 }, null, new Stopper(source), cancellationToken: source.Token);
        Assert.Equal(StopReason.Cancelled, model.Record.StopReason);
        Assert.Single(model.Record.Traces);
    }

    sealed class Stopper(CancellationTokenSource source) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.Iteration.Number == 3) source.Cancel();
        }
    }
}
