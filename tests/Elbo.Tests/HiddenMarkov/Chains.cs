using Elbo.Engine;
using Elbo.Families;
using Elbo.HiddenMarkov;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Tests.HiddenMarkov;

using Parameters = HiddenMarkovParameters<PoissonComponents>;
using Statistics = HiddenMarkovStatistics<DenseStatistics>;

/// <summary>Poisson hidden Markov models for tests.</summary>
static class Chains
{
    public static readonly Poisson Family = new();

    public static readonly HiddenMarkovModel<PoissonComponents, DenseStatistics> Model = new(Family);

    public static HiddenMarkovEStep<PoissonComponents, DenseStatistics> EStep(bool hard = false) => new(Family, hard);

    public static (LocalBound Bound, Statistics Statistics) Pass(Parameters parameters, ObservationTable table, bool hard = false, int threads = 1)
    {
        var executor = new LocalExecutor<ObservationBatch, Parameters, Statistics>(new SequenceShards(table), Model, EStep(hard), threads);
        EStepResult<Statistics> result = executor.ExpectAsync(parameters, default).AsTask().GetAwaiter().GetResult();
        return (result.Bound, result.Statistics);
    }

    public static async Task<Iterate<Parameters>> Fit(Parameters start, ObservationTable table, EmOptions options, bool hard = false, int threads = 1,
        HiddenMarkovModel<PoissonComponents, DenseStatistics>? model = null)
    {
        model ??= Model;
        var executor = new LocalExecutor<ObservationBatch, Parameters, Statistics>(new SequenceShards(table), model, EStep(hard), threads);
        Iterate<Parameters>? last = null;
        await foreach (Iterate<Parameters> iterate in ExpectationMaximization.RunAsync(model, executor, new(0, start), options, cancellationToken: TestContext.Current.CancellationToken))
            last = iterate;
        return last!;
    }

    /// <summary>Random parameters; transitions whose bit is set in <paramref name="zeros"/> are structural zeros, the diagonal never.</summary>
    public static Parameters Random(Philox random, int states, int columns, Func<int, int, bool>? isZero = null)
    {
        var initial = new double[states];
        random.NextDirichlet([.. Enumerable.Repeat(1.0, states)], initial);
        var transitions = new double[states * states];
        for (int i = 0; i < states; i++)
        {
            for (int j = 0; j < states; j++) transitions[i * states + j] = i != j && isZero?.Invoke(i, j) == true ? 0 : random.NextGamma(1);
            double sum = transitions.AsSpan(i * states, states).ToArray().Sum();
            for (int j = 0; j < states; j++) transitions[i * states + j] /= sum;
        }
        return new Parameters(initial, transitions, new PoissonComponents([.. Enumerable.Range(0, states * columns).Select(_ => 0.2 + random.NextGamma(2))], columns));
    }

    public static ObservationTable Rows(Philox random, int rows, int columns, double rate = 2) =>
        new([.. Enumerable.Range(0, rows * columns).Select(_ => (double)random.NextPoisson(rate))], columns);

    public static double Scale(LocalBound bound) => Math.Abs(bound.ExpectedLogJoint) + Math.Abs(bound.Entropy) + 1;

    public static void AssertDecomposes(LocalBound bound, Statistics statistics, Parameters parameters)
    {
        Assert.Equal(bound.LogEvidence!.Value, bound.ExpectedLogJoint + bound.Entropy, 1e-9 * Scale(bound));
        Assert.Equal(bound.ExpectedLogJoint, Model.ExpectedLogJoint(statistics, parameters), 1e-9 * Scale(bound));
    }
}
