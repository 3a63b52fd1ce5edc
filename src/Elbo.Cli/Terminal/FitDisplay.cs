using Elbo.Cli.Outputs;
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
            bool isNew = news.Iteration is not { } iteration || history.Add(news.Start, iteration);
            if (!isNew || (history.Elapsed - drawn < LeastBetweenPictures && news.Iteration?.StopReason is null)) return;
            context.UpdateTarget(news.Pass is { } pass ? Picture(history, news.Start, pass) : Picture(history));
            drawn = history.Elapsed;
        })).ConfigureAwait(false);
    }

    static void Tell(FitHistory history, FitNews news, Reporter reporter)
    {
        if (news.Pass is { } pass) reporter.Say(Line(history, news.Start, pass));
        if (news.Iteration is not { } iteration) return;
        bool isNew = history.Add(news.Start, iteration);
        if (!history.Plan.IsBrief && isNew) reporter.Say(Line(history));
        else if (history.Plan.IsBrief && iteration.StopReason is { } reason) reporter.Say(End(news.Start, iteration, reason, history));
    }

    /// <summary>A pass without a bound of its own as one line.</summary>
    static string Line(FitHistory history, int start, TopicPass pass)
    {
        string line = (history.Plan.Starts > 1 ? $"start {start}  " : "") + $"pass {pass.Number,3}  {pass.Segment,-10}";
        if (pass.Objective is { } objective) line += $"  objective {Numbers.PerToken(objective / history.Plan.Unit.Count)}/{history.Plan.Unit.Name}";
        if (pass.Moved is { } moved) line += $"  moved {moved:P2}".Replace(" %", "%", StringComparison.Ordinal);
        if (pass.HeldOut is { } score) line += $"  held-out {Numbers.PerToken(score)}/{history.Plan.Unit.Name}";
        return line + $"  {Numbers.Time(pass.Elapsed)}";
    }

    static Grid Picture(FitHistory history, int start, TopicPass pass)
    {
        if (pass.Number == 1) history.Scores.Clear();
        if (pass.HeldOut is { } score) history.Scores.Add(score);
        Grid grid = new Grid().AddColumns(2);
        grid.AddRow(new Cell("pass"), new Cell(Line(history, start, pass)));
        grid.AddRow(new Cell("stretch"), new Cell(pass.Segment + ": no bound and no certificate; a closing mean-field pass gives the topics their ELBO"));
        if (history.Scores.Count > 0) grid.AddRow(new Cell("held-out"), new Cell(Sparkline.Of(history.Scores, CurveWidth), new Style(Color.Green)));
        return grid;
    }

    /// <summary>The end of a start as one line.</summary>
    static string End(int start, Iteration iteration, StopReason reason, FitHistory history) =>
        $"start {start}  {FitWords.Describe(reason)} after {Numbers.Plural(iteration.Number, "iteration")}  {history.Plan.Objective} {Numbers.PerToken(iteration.Objective)}  {Numbers.Time(history.Elapsed)}";

    /// <summary>An iteration as one line.</summary>
    static string Line(FitHistory history)
    {
        (int start, Iteration iteration) = history.Last!.Value;
        string line = history.Plan.Starts > 1 ? $"start {start}  " : "";
        line += $"iteration {iteration.Number,3}  {iteration.Segment,-7}  {history.Plan.Objective} {Numbers.Nats(iteration.Objective)}  {Numbers.PerToken(history.PerUnit)}/{history.Plan.Unit.Name}";
        if (iteration.Change is { } change) line += $"  change {Numbers.Change(change)}";
        if (iteration.Own.KullbackLeibler is { } divergence) line += $"  KL {Numbers.Nats(divergence)}";
        line += $"  {Numbers.Time(history.Elapsed)}";
        return FitWords.Fell(iteration) ? line + "  the bound fell, as cold passes may" : line;
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
