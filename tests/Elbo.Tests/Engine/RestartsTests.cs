using Elbo.Engine;

namespace Elbo.Tests.Engine;

public sealed class RestartsTests
{
    [Fact]
    public async Task The_best_is_kept_and_so_is_every_trace()
    {
        EmFit<Point>[] fits = [Fit(-5), Fit(-3), Fit(-4), Fit(-3)];
        RestartedFit<Point> result = await Restarts.RunAsync(4, start => Task.FromResult(fits[start]));
        Assert.Same(fits[1], result.Best);
        Assert.Equal(1, result.BestStart);
        Assert.Equal(fits.Select(fit => fit.Trace), result.Traces);
    }

    [Fact]
    public async Task Short_runs_are_continued_from_the_best()
    {
        EmFit<Point>[] fits = [Fit(-5), Fit(-3), Fit(-4)];
        EmFit<Point> continued = Fit(-1);
        RestartedFit<Point> result = await Restarts.RunAsync(3, start => Task.FromResult(fits[start]), best =>
        {
            Assert.Same(fits[1], best);
            return Task.FromResult(continued);
        });
        Assert.Equal(-1, result.Best.Objective);
        Assert.Same(continued.Parameters, result.Best.Parameters);
        Assert.Equal([.. fits[1].Trace, .. continued.Trace], result.Best.Trace);
        Assert.Equal([fits[0].Trace, result.Best.Trace, fits[2].Trace], result.Traces);
    }

    [Fact]
    public async Task A_continuation_that_ends_lower_does_not_lose_the_best()
    {
        EmFit<Point> first = Fit(-3);
        RestartedFit<Point> result = await Restarts.RunAsync(1, _ => Task.FromResult(first), _ => Task.FromResult(Fit(-4)));
        Assert.Equal(-3, result.Best.Objective);
        Assert.Same(first.Parameters, result.Best.Parameters);
        Assert.Equal(2, result.Best.Trace.Count);
    }

    [Theory]
    [InlineData(StopReason.Cancelled)]
    [InlineData(StopReason.TimeLimit)]
    public async Task A_run_that_is_cut_ends_the_series_which_says_so(StopReason reason)
    {
        EmFit<Point>[] fits = [Fit(-3), Fit(-5, reason), Fit(-1)];
        RestartedFit<Point> result = await Restarts.RunAsync(3, start => Task.FromResult(fits[start]), _ => throw new InvalidOperationException("not to be continued"));
        Assert.Equal(2, result.Traces.Count);
        Assert.Equal(-3, result.Best.Objective);
        Assert.Equal(reason, result.StopReason);
    }

    [Fact]
    public async Task Cancelled_before_the_first_objective_it_throws_and_later_it_keeps_the_best()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(() => Restarts.RunAsync<Point>(2, _ => throw new OperationCanceledException()));
        RestartedFit<Point> result = await Restarts.RunAsync(3, start => start < 2 ? Task.FromResult(Fit(-start)) : throw new OperationCanceledException());
        Assert.Equal(0, result.BestStart);
        Assert.Equal(2, result.Traces.Count);
        Assert.Equal(StopReason.Cancelled, result.StopReason);
    }

    [Fact]
    public async Task Cancelled_while_it_goes_on_it_keeps_the_short_run_and_says_so()
    {
        RestartedFit<Point> result = await Restarts.RunAsync(1, _ => Task.FromResult(Fit(-3)), _ => throw new OperationCanceledException());
        Assert.Equal(-3, result.Best.Objective);
        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.Equal(result.Best.Trace, result.Traces[0]);
    }

    [Fact]
    public async Task At_least_one_start_is_needed() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Restarts.RunAsync(0, _ => Task.FromResult(Fit(0))));

    static EmFit<Point> Fit(double objective, StopReason reason = StopReason.Converged) => new(new Point(objective), objective,
    [
        new Iteration
        {
            Number = 0,
            Segment = "EM",
            Guarantee = Guarantee.Evidence,
            Own = new HalfStep(objective, 0, 0, null),
            Terms = default,
            Scale = 1,
            Elapsed = default,
            StopReason = reason,
        },
    ]);
}
