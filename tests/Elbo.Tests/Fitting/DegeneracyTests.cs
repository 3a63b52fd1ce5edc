using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Tests.Fitting;

public class DegeneracyTests
{
    /// <summary>40 rows that are all the same, and 60 of a Gaussian.</summary>
    static readonly ObservationTable Heap = MakeHeap();

    static ObservationTable MakeHeap()
    {
        var random = new Philox(7);
        double[] values = new double[200];
        for (int i = 80; i < 200; i++) values[i] = random.NextNormal();
        values.AsSpan(0, 80).Fill(2.5);
        return new ObservationTable(values, 2, ["width", "height"]);
    }

    static Task<FittedModel> FitAsync(ObservationTable table, FitOptions options, GivenStart? start = null) => Estimator.FitAsync(table, options, start, cancellationToken: TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(DegeneracyPolicy.Floor, false)]
    [InlineData(DegeneracyPolicy.Floor, true)]
    [InlineData(DegeneracyPolicy.Restart, false)]
    [InlineData(DegeneracyPolicy.Drop, false)]
    public async Task EveryPolicyEndsFiniteAndExplained(DegeneracyPolicy policy, bool prior)
    {
        foreach (string covariance in new[] { "full", "diagonal", "spherical", "tied" })
        {
            FittedModel model = await FitAsync(Heap, new FitOptions { Components = 3, Degeneracy = policy, Family = new FamilyOptions { Covariance = covariance, Prior = prior } });
            Assert.True(double.IsFinite(model.Record.LogLikelihood));
            Assert.All(model.Parameters.Tensors.Select(tensor => (double[])tensor.Values).SelectMany(values => values), value => Assert.True(double.IsFinite(value)));
            Assert.All(model.Record.Degeneracies, found => Assert.Contains(found.Cause, new[] { DegeneracyCause.Duplicates, DegeneracyCause.TooFewRows, DegeneracyCause.ConstantColumn, DegeneracyCause.Subspace }));
            bool separate = covariance != "tied";
            if (policy == DegeneracyPolicy.Drop) Assert.Empty(model.Record.Degeneracies);
            if (policy == DegeneracyPolicy.Drop && separate) Assert.Contains(model.Record.Notes, note => note.Contains("dropped", StringComparison.Ordinal));
            if (prior) Assert.Empty(model.Record.Degeneracies);
            if (policy != DegeneracyPolicy.Drop && !prior && separate) Assert.NotEmpty(model.Record.Degeneracies.Select(found => found.Message).Concat(model.Record.Notes));
        }
    }

    [Theory]
    [InlineData(Acceleration.Squarem, false)]
    [InlineData(Acceleration.Squarem, true)]
    [InlineData(Acceleration.Anderson, false)]
    [InlineData(Acceleration.Anderson, true)]
    public async Task ProposalsStayAboveTheFloor(Acceleration acceleration, bool allowTemporaryDecrease)
    {
        foreach (string covariance in new[] { "full", "diagonal", "spherical", "tied" })
        {
            FittedModel model = await FitAsync(Heap, new FitOptions
            {
                Components = 4,
                Restarts = 30,
                Start = StartMethod.Random,
                Family = new FamilyOptions { Covariance = covariance },
                Acceleration = acceleration,
                AllowTemporaryDecrease = allowTemporaryDecrease,
            });
            Assert.Contains(model.Record.Traces, trace => trace.Any(iteration => iteration.Move == Move.Proposal));
        }
    }

    public static TheoryData<FamilyOptions, LatentStructure> Floored()
    {
        var data = new TheoryData<FamilyOptions, LatentStructure>();
        foreach (LatentStructure structure in Enum.GetValues<LatentStructure>())
        {
            foreach (string covariance in new[] { "full", "diagonal", "spherical", "tied" }) data.Add(new FamilyOptions { Covariance = covariance }, structure);
            foreach (string name in new[] { "student-t", "regression", "exponential", "gamma" }) data.Add(new FamilyOptions { Name = name }, structure);
            data.Add(new FamilyOptions { Noise = true }, structure);
            data.Add(new FamilyOptions { EmissionComponents = 2 }, structure);
        }
        return data;
    }

    /// <summary>Rows that are all the same are likelier the further below its floor a component is, so that the first step would lead back down.</summary>
    [Theory]
    [MemberData(nameof(Floored))]
    public async Task GivenParametersAreRaisedToTheFloor(FamilyOptions family, LatentStructure structure)
    {
        var table = new ObservationTable([.. Enumerable.Repeat(family.Name == "exponential" ? 0.0 : 1.0, 40)], 2);
        FitOptions options = new() { Structure = structure, Family = family, Components = family.Noise ? 2 : 1, Restarts = 1 };
        FittedModel model = await FitAsync(table, options);
        Assert.NotEmpty(model.Record.Degeneracies);
        var beyond = new TensorSet();
        foreach (NamedTensor tensor in model.Parameters.Tensors)
        {
            double factor = tensor.Constraint is not (TensorConstraint.Positive or TensorConstraint.PositiveDefinite) || tensor.Name == "degrees_of_freedom" ? 1 : family.Name is "exponential" or "gamma" ? 1000 : 0.001;
            beyond.Add(new NamedTensor(tensor.Name, [.. tensor.Shape], ((double[])tensor.Values).Select(value => factor * value).ToArray(), tensor.Constraint));
        }

        FittedModel again = await FitAsync(table, options, GivenStart.FromParameters(beyond));
        Assert.Equal(model.Record.LogLikelihood, again.Record.LogLikelihood, 1e-6 * Math.Abs(model.Record.LogLikelihood));
    }

    [Theory]
    [InlineData(LatentStructure.Mixture)]
    [InlineData(LatentStructure.HiddenMarkov)]
    public async Task NoiseAndTheLastComponentBesideItAreNotDropped(LatentStructure structure)
    {
        FitOptions options = new() { Structure = structure, Components = 3, Degeneracy = DegeneracyPolicy.Drop, Restarts = 1, Family = new FamilyOptions { Noise = true } };
        // All rows begin, and with hard assignments stay, in the first component: the second goes, the noise is empty and stays.
        FittedModel empty = await FitAsync(Heap, options with { Hard = true }, GivenStart.FromLabels(new int[100]));
        Assert.Equal(2, empty.Components);
        Assert.Equal((1, DegeneracyCause.Empty), (Assert.Single(empty.Record.Degeneracies).Component, empty.Record.Degeneracies[0].Cause));

        // The one component takes the heap, and all else is noise.
        FittedModel heap = await FitAsync(Heap, options with { Components = 2 }, GivenStart.FromLabels([.. Enumerable.Range(0, 100).Select(i => i < 40 ? 0 : 1)]));
        Assert.Equal(2, heap.Components);
        Assert.Equal((0, DegeneracyCause.Duplicates), (Assert.Single(heap.Record.Degeneracies).Component, heap.Record.Degeneracies[0].Cause));
    }

    [Fact]
    public async Task AColumnThatNeverVariesIsToBeLeftOut()
    {
        double[] values = [.. Enumerable.Range(0, 60).SelectMany(i => new[] { i % 7 * 0.3 + i % 2 * 9, 4 })];
        FittedModel model = await FitAsync(new ObservationTable(values, 2, ["width", "height"]), new FitOptions { Components = 2 });
        Assert.Equal([(0, DegeneracyCause.ConstantColumn), (1, DegeneracyCause.ConstantColumn)], model.Record.Degeneracies.Select(found => (found.Component, found.Cause)));
        Assert.Equal("Component 1 has no spread in column 'height', where all rows of the table have the same value. Leave out what never varies.", model.Record.Degeneracies[1].Message);
    }

    [Fact]
    public async Task TheCauseIsNamed()
    {
        FittedModel heap = await FitAsync(Heap, new FitOptions { Components = 2 }, GivenStart.FromLabels([.. Enumerable.Range(0, 100).Select(i => i < 40 ? 1 : 0)]));
        Degeneracy found = Assert.Single(heap.Record.Degeneracies);
        Assert.Equal((1, DegeneracyCause.Duplicates), (found.Component, found.Cause));
        Assert.Contains("40 rows that are all the same (row 1", found.Message, StringComparison.Ordinal);

        var random = new Philox(8);
        double[] values = [.. Enumerable.Range(0, 60).SelectMany(i => new[] { random.NextNormal() + (i < 30 ? 0 : 9), i < 30 ? 1.0 : 3 * random.NextNormal() })];
        FittedModel constant = await FitAsync(new ObservationTable(values, 2, ["width", "height"]), new FitOptions { Components = 2 }, GivenStart.FromLabels([.. Enumerable.Range(0, 60).Select(i => i < 30 ? 0 : 1)]));
        Assert.Equal(DegeneracyCause.ConstantColumn, Assert.Single(constant.Record.Degeneracies).Cause);
        Assert.Contains("'height'", constant.Record.Degeneracies[0].Message, StringComparison.Ordinal);

        FittedModel single = await FitAsync(new ObservationTable([0, 1, 2, 3, 4, 50], 1), new FitOptions { Components = 2 }, GivenStart.FromLabels([0, 0, 0, 0, 0, 1]));
        Assert.Equal(DegeneracyCause.TooFewRows, Assert.Single(single.Record.Degeneracies).Cause);
        Assert.Contains("row 6", single.Record.Degeneracies[0].Message, StringComparison.Ordinal);

        double[] line = [.. Enumerable.Range(0, 60).SelectMany(i => i < 30 ? new[] { i * 0.1, i * 0.2 + 1 } : [random.NextNormal() + 30, random.NextNormal()])];
        FittedModel subspace = await FitAsync(new ObservationTable(line, 2), new FitOptions { Components = 2 }, GivenStart.FromLabels([.. Enumerable.Range(0, 60).Select(i => i < 30 ? 0 : 1)]));
        Assert.Equal((0, DegeneracyCause.Subspace), (Assert.Single(subspace.Record.Degeneracies).Component, subspace.Record.Degeneracies[0].Cause));
    }

    [Fact]
    public async Task ASoundFitIsPreferredToAHigherDegenerateOne()
    {
        FittedModel model = await FitAsync(Heap, new FitOptions { Components = 2, Restarts = 20, Family = new FamilyOptions { Covariance = "diagonal" }, Start = StartMethod.Random, Stop = StoppingRule.RelativeObjective(1e-5) });
        if (model.Record.Degeneracies.Count == 0) Assert.All(model.Record.Traces, trace => Assert.True(trace[^1].Objective <= model.Record.Objective || model.Record.Notes.Count > 0));
        else Assert.All(model.Record.Traces, trace => Assert.True(trace[^1].Objective <= model.Record.Objective));
    }
}
