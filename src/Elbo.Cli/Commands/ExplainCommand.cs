using System.CommandLine;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Reports.Explain;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo explain -o explain.html</c></summary>
static class ExplainCommand
{
    const string UsualName = "elbo-explain.html";

    public static Command Create(CliHost host)
    {
        Option<string?> output = OptionOf.Path("--output", "file", $"Where to write the page; {UsualName} where neither this nor --svg is given.", "-o");
        Option<string?> svg = OptionOf.Path("--svg", "folder", "Write a still of each figure into this folder.");
        Option<ulong> seed = CommonOptions.Seed();
        var command = new Verb("explain", "Show the mathematics of EM at work, with numbers that are computed meanwhile: Jensen's inequality, the decomposition of the log-evidence, the bound that touches it, and LDA.")
        {
            Examples = ["elbo explain", "elbo explain -o em.html --seed 7", "elbo explain --svg pictures"],
        };
        foreach (Option option in (ReadOnlySpan<Option>)[output, svg, seed]) command.Add(option);
        command.SetAction(parsed =>
        {
            string? folder = parsed.GetValue(svg), page = parsed.GetValue(output) ?? (folder is null ? UsualName : null);
            OutputPath.Check([], page);
            var reporter = new Reporter(host);
            reporter.Say($"seed {parsed.GetValue(seed)}");
            Explanation explanation = reporter.Working("computing the figures", _ => Explanation.Create(parsed.GetValue(seed)));
            if (page is not null)
            {
                explanation.Save(page);
                reporter.Say($"page: {page}");
            }
            if (folder is not null)
                foreach (string still in explanation.SaveStills(folder)) reporter.Say($"still: {still}");
            return ExitCode.Success;
        });
        return command;
    }
}
