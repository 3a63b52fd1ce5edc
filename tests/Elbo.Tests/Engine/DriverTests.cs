using CoinFlips;
using Elbo.Engine;

namespace Elbo.Tests.Engine;

public sealed class DriverTests
{
    static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_carries_its_own_objective_and_the_half_steps_that_led_to_it()
    {
        List<Iterate<Point>> run = await ScriptedModel.RunAsync(new Script { Global = t => -1 - t / 8.0 }, cancellationToken: Token);
        Assert.Equal(5, run.Count);
        Assert.Null(run[0].Iteration.EStep);
        Assert.Null(run[0].Iteration.MStep);
        Assert.Null(run[0].Iteration.Change);
        for (int t = 0; t < run.Count; t++)
        {
            Iteration record = run[t].Iteration;
            Assert.Equal(t, run[t].Parameters.Value);
            Assert.Equal(t, record.Number);
            Assert.Equal(Script.Objective(t) - 1 - t / 8.0, record.Objective, 1e-12);
            Assert.Equal(Script.Objective(t), record.Own.LogEvidence!.Value, 1e-12);
            Assert.Equal(Math.Abs(record.Own.ExpectedLogJoint) + 2 + 1 + t / 8.0 + 1, record.Scale, 1e-12);
            Assert.Equal(t == 4 ? StopReason.IterationLimit : null, record.StopReason);
            if (t == 0) continue;
            // E-step t is at θ_t−1; the M-step has the same q, the new θ and the new global bound.
            Assert.Equal(run[t - 1].Iteration.Own, record.EStep);
            Assert.Equal(record.EStep!.Value.Entropy, record.MStep!.Value.Entropy);
            Assert.Equal(record.EStep.Value.ExpectedLogJoint + new Script().Gain(t - 1), record.MStep.Value.ExpectedLogJoint, 1e-12);
            Assert.Equal(record.Own.GlobalBound, record.MStep.Value.GlobalBound);
            Assert.Equal(record.Own.LogEvidence, record.MStep.Value.LogEvidence);
            Assert.Equal(record.Objective - run[t - 1].Iteration.Objective, record.Change!.Value, 1e-12);
            Assert.Equal(record.Change / record.Scale, record.RelativeChange);
        }
    }

    [Fact]
    public async Task The_divergence_is_nothing_after_an_exact_E_step_and_above_nothing_after_an_M_step()
    {
        List<Iterate<Coins>> run = await CoinsAsync(new EmState<Coins>(0, new Coins(0.6, 0.5)));
        foreach ((Coins _, Iteration record) in run)
        {
            Assert.Equal(0, record.Own.KullbackLeibler!.Value, 1e-12);
            if (record.Number == 0) continue;
            Assert.Equal(0, record.EStep!.Value.KullbackLeibler!.Value, 1e-12);
            Assert.InRange(record.MStep!.Value.KullbackLeibler!.Value, -1e-12, 10);
            Assert.True(record.Objective - record.EStep.Value.Elbo >= record.MStep.Value.Elbo - record.EStep.Value.Elbo - 1e-12, "log p rises by no less than the bound");
        }
        Assert.True(run[1].Iteration.MStep!.Value.KullbackLeibler > 0.1);
    }

    [Fact]
    public async Task Without_evidence_there_is_no_divergence()
    {
        List<Iterate<Point>> run = await ScriptedModel.RunAsync(new Script { Guarantee = Guarantee.Bound, Evidence = _ => null }, cancellationToken: Token);
        Assert.All(run, iterate => Assert.Null(iterate.Iteration.Own.KullbackLeibler));
        Assert.All(run.Skip(1), iterate => Assert.Null(iterate.Iteration.MStep!.Value.KullbackLeibler));
    }

    [Fact]
    public async Task Converged_where_the_relative_change_meets_the_tolerance()
    {
        List<Iterate<Point>> run = await ScriptedModel.RunAsync(new Script(), new EmOptions { Stop = StoppingRule.RelativeObjective(0.1) }, cancellationToken: Token);
        Assert.Equal(StopReason.Converged, run[^1].Iteration.StopReason);
        Assert.True(Math.Abs(run[^1].Iteration.RelativeChange!.Value) <= 0.1);
        Assert.All(run.Skip(1).SkipLast(1), iterate => Assert.True(Math.Abs(iterate.Iteration.RelativeChange!.Value) > 0.1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task The_iteration_limit_counts_M_steps(int limit)
    {
        List<Iterate<Point>> run = await ScriptedModel.RunAsync(new Script(), new EmOptions { Stop = StoppingRule.Never, MaximumIterations = limit }, cancellationToken: Token);
        Assert.Equal(limit + 1, run.Count);
        Assert.Equal(StopReason.IterationLimit, run[^1].Iteration.StopReason);
    }

    [Fact]
    public async Task The_time_limit_ends_the_iteration_in_which_it_passes()
    {
        var time = new ManualTime();
        var script = new Script { OnEStep = (_, _) => time.Advance(TimeSpan.FromSeconds(1)) };
        List<Iterate<Point>> run = await ScriptedModel.RunAsync(script, new EmOptions { Stop = StoppingRule.Never, TimeLimit = TimeSpan.FromSeconds(2.5), TimeProvider = time }, cancellationToken: Token);
        Assert.Equal(StopReason.TimeLimit, run[^1].Iteration.StopReason);
        Assert.Equal([1.0, 2.0, 3.0], run.Select(iterate => iterate.Iteration.Elapsed.TotalSeconds));
    }

    [Fact]
    public async Task A_fall_without_a_guarantee_is_recorded_and_stops_who_wants_to_hear_of_it()
    {
        // Up to E-step 2, then down.
        var script = new Script { Guarantee = Guarantee.None, Joint = t => t < 3 ? Script.Objective(t) : -70, Gain = _ => 1, Entropy = _ => 0 };
        List<Iterate<Point>> run = await ScriptedModel.RunAsync(script, cancellationToken: Token);
        Assert.Equal(-45, run[3].Iteration.Change);
        Assert.Equal(StopReason.IterationLimit, run[^1].Iteration.StopReason);

        run = await ScriptedModel.RunAsync(script, new EmOptions { Stop = StoppingRule.Never, StopWhenBoundFalls = true }, cancellationToken: Token);
        Assert.Equal(3, run[^1].Iteration.Number);
        Assert.Equal(StopReason.BoundFell, run[^1].Iteration.StopReason);
    }

    [Fact]
    public async Task Cancelled_before_there_is_an_objective_it_throws()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ScriptedModel.RunAsync(new Script(), cancellationToken: source.Token));
    }

    [Fact]
    public async Task Cancelled_in_an_E_step_it_gives_the_last_whole_record_once_more()
    {
        using var source = new CancellationTokenSource();
        List<Iterate<Point>> run = await ScriptedModel.RunAsync(new Script { OnEStep = (t, _) => { if (t == 2) source.Cancel(); } }, cancellationToken: source.Token);
        Assert.Equal([0, 1, 1], run.Select(iterate => iterate.Iteration.Number));
        Assert.Equal([null, null, StopReason.Cancelled], run.Select(iterate => iterate.Iteration.StopReason));
        Assert.Same(run[1].Parameters, run[2].Parameters);
        Assert.Equal(run[1].Iteration, run[2].Iteration with { StopReason = null });
    }

    [Fact]
    public async Task Cancelled_between_E_steps_it_stops_too()
    {
        using var source = new CancellationTokenSource();
        List<Iterate<Point>> run = await ScriptedModel.RunAsync(new Script(), cancellationToken: source.Token, beforeEStep: state => { if (state.Number == 3) source.Cancel(); });
        Assert.Equal(StopReason.Cancelled, run[^1].Iteration.StopReason);
        Assert.Equal(2, run[^1].Iteration.Number);
    }

    [Fact]
    public async Task Anothers_cancellation_is_no_stop_reason() =>
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            ScriptedModel.RunAsync(new Script { OnEStep = (t, _) => { if (t == 2) throw new OperationCanceledException("a worker gave up"); } }, cancellationToken: Token));

    [Fact]
    public async Task Going_on_from_any_state_gives_the_same_bits()
    {
        List<EmState<Coins>> states = [];
        List<Iterate<Coins>> whole = await CoinsAsync(new EmState<Coins>(0, new Coins(0.6, 0.5)), states.Add);
        Assert.True(states.Count >= 10);
        foreach (EmState<Coins> state in states)
        {
            List<Iterate<Coins>> rest = await CoinsAsync(state);
            Assert.Equal(whole.Count - state.Number, rest.Count);
            for (int i = 0; i < rest.Count; i++)
            {
                Assert.Equal(whole[state.Number + i].Parameters.Heads.Select(BitConverter.DoubleToInt64Bits), rest[i].Parameters.Heads.Select(BitConverter.DoubleToInt64Bits));
                // Records compare every number exactly.
                Assert.Equal(whole[state.Number + i].Iteration with { Elapsed = default }, rest[i].Iteration with { Elapsed = default });
            }
        }
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    public async Task A_tolerance_must_be_a_number_from_0(double tolerance) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ScriptedModel.RunAsync(new Script(), new EmOptions { Stop = StoppingRule.RelativeObjective(tolerance) }, cancellationToken: Token));

    static async Task<List<Iterate<Coins>>> CoinsAsync(EmState<Coins> start, Action<EmState<Coins>>? beforeEStep = null)
    {
        var model = new CoinModel();
        var shards = new ArrayShards<Session>([new(5, 5), new(9, 1), new(8, 2), new(4, 6), new(7, 3)], rowsPerShard: 2);
        var executor = new LocalExecutor<ReadOnlySpan<Session>, Coins, DenseStatistics>(shards, model, model, threads: 2);
        List<Iterate<Coins>> run = [];
        await foreach (Iterate<Coins> iterate in ExpectationMaximization.RunAsync(model, executor, start, new EmOptions(), beforeEStep, Token))
            run.Add(iterate);
        return run;
    }
}
