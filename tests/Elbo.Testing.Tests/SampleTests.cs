using CensoredExponential;
using Elbo.Engine;
using Linkage;
using ZeroInflatedPoisson;

namespace Elbo.Testing.Tests;

public sealed class SampleTests
{
    static readonly Cell[] Animals = [new(0, 125), new(1, 18), new(2, 20), new(3, 34)];
    static readonly Lifetime[] Lifetimes = [new(1.2, false), new(0.4, false), new(3, true), new(2.5, false), new(3, true), new(0.9, false)];
    static readonly Counted[] Counts = [new(0, 60), new(1, 15), new(2, 21), new(3, 17), new(4, 8), new(5, 4), new(6, 1)];

    static async Task<Iterate<TParameters>> RunAsync<TRow, TParameters, TModel>(TModel model, TRow[] rows, TParameters start, EmOptions options)
        where TParameters : class, ITensors<TParameters>
        where TModel : IModel<TParameters, DenseStatistics>, IEStep<ReadOnlySpan<TRow>, TParameters, DenseStatistics>
    {
        var executor = new LocalExecutor<ReadOnlySpan<TRow>, TParameters, DenseStatistics>(new ArrayShards<TRow>(rows, 2), model, model);
        Iterate<TParameters>? last = null;
        await foreach (Iterate<TParameters> iterate in ExpectationMaximization.RunAsync(model, executor, new(0, start), options, cancellationToken: TestContext.Current.CancellationToken)) last = iterate;
        Assert.Equal(StopReason.Converged, last!.Iteration.StopReason);
        return last;
    }

    public static TheoryData<Acceleration> Accelerations => [.. Enum.GetValues<Acceleration>()];

    [Theory]
    [MemberData(nameof(Accelerations))]
    public async Task Linkage_reaches_the_root_of_its_likelihood_equation(Acceleration acceleration)
    {
        double theta = (await RunAsync(new LinkageModel(), Animals, new Recombination(0.5), new EmOptions { Stop = StoppingRule.ParameterNorm(1e-13), Acceleration = acceleration })).Parameters.Theta;
        // 197 θ² − 15 θ − 68 = 0 (Dempster, Laird and Rubin 1977 give θ = 0.6268).
        Assert.Equal((15 + Math.Sqrt(15 * 15 + 4 * 197 * 68)) / (2 * 197), theta, 1e-10);
        Assert.Equal(0.6268214979, theta, 1e-10);
    }

    [Theory]
    [MemberData(nameof(Accelerations))]
    public async Task A_censored_exponential_has_the_rate_of_failures_over_time(Acceleration acceleration)
    {
        double rate = (await RunAsync(new LifetimeModel(), Lifetimes, new Failure(1), new EmOptions { Stop = StoppingRule.ParameterNorm(1e-13), Acceleration = acceleration })).Parameters.Rate;
        Assert.Equal(4 / 11.0, rate, 1e-11);
    }

    [Theory]
    [MemberData(nameof(Accelerations))]
    public async Task Zero_inflation_is_fitted_without_a_closed_M_step(Acceleration acceleration)
    {
        Iterate<Inflation> end = await RunAsync(new InflationModel(), Counts, new Inflation(0.5, 1), new EmOptions { Stop = StoppingRule.ParameterNorm(1e-9), Acceleration = acceleration });
        // The likelihood equations: λ / (1 − e^−λ) is the mean of the counts above 0, and the zeros are as many as expected.
        double positive = Counts.Skip(1).Sum(row => row.Weight), sum = Counts.Sum(row => row.Weight * row.Value), all = Counts.Sum(row => row.Weight);
        double low = 1e-6, high = 50;
        for (int i = 0; i < 200; i++)
            if ((low + high) / 2 is var middle && middle / (1 - Math.Exp(-middle)) < sum / positive) low = middle;
            else high = middle;
        Assert.Equal(low, end.Parameters.Rate, 1e-6);
        Assert.Equal(1 - positive / all / (1 - Math.Exp(-low)), end.Parameters.Zero, 1e-6);
    }

    [Fact]
    public void Every_sample_keeps_every_law()
    {
        Conformance.CheckAll(new SampleSubject<Cell, Recombination, LinkageModel>(new(), [.. Animals, new(0, 1), new(3, 7)], (row, weight) => row with { Count = row.Count * weight }, random => new(0.1 + 0.8 * random.NextDouble())));
        Conformance.CheckAll(new SampleSubject<Lifetime, Failure, LifetimeModel>(new(), [.. Lifetimes, new(0, true), new(0.001, false)], (row, weight) => row with { Weight = row.Weight * weight }, random => new(0.1 + random.NextDouble())));
        Conformance.CheckAll(new SampleSubject<Counted, Inflation, InflationModel>(new(), Counts, (row, weight) => row with { Weight = row.Weight * weight }, random => new(0.1 + 0.8 * random.NextDouble(), 0.5 + 3 * random.NextDouble())));
    }

    [Fact]
    public void A_gradient_leads_to_the_same_place()
    {
        double[] target = [0.2, 0.8];
        double Height(Inflation at) => target[0] * Math.Log(at.Zero) + target[1] * Math.Log(1 - at.Zero) + 3 * Math.Log(at.Rate) - 2 * at.Rate;
        Inflation without = QuasiNewton.Maximize(Height, new Inflation(0.6, 7));
        Inflation with = QuasiNewton.Maximize(Height, new Inflation(0.6, 7), at => [target[0] / at.Zero, target[1] / (1 - at.Zero), 3 / at.Rate - 2]);
        foreach (Inflation found in new[] { without, with })
        {
            Assert.Equal(0.2, found.Zero, 1e-7);
            Assert.Equal(1.5, found.Rate, 1e-7);
        }
        Assert.Same(without, QuasiNewton.Maximize(_ => double.NegativeInfinity, without));
    }
}
