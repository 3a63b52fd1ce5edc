using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Numerics;
using Elbo.Observations;
using Elbo.Selection;

namespace Elbo.Tests.Selection;

public sealed class ModelSelectionTests
{
    static FitOptions Gaussian(int components, string covariance = "full") => new() { Components = components, Family = new FamilyOptions { Covariance = covariance } };

    static FitOptions Poisson(int components) => new() { Components = components, Family = new FamilyOptions { Name = "poisson" } };

    static Task<SelectionResult> RunAsync(ObservationTable table, IReadOnlyList<FitOptions> candidates, SelectionOptions? options = null) =>
        ModelSelection.RunAsync(table, candidates, options, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Counts of which two thirds are about 3 and a third about 30.</summary>
    static ObservationTable Counts(int rows)
    {
        var random = new Philox(17);
        return new ObservationTable([.. Enumerable.Range(0, rows).Select(i => (double)random.NextPoisson(i % 3 == 0 ? 30 : 3))], 1);
    }

    /// <summary>30 equal rows among 60 others: a component that has them to itself has no spread, and any height.</summary>
    static ObservationTable Spike()
    {
        var random = new Philox(5);
        return new ObservationTable([.. Enumerable.Range(0, 90).SelectMany(i => i < 30 ? (double[])[1, 1] : [random.NextNormal(), random.NextNormal()])], 2);
    }

    [Fact]
    public async Task Iris_has_two_components_by_bic_among_full_covariances()
    {
        string[] lines = File.ReadAllLines(SmallTables.PathOf("iris.csv"))[1..];
        var table = new ObservationTable([.. lines.SelectMany(line => line.Split(',')[..4]).Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))], 4);
        SelectionResult result = await RunAsync(table, [.. Enumerable.Range(1, 4).Select(components => Gaussian(components))]);
        Assert.Equal(2, result.Best!.Options.Components);
        Assert.Equal(574.0178, result.Best.Model!.Record.Bic, 1e-3);
        Assert.Equal(580.8389, result.Candidates[2].Model!.Record.Bic, 1e-3);
    }

    [Theory]
    [InlineData(SelectionCriterion.Bic)]
    [InlineData(SelectionCriterion.Icl)]
    [InlineData(SelectionCriterion.HeldOut)]
    public async Task The_number_of_components_that_made_the_rows_is_found(SelectionCriterion criterion)
    {
        SelectionResult result = await RunAsync(Counts(400), [Poisson(1), Poisson(2)], new SelectionOptions { Criterion = criterion, Folds = criterion == SelectionCriterion.HeldOut ? 4 : 0 });
        Assert.True(result.IsComplete);
        Assert.Equal(2, result.Best!.Options.Components);
        Assert.All(result.Candidates, candidate => Assert.True(candidate.IsTrusted));
    }

    [Theory]
    [InlineData(LatentStructure.Mixture)]
    [InlineData(LatentStructure.HiddenMarkov)]
    public async Task What_calls_rows_that_were_left_out_impossible_is_not_the_best(LatentStructure structure)
    {
        ObservationTable table = new ObservationTable([.. Enumerable.Range(0, 20).Select(i => i == 7 ? 1.0 : 0)], 1).WithSequences(5, 5, 5, 5);
        FitOptions options = new() { Structure = structure, Family = new FamilyOptions { Name = "bernoulli" }, Components = 1, Restarts = 1 };
        var byRest = new SelectionOptions { Criterion = SelectionCriterion.HeldOut, Folds = 4 };
        SelectionResult result = await RunAsync(table, [options], byRest);
        Assert.Equal(double.NegativeInfinity, Assert.Single(result.Candidates).HeldOut);
        Assert.Null(result.Best);
        Assert.NotNull((await RunAsync(table, [options with { Family = options.Family with { Prior = true } }], byRest)).Best);
    }

    [Fact]
    public async Task A_fit_on_the_floor_is_not_trusted_though_its_criterion_is_better()
    {
        SelectionResult result = await RunAsync(Spike(), [Gaussian(1), Gaussian(2)]);
        Assert.True(result.Candidates[1].Score(SelectionCriterion.Bic) < result.Candidates[0].Score(SelectionCriterion.Bic));
        Assert.Contains(Distrust.Degenerate, result.Candidates[1].Doubts);
        Assert.Same(result.Candidates[0], result.Best);
    }

    [Fact]
    public async Task Fits_that_stopped_early_or_dropped_components_are_not_trusted_and_none_may_be_the_best()
    {
        SelectionResult result = await RunAsync(Counts(100), [Poisson(2) with { MaximumIterations = 1, Start = StartMethod.Random }]);
        Assert.Contains(Distrust.NotConverged, Assert.Single(result.Candidates).Doubts);
        Assert.Null(result.Best);
        SelectionResult dropped = await RunAsync(Spike(), [Gaussian(2) with { Degeneracy = DegeneracyPolicy.Drop }]);
        Assert.Equal([Distrust.FewerComponents], Assert.Single(dropped.Candidates).Doubts);
    }

    [Fact]
    public async Task A_candidate_that_the_rows_do_not_fit_is_reported_and_the_others_go_on()
    {
        SelectionResult result = await RunAsync(new ObservationTable([0.5, 1.5, 2.5, 3], 1), [Poisson(1), Gaussian(1)]);
        Assert.Equal([Distrust.Failed], result.Candidates[0].Doubts);
        Assert.Contains("Row 1, column 'x1' is 0.5", result.Candidates[0].Problem, StringComparison.Ordinal);
        Assert.Same(result.Candidates[1], result.Best);
    }

    [Fact]
    public async Task Held_out_rows_of_one_component_are_scored_by_the_means_of_the_others()
    {
        // K = 1: the rate of each fold is the mean of the rest, which can be checked without any of the code that is tested, but for the cut itself.
        ObservationTable table = Counts(40).WithWeights([.. Enumerable.Range(0, 40).Select(i => 1.0 + i % 3)]);
        var folds = new TableFolds(table, 4, seed: 9, areSequences: false);
        double sum = 0;
        for (int fold = 0; fold < 4; fold++)
        {
            ObservationTable training = folds.Training(fold), heldOut = folds.HeldOut(fold);
            Assert.Equal(40, training.RowCount + heldOut.RowCount);
            Assert.Equal(10, heldOut.RowCount);
            double rate = Enumerable.Range(0, training.RowCount).Sum(i => training.Weights[i] * training.Row(i)[0]) / training.TotalWeight;
            for (int i = 0; i < heldOut.RowCount; i++)
            {
                double count = heldOut.Row(i)[0], factorial = 0;
                for (int n = 2; n <= count; n++) factorial += Math.Log(n);
                sum += heldOut.Weights[i] * (count * Math.Log(rate) - rate - factorial);
            }
        }
        SelectionResult result = await RunAsync(table, [Poisson(1)], new SelectionOptions { Criterion = SelectionCriterion.HeldOut, Folds = 4, Seed = 9 });
        Assert.Equal(sum / table.TotalWeight, result.Candidates[0].HeldOut!.Value, 1e-9);
    }

    [Fact]
    public void Folds_keep_sequences_whole_and_every_row_is_held_out_once()
    {
        ObservationTable table = new ObservationTable([.. Enumerable.Range(0, 30).Select(i => (double)i)], 1).WithSequences(4, 1, 10, 5, 7, 3);
        var folds = new TableFolds(table, 3, seed: 1, areSequences: true);
        var seen = new List<double>();
        var begins = new Dictionary<double, int> { [0] = 4, [4] = 1, [5] = 10, [15] = 5, [20] = 7, [27] = 3 };
        for (int fold = 0; fold < 3; fold++)
        {
            ObservationTable heldOut = folds.HeldOut(fold);
            seen.AddRange(heldOut.Values.ToArray());
            int row = 0;
            foreach (int length in heldOut.SequenceLengths)
            {
                Assert.Equal(begins[heldOut.Row(row)[0]], length);
                Assert.Equal(Enumerable.Range((int)heldOut.Row(row)[0], length).Select(i => (double)i), heldOut.Values.Slice(row, length).ToArray());
                row += length;
            }
            Assert.Equal(30 - heldOut.RowCount, folds.Training(fold).SequenceLengths.ToArray().Sum());
        }
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (double)i), seen.Order());
        Assert.Contains("there are 6 for 7 folds", Assert.Throws<ArgumentException>(() => new TableFolds(table, 7, 1, areSequences: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Known_responsibilities_stay_in_the_training_rows()
    {
        ObservationTable table = Counts(30).WithLabels([.. Enumerable.Range(0, 30).Select(i => i % 3 == 0 ? 1 : i % 3 == 1 ? 0 : -1)], 2);
        var folds = new TableFolds(table, 3, seed: 2, areSequences: false);
        ObservationTable training = folds.Training(0);
        for (int i = 0; i < training.RowCount; i++)
        {
            double known = training.Responsibilities[2 * i + 1];
            if (!double.IsNaN(known)) Assert.Equal(known == 1, training.Row(i)[0] > 12);
        }
        SelectionResult result = await RunAsync(table, [Poisson(2)], new SelectionOptions { Folds = 3 });
        Assert.NotNull(result.Candidates[0].HeldOut);
    }

    [Fact]
    public async Task Cancelled_it_keeps_what_is_done()
    {
        using var source = new CancellationTokenSource();
        var progress = new Hear(_ => source.Cancel());
        SelectionResult result = await ModelSelection.RunAsync(Counts(50), [Poisson(1), Poisson(2)], null, progress, source.Token);
        Assert.False(result.IsComplete);
        Assert.Single(result.Candidates);
        Assert.Equal(1, result.Best!.Options.Components);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ModelSelection.RunAsync(Counts(50), [Poisson(1)], null, null, source.Token));
    }

    [Fact]
    public async Task Options_that_make_no_sense_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => RunAsync(Counts(9), []));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => RunAsync(Counts(9), [Poisson(1)], new SelectionOptions { Folds = 1 }));
        await Assert.ThrowsAsync<ArgumentException>(() => RunAsync(Counts(9), [Poisson(1)], new SelectionOptions { Criterion = SelectionCriterion.HeldOut }));
    }

    [Fact]
    public async Task Starts_that_reach_the_same_objective_are_counted()
    {
        FittedModel model = await Estimator.FitAsync(Counts(200), Poisson(2) with { Restarts = 5, Start = StartMethod.Random }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(5, StartAgreement.Count(model.Record));
        Assert.Null(StartAgreement.Count(model.Record with { Options = model.Record.Options with { ShortIterations = 3 } }));
        IReadOnlyList<Iteration> poor = [model.Record.Traces[0][0]];
        Assert.Equal(4, StartAgreement.Count(model.Record with { Traces = [.. model.Record.Traces.Take(4), poor], BestStart = 0 }));
    }

    sealed class Hear(Action<Candidate> hear) : IProgress<Candidate>
    {
        public void Report(Candidate value) => hear(value);
    }
}
