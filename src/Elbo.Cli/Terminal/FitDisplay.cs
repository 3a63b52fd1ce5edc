using Elbo.Engine;
using Elbo.Topics;
using Spectre.Console;
using Spectre.Console.Rendering;
using Cell = Spectre.Console.Text;

namespace Elbo.Cli.Terminal;

/// <summary>Shows a fit while it runs: drawn in place on a terminal, line by line elsewhere.</summary>
static class FitDisplay
{
    public const int CurveWidth = 48;

    public static async Task<T> RunAsync<T>(Reporter reporter, LdaOptions options, long tokens, Func<IProgress<LdaProgress>, Task<T>> fit)
    {
        var history = new FitHistory(options, tokens);
        if (reporter.Quiet) return await fit(new Listener(history, () => { })).ConfigureAwait(false);
        if (!reporter.Rich) return await fit(new Listener(history, () => reporter.Say(Line(history)))).ConfigureAwait(false);
        return await reporter.Console.Live(new Cell("the first pass …")).AutoClear(true).StartAsync(context =>
            fit(new Listener(history, () => context.UpdateTarget(Picture(history))))).ConfigureAwait(false);
    }

    /// <summary>An iteration as one line.</summary>
    static string Line(FitHistory history)
    {
        (int start, Iteration iteration) = history.Last!.Value;
        string line = history.Options.Restarts > 1 ? $"start {start}  " : "";
        line += $"iteration {iteration.Number,3}  {iteration.Segment,-7}  ELBO {Numbers.Nats(iteration.Objective)}  {Numbers.PerToken(history.PerToken)}/token";
        if (iteration.Change is { } change) line += $"  change {Numbers.Change(change)}";
        if (iteration.Own.KullbackLeibler is { } divergence) line += $"  KL {Numbers.Nats(divergence)}";
        line += $"  {Numbers.Time(history.Elapsed)}";
        return FitHistory.Fell(iteration) ? line + "  the bound fell, as cold passes may" : line;
    }

    static Grid Picture(FitHistory history)
    {
        (int start, Iteration iteration) = history.Last!.Value;
        Grid grid = new Grid().AddColumns(2);
        if (history.Options.Restarts > 1) Row("start", $"{start + 1} of {history.Options.Restarts}");
        Row("iteration", $"{iteration.Number} of at most {history.Options.MaximumIterations}");
        Row("stretch", iteration.Segment + (iteration.Guarantee == Guarantee.None ? ": the bound may fall between passes" : ": the bound cannot fall, and every half-step is checked"));
        Row("ELBO", $"{Numbers.Nats(iteration.Objective)} nats, {Numbers.PerToken(history.PerToken)} per token");
        if (iteration.Change is { } change)
            Row("change", $"{Numbers.Change(change)} nats ({Numbers.Short(iteration.RelativeChange!.Value)} of its scale; stops below {Numbers.Short(history.Options.RelativeTolerance)})");
        if (iteration.Own.KullbackLeibler is { } divergence) Row("KL", $"{Numbers.Nats(divergence)} nats");
        if (history.Falls > 0) grid.AddRow(new Cell("falls"), new Cell($"{history.Falls}, in cold passes", new Style(Color.Yellow)));
        grid.AddRow(new Cell("bound"), new Cell(Sparkline.Of(history.Bounds, CurveWidth), new Style(Color.Green)));
        Row("time", Numbers.Time(history.Elapsed) + (history.Estimate() is { } rest ? $", about {Numbers.Time(rest)} to go" : ""));
        return grid;

        void Row(string name, string value) => grid.AddRow(new Cell(name), new Cell(value));
    }

    sealed class Listener(FitHistory history, Action show) : IProgress<LdaProgress>
    {
        public void Report(LdaProgress value)
        {
            if (history.Add(value)) show();
        }
    }
}
