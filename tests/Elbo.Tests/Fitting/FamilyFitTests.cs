using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Tests.Fitting;

/// <summary>What holds for a fit of any family, as a mixture and as a hidden Markov model, through the one interface.</summary>
public sealed class FamilyFitTests
{
    const int Rows = 9000;

    public static TheoryData<string, LatentStructure> All()
    {
        var data = new TheoryData<string, LatentStructure>();
        foreach (string family in FamilyCatalog.Names)
            foreach (LatentStructure structure in Enum.GetValues<LatentStructure>()) data.Add(family, structure);
        return data;
    }

    static FitOptions Options(string family, LatentStructure structure) => new()
    {
        Structure = structure,
        Family = new FamilyOptions { Name = family },
        Components = 3,
        Restarts = 2,
        MaximumIterations = 6,
        Seed = 0,
    };

    static Task<FittedModel> FitAsync(ObservationTable table, FitOptions options, GivenStart? start = null) =>
        Estimator.FitAsync(table, options, start, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Three groups that can be told apart, in runs of 60 and in sequences of 180.</summary>
    static ObservationTable TableFor(string family, int rows = Rows)
    {
        var random = new Philox(21);
        double Value(int group, int column) => family switch
        {
            "poisson" or "multinomial" => random.NextPoisson(2 + 9 * ((group + column) % 3)),
            "exponential" => -Math.Log(random.NextDoublePositive()) * (1 + 20 * ((group + column) % 3)),
            "gamma" => random.NextGamma(2 + group) * (1 + 6 * ((group + column) % 3)),
            "categorical" => random.NextDouble() < 0.8 ? (group + column) % 3 : random.NextInt32(3),
            "bernoulli" => random.NextDouble() < (group == column ? 0.9 : 0.1) ? 1 : 0,
            _ => 6 * ((group + column) % 3) + random.NextNormal(),
        };
        double[] values = [.. Enumerable.Range(0, rows * 3).Select(place => Value(place / 3 / 60 % 3, place % 3))];
        return new ObservationTable(values, 3).WithSequences([.. Enumerable.Repeat(180, rows / 180)]);
    }

    static string Bits(FittedModel model) =>
        string.Join(' ', model.Parameters.Tensors.Where(tensor => tensor.Values is double[]).SelectMany(tensor => (double[])tensor.Values).Select(BitConverter.DoubleToInt64Bits));

    [Theory]
    [MemberData(nameof(All))]
    public async Task Threads_do_not_change_a_bit(string family, LatentStructure structure)
    {
        ObservationTable table = TableFor(family);
        string? expected = null;
        foreach (int threads in new[] { 1, 2, 3, 7 })
        {
            FittedModel model = await FitAsync(table, Options(family, structure) with { Threads = threads, Online = new OnlineOptions { BatchSize = 5000 } });
            Assert.Equal(expected ??= Bits(model), Bits(model));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Online_batches_lead_near_to_where_EM_goes(string family, LatentStructure structure)
    {
        ObservationTable table = TableFor(family);
        FitOptions options = Options(family, structure) with { Restarts = 1, Start = StartMethod.Random, MaximumIterations = 500 };
        FittedModel batch = await FitAsync(table, options);
        // From EM's own place, so that both have the same mode to be near to; half a pass would forget it.
        FittedModel online = await FitAsync(table, options with { Online = new OnlineOptions { Passes = 3, BatchSize = 360 }, MaximumIterations = 0 }, GivenStart.FromParameters(batch.Parameters));
        Assert.Equal(["online", "online", "online", "EM"], online.Record.Traces[0].Select(iteration => iteration.Segment));
        Assert.Equal([Guarantee.None, Guarantee.None, Guarantee.None, Guarantee.Evidence], online.Record.Traces[0].Select(iteration => iteration.Guarantee));
        double lost = batch.Record.LogLikelihood - online.Record.LogLikelihood;
        Assert.InRange(lost, -0.01 * Math.Abs(batch.Record.LogLikelihood), 0.01 * Math.Abs(batch.Record.LogLikelihood));
        Assert.NotEqual(Bits(batch), Bits(online));
    }

    [Theory]
    [InlineData(LatentStructure.Mixture, false)]
    [InlineData(LatentStructure.Mixture, true)]
    [InlineData(LatentStructure.HiddenMarkov, false)]
    [InlineData(LatentStructure.HiddenMarkov, true)]
    public async Task What_one_batch_does_not_show_stays_possible(LatentStructure structure, bool hard)
    {
        // The third category comes once, and so not in most batches.
        var random = new Philox(5);
        var table = new ObservationTable([.. Enumerable.Range(0, 400).Select(i => i == 200 ? 2.0 : random.NextInt32(2))], 1).WithSequences([.. Enumerable.Repeat(20, 20)]);
        FittedModel model = await FitAsync(table, Options("categorical", structure) with { Components = 2, Hard = hard, Online = new OnlineOptions { Passes = 2, BatchSize = 20 } });
        Assert.All(model.Record.Traces.SelectMany(trace => trace), iteration => Assert.True(double.IsFinite(iteration.Objective)));
        Assert.True(double.IsFinite(model.LogLikelihood(table)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task One_online_batch_of_everything_is_one_iteration(string family, LatentStructure structure)
    {
        ObservationTable table = TableFor(family, 900);
        FitOptions options = Options(family, structure) with { Restarts = 1, MaximumIterations = 1 };
        FittedModel batch = await FitAsync(table, options);
        FittedModel online = await FitAsync(table, options with { Online = new OnlineOptions { BatchSize = 900 }, MaximumIterations = 0 });
        Assert.Equal(batch.Record.LogLikelihood, online.Record.LogLikelihood, 1e-8 * Math.Abs(batch.Record.LogLikelihood));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Weights_known_rows_priors_and_acceleration_work_for_every_family(string family, LatentStructure structure)
    {
        ObservationTable rows = TableFor(family, 900);
        // A sequence has one weight.
        double[] weights = [.. Enumerable.Range(0, 900).Select(i => 0.5 + i / 180 % 3)];
        ObservationTable table = rows.WithWeights(weights).WithLabels([.. Enumerable.Range(0, 900).Select(i => i % 30 == 7 ? i / 60 % 3 : -1)], 3).WithSequences(rows.SequenceLengths.ToArray());
        FitOptions options = Options(family, structure) with
        {
            MaximumIterations = 300,
            WeightConcentration = 1.5,
            Family = new FamilyOptions { Name = family, Prior = true },
        };
        FittedModel plain = await FitAsync(table, options);
        Assert.Equal(weights.Sum(), plain.Record.TotalWeight, 1e-9);
        Assert.NotEqual(plain.Record.LogLikelihood, plain.Record.Objective);
        foreach (Acceleration acceleration in new[] { Acceleration.Squarem, Acceleration.Anderson })
        {
            FittedModel fast = await FitAsync(table, options with { Acceleration = acceleration });
            Assert.True(fast.Record.Objective >= plain.Record.Objective - 1e-4 * Math.Abs(plain.Record.Objective), $"{fast.Record.Objective} < {plain.Record.Objective}");
        }
        // The labels say which group has which number.
        Prediction prediction = plain.Predict(rows);
        int right = Enumerable.Range(0, 900).Count(i => prediction.Of(i)[i / 60 % 3] > 0.5);
        Assert.True(right > 500, $"{right} of 900");
    }
}
