using System.Globalization;
using System.Text.RegularExpressions;

namespace LdaPeers;

/// <summary>One process: what it cost, and what its topics are worth.</summary>
/// <param name="Entrant">Who.</param>
/// <param name="Passes">Its budget.</param>
/// <param name="Cpu">CPU seconds of the whole process, user and system.</param>
/// <param name="Elapsed">Seconds on the clock.</param>
/// <param name="Megabytes">Peak resident memory.</param>
/// <param name="FitCpu">CPU seconds of the fit alone, where the program tells.</param>
/// <param name="Score">Held-out nats per token of seen terms.</param>
sealed record Run(Entrant Entrant, int Passes, double Cpu, double Elapsed, double Megabytes, double? FitCpu, double Score);

/// <summary>All programs at all their budgets on one split, one process after another, round after round.</summary>
sealed partial class Comparison(Split split, IReadOnlyList<Entrant> entrants, string measure, int topics)
{
    readonly Scorer _scorer = new(split);

    /// <summary>The versions that programs told of themselves.</summary>
    public Dictionary<string, string> Versions { get; } = [];

    /// <summary>Programs take turns within a round, so that a noisy hour falls on all of them; the seed is the number of the round.</summary>
    public List<Run> Run(int rounds, int budgets, TextWriter log)
    {
        var runs = new List<Run>();
        for (int round = 1; round <= rounds; round++)
        {
            for (int budget = 0; budget < budgets; budget++)
            {
                foreach (Entrant entrant in entrants)
                {
                    Run run = RunOne(entrant, entrant.FirstPasses << budget, round);
                    runs.Add(run);
                    log.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"round {round}, {entrant.Name}, {run.Passes} passes: {run.Cpu:F2} s CPU, {run.Elapsed:F2} s elapsed, {run.Megabytes:F0} MB, {run.Score:F7} nats per token"));
                }
            }
        }
        return runs;
    }

    Run RunOne(Entrant entrant, int passes, int seed)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("lda-peers-");
        try
        {
            string output = Path.Combine(folder.FullName, "topics"), cost = Path.Combine(folder.FullName, "cost");
            var job = new Job(split.Folder, split.Vocabulary, Text(topics), Text(passes), Text(seed), output);
            Match told = Told().Match(Child.Run("/usr/bin/python3", [measure, cost, .. entrant.Command(job)]));
            if (told.Success) Versions[entrant.Name] = told.Groups["version"].Value;
            double[] costs = [.. File.ReadAllText(cost).Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
            double? fit = told.Success ? double.Parse(told.Groups["cpu"].Value, CultureInfo.InvariantCulture) : null;
            return new Run(entrant, passes, costs[0], costs[1], costs[2], fit, _scorer.Score(entrant.ReadTopics(output), topics));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Anywhere in the output: LightLDA prints much of its own, without caring for lines.
    [GeneratedRegex(@"fit_cpu=(?<cpu>[0-9.]+) version=(?<version>\S+)")]
    private static partial Regex Told();
}
