using System.Text;
using Elbo.Numerics;

namespace LdaPeers;

/// <summary>The results as Markdown.</summary>
sealed class Report(IReadOnlyList<Curve> curves)
{
    const int MostLevels = 8;

    static readonly double[] Steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];

    readonly StringBuilder _text = new();

    public required string Title { get; init; }

    public required Split Split { get; init; }

    /// <summary>The call of bench/lda-peers.</summary>
    public required string Call { get; init; }

    /// <summary>The file name of the picture, beside the report.</summary>
    public required string Picture { get; init; }

    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>Processes that were running or waiting when it began.</summary>
    public required double Load { get; init; }

    /// <summary>The repository's folder, which is cut from the commands.</summary>
    public required string Repository { get; init; }

    public string Write()
    {
        _text.Clear();
        Line($"# {Title}");
        WriteCircumstances();
        WriteReaches();
        WriteRuns();
        WriteCommands();
        return _text.ToString();
    }

    void WriteCircumstances()
    {
        string versions = string.Join(", ", Versions.Select(program => $"{program.Key} {program.Value}"));
        int rounds = curves[0].Points[0].Runs.Count;
        Line(Invariant($"\n{TimeProvider.System.GetUtcNow():yyyy-MM-dd}. Machine: {Machine.Describe()}; load {Load:F1} when it began. Elbo at {Machine.Commit(Repository)}, kernel profile `{KernelProfiles.Name(KernelProfiles.Current)}`; {versions}."));
        Line($"\nCorpus: {Split.Description}: {Split.Count()}.");
        Line(Invariant($"\nMade by `{Call}`: every program at every budget {rounds} {(rounds == 1 ? "time, in turn, seed 1" : $"times, in turn, seeds 1 to {rounds}")}. Each run is a process of its own on one thread; its cost includes start, reading and writing. ")
            + "The topics of all are scored alike by document completion with α = 0.1, in nats per held-out token of terms that occur in training. scikit-learn, gensim and ML.NET have α = 0.1 and η = 0.01 and see all documents whole; nobody's priors were tuned here. Differences under 0.02 are those of seeds.");
        Line($"\n![Held-out score against CPU seconds]({Picture})");
    }

    void WriteReaches()
    {
        Line("\n## CPU seconds to a score\n");
        Line($"Of a whole process, interpolated between budgets (straight over the logarithm of the seconds); in brackets how many times {curves[0].Entrant.Name}'s. "
            + "\"≤\": the smallest budget was above it already; –: no budget came to it.\n");
        Line($"| nats per token | {string.Join(" | ", curves.Select(curve => curve.Entrant.Name))} |");
        Line($"|---|{string.Concat(curves.Select(_ => "---|"))}");
        foreach ((double level, string name) in Levels())
            Line($"| {Score(level)}{name} | {string.Join(" | ", curves.Select(curve => Cell(curve.Reaching(level), curves[0].Reaching(level), curve == curves[0])))} |");
        Line($"| a pass | {string.Join(" | ", curves.Select(curve => $"{Seconds(curve.SecondsPerPass)}{(curve == curves[0] ? "" : $" ({Ratio(curve.SecondsPerPass / curves[0].SecondsPerPass)})")}"))} |");
        Line("\n\"A pass\" is the difference between the largest and the smallest budget over that of their passes: without what a process needs to start, read and write.");
    }

    // Round numbers, and the best that each peer came to.
    IEnumerable<(double Level, string Name)> Levels()
    {
        double low = curves.Min(curve => curve.Points[0].Score), high = curves.Max(curve => curve.Best);
        double step = Steps.First(step => (high - low) / step <= MostLevels);
        IEnumerable<(double, string)> round = Enumerable.Range(1, MostLevels).Select(i => (Math.Floor(low / step) * step + i * step, "")).TakeWhile(level => level.Item1 <= high);
        IEnumerable<(double, string)> best = curves.Where(curve => !curve.Entrant.IsOurs).Select(curve => (Math.Floor(curve.Best * 1000) / 1000, $" (best of {curve.Entrant.Name})"));
        return round.Concat(best).OrderBy(level => level.Item1);
    }

    static string Cell(Reach? reach, Reach? reference, bool isReference)
    {
        if (reach is not { } own) return "–";
        string seconds = $"{(own.AtMost ? "≤ " : "")}{Seconds(own.Seconds)}";
        if (isReference || reference is not { } other || (own.AtMost && other.AtMost)) return seconds;
        return $"{seconds} ({(own.AtMost ? "≤ " : other.AtMost ? "≥ " : "")}{Ratio(own.Seconds / other.Seconds)})";
    }

    void WriteRuns()
    {
        Line("\n## All budgets\n");
        Line("Medians over the rounds, with the range of the scores.\n");
        Line("| | passes | score | range | CPU seconds | of them the fit | elapsed | peak memory, MB |");
        Line("|---|---|---|---|---|---|---|---|");
        foreach (Curve curve in curves)
            foreach (Point point in curve.Points)
                Line($"| {curve.Entrant.Name} | {point.Passes} | {Score(point.Score)} | {Score(point.Runs.Min(run => run.Score))} to {Score(point.Runs.Max(run => run.Score))} | {Seconds(point.Cpu)} | "
                    + $"{(point.Runs[0].FitCpu is null ? "" : Seconds(point.Median(run => run.FitCpu!.Value)))} | {Seconds(point.Median(run => run.Elapsed))} | {Invariant($"{point.Median(run => run.Megabytes):F0}")} |");
        Line("\n\"The fit\" is what a program tells of itself, without start, reading and writing; the `elbo` command does not tell.");
    }

    void WriteCommands()
    {
        Line("\n## Commands\n");
        var job = new Job("SPLIT", "VOCABULARY", "K", "PASSES", "SEED", "OUTPUT");
        foreach (Curve curve in curves)
            Line($"- {curve.Entrant.Name}: `{string.Join(' ', curve.Entrant.Command(job)).Replace(Repository + "/", "", StringComparison.Ordinal)}`");
    }

    void Line(string line) => _text.Append(line).Append('\n');

    static string Score(double nats) => Invariant($"{nats:F3}").Replace('-', '−');

    static string Seconds(double seconds) => seconds < 1 ? Invariant($"{seconds:F3}") : seconds < 10 ? Invariant($"{seconds:F2}") : Invariant($"{seconds:F1}");

    static string Ratio(double times) => times < 10 ? Invariant($"{times:F1}×") : Invariant($"{times:F0}×");

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
