using Elbo.Cli.Outputs;
using Elbo.Engine;
using Spectre.Console;
using Spectre.Console.Rendering;
using Cell = Spectre.Console.Text;

namespace Elbo.Cli.Terminal;

/// <summary>Shows a fit while it runs: drawn in place on a terminal, line by line elsewhere.</summary>
static class FitDisplay
{
    public const int CurveWidth = 48;

    // Passes over a small table take less time than drawing them.
    static readonly TimeSpan LeastBetweenPictures = TimeSpan.FromMilliseconds(50);

    /// <param name="reporter">Where it is shown.</param>
    /// <param name="plan">What is known beforehand.</param>
    /// <param name="fit">Runs the fit, and tells every iteration.</param>
    public static async Task<T> RunAsync<T>(Reporter reporter, FitPlan plan, Func<Action<FitNews>, Task<T>> fit)
    {
        var history = new FitHistory(plan);
        if (reporter.Quiet) return await fit(_ => { }).ConfigureAwait(false);
        if (!reporter.Rich) return await fit(news => Tell(history, news, reporter)).ConfigureAwait(false);
        TimeSpan drawn = -LeastBetweenPictures;
        return await reporter.Console.Live(new Cell("the first pass …")).AutoClear(true).StartAsync(context => fit(news =>
        {
            if (!history.Add(news) || history.Elapsed - drawn < LeastBetweenPictures) return;
            context.UpdateTarget(Picture(history));
            drawn = history.Elapsed;
        })).ConfigureAwait(false);
    }

    static void Tell(FitHistory history, FitNews news, Reporter reporter)
    {
        bool isNew = history.Add(news);
        if (!history.Plan.IsBrief && isNew) reporter.Say(Line(history));
        else if (history.Plan.IsBrief && news.Iteration.StopReason is { } reason) reporter.Say(End(news, reason, history));
    }

    /// <summary>The end of a start as one line.</summary>
    static string End(FitNews news, StopReason reason, FitHistory history) =>
        $"start {news.Start}  {FitSummary.Describe(reason)} after {Numbers.Plural(news.Iteration.Number, "iteration")}  {history.Plan.Objective} {Numbers.PerToken(news.Iteration.Objective)}  {Numbers.Time(history.Elapsed)}";

    /// <summary>An iteration as one line.</summary>
    static string Line(FitHistory history)
    {
        (int start, Iteration iteration) = history.Last!.Value;
        string line = history.Plan.Starts > 1 ? $"start {start}  " : "";
        line += $"iteration {iteration.Number,3}  {iteration.Segment,-7}  {history.Plan.Objective} {Numbers.Nats(iteration.Objective)}  {Numbers.PerToken(history.PerUnit)}/{history.Plan.Unit.Name}";
        if (iteration.Change is { } change) line += $"  change {Numbers.Change(change)}";
        if (iteration.Own.KullbackLeibler is { } divergence) line += $"  KL {Numbers.Nats(divergence)}";
        line += $"  {Numbers.Time(history.Elapsed)}";
        return FitHistory.Fell(iteration) ? line + "  the bound fell, as cold passes may" : line;
    }

    static Grid Picture(FitHistory history)
    {
        (int start, Iteration iteration) = history.Last!.Value;
        Grid grid = new Grid().AddColumns(2);
        if (history.Plan.Starts > 1) Row("start", $"{start + 1} of {history.Plan.Starts}");
        Row("iteration", $"{iteration.Number} of at most {history.Plan.MaximumIterations}");
        Row("stretch", iteration.Segment + (iteration.Guarantee == Guarantee.None ? ": the bound may fall between passes" : ": the bound cannot fall, and every half-step is checked"));
        Row(history.Plan.Objective, $"{Numbers.Nats(iteration.Objective)} nats, {Numbers.PerToken(history.PerUnit)} per {history.Plan.Unit.Name}");
        if (iteration.Change is { } change)
            Row("change", $"{Numbers.Change(change)} nats ({Numbers.Short(iteration.RelativeChange!.Value)} of its scale; {(history.Plan.RelativeTolerance is { } tolerance ? $"stops below {Numbers.Short(tolerance)}" : "stops by another rule")})");
        if (iteration.Own.KullbackLeibler is { } divergence) Row("KL", $"{Numbers.Nats(divergence)} nats");
        if (history.Falls > 0) grid.AddRow(new Cell("falls"), new Cell($"{history.Falls}, in cold passes", new Style(Color.Yellow)));
        grid.AddRow(new Cell("bound"), new Cell(Sparkline.Of(history.Bounds, CurveWidth), new Style(Color.Green)));
        Row("time", Numbers.Time(history.Elapsed) + (history.Estimate() is { } rest ? $", about {Numbers.Time(rest)} to go" : ""));
        return grid;

        void Row(string name, string value) => grid.AddRow(new Cell(name), new Cell(value));
    }
}

/// <summary>Hands news on at once, on the thread that has them.</summary>
sealed class Listener<T>(Action<T> hear) : IProgress<T>
{
    public void Report(T value) => hear(value);
}
