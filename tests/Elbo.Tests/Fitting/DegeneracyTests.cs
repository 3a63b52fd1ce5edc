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
            if (policy == DegeneracyPolicy.Floor && !prior && separate) Assert.NotEmpty(model.Record.Degeneracies.Concat(model.Record.Degeneracies).Select(found => found.Message).Concat(model.Record.Notes));
        }
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
