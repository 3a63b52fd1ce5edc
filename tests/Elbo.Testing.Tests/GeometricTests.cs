using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Numerics;
using Elbo.Observations;
using GeometricFamily;

namespace Elbo.Testing.Tests;

/// <summary>The family that CONTRIBUTING adds, and its tests as they stand there.</summary>
public sealed class GeometricTests
{
    static readonly ObservationTable Table = new([3, 9, 0, 5, 12, 2, 0, 1, 0, 0, 40, 2, 0, 1, 0, 7, 7, 3, 1, 0], 1);

    static double LogDensity(Chances chances, int component, ReadOnlySpan<double> row) => Math.Log(chances.Stop(component) * Math.Pow(1 - chances.Stop(component), row[0]));

    [Fact]
    public void Its_mixture_keeps_every_law() =>
        Assert.Empty(Conformance.CheckAll(new MixtureSubject<Chances, DenseStatistics>("geometric mixture", new Geometric(), Table, 3, logDensity: LogDensity)));

    [Fact]
    public void Its_hidden_Markov_model_keeps_every_law() =>
        Assert.Empty(Conformance.CheckAll(new HiddenMarkovSubject<Chances, DenseStatistics>("geometric HMM", new Geometric(), Table.WithSequences(5, 1, 4, 10), 3, logDensity: LogDensity)));

    [Fact]
    public async Task Chances_that_rows_were_drawn_with_are_found()
    {
        var truth = new Chances([0.2, 0.8]);
        var random = new Philox(5);
        var values = new double[4000];
        for (int i = 0; i < values.Length; i++) new Geometric().Sample(truth, i % 4 == 0 ? 1 : 0, random, values.AsSpan(i, 1));
        FittedModel model = await Estimator.FitAsync(AnyFamily.Of(new Geometric()), new ObservationTable(values, 1), new FitOptions { Components = 2, Restarts = 3 }, cancellationToken: TestContext.Current.CancellationToken);
        double[] stop = [.. model.Parameters.Doubles("chances", TensorConstraint.Simplex, 2, 2).Where((_, place) => place % 2 == 0).Order()];
        Assert.Equal(0.2, stop[0], 0.02);
        Assert.Equal(0.8, stop[1], 0.06);
    }
}
