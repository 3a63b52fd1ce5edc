using System.CommandLine;
using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Files;
using Elbo.Fitting;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo report MODEL INPUT -o report.html</c></summary>
static class ReportCommand
{
    const int UsualGapDocuments = 100;

    public static Command Create(CliHost host)
    {
        Argument<string> model = CommonOptions.Model();
        Option<string> output = new("--output", "-o") { Description = "Where to write the page: one file that needs no other.", HelpName = "file", Required = true };
        Option<string?> csv = OptionOf.Path("--csv", "folder", "Also write every table behind the page into this folder, as CSV.");
        Option<string?> parquet = OptionOf.Path("--parquet", "folder", "The same as Parquet.");
        Option<string?> ldavis = OptionOf.Path("--pyldavis", "file", "Also write the five arrays that pyLDAvis.prepare and LDAvis take, as JSON.");
        Option<string?> svg = OptionOf.Path("--svg", "file", "Also draw the topics as one picture.");
        Option<string?> heldOut = OptionOf.Path("--held-out", "file", "Documents that the fit has not seen, read as INPUT is: the page shows their score.");
        Option<int> gapDocuments = OptionOf.Integer("--gap-documents", "n", "On how many documents the gap between bound and evidence is measured, drawn by the seed; 0 leaves it out.", 0, UsualGapDocuments);
        Option<string?> title = new("--title") { Description = "The title of the page; by default it tells what the model is.", HelpName = "text" };
        Option<ulong> seed = CommonOptions.Seed();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> quiet = CommonOptions.Quiet();
        var command = new Verb("report", "Show a model as a page to look at: what was found, in which documents, and whether it can be trusted.")
        {
            Examples = ["elbo report model.elbo texts/ -o report.html", "elbo report model.elbo docs.jsonl -o report.html --csv tables --pyldavis ldavis.json", "elbo report clouds.elbo clouds.csv -o clouds.html", "elbo report model.elbo -o report.html"],
        };
        command.Add(model);
        var input = new InputOptions(command, required: false);
        foreach (Option option in (ReadOnlySpan<Option>)[output, csv, parquet, ldavis, svg, heldOut, gapDocuments, title, seed, threads, quiet]) command.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            string path = parsed.GetRequiredValue(model);
            bool hasInput = parsed.GetValue(input.Input) is not null;
            var targets = new ReportTargets(parsed.GetRequiredValue(output), parsed.GetValue(csv), parsed.GetValue(parquet), parsed.GetValue(ldavis), parsed.GetValue(svg));
            var reporter = new Reporter(host, quiet: parsed.GetValue(quiet));
            switch (SafeTensors.ReadMetadata(path).GetValueOrDefault("kind"))
            {
                case FittedModelFile.Mixture or FittedModelFile.HiddenMarkov:
                    input.RefuseAll(parsed, $"'{path}' is a model of a table");
                    if (((ReadOnlySpan<Option>)[ldavis, svg, heldOut, gapDocuments]).ToArray().FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
                        throw new UsageException($"{given.Name} is for topic models, and '{path}' is a model of a table.");
                    new TableReportRun(path, parsed.GetValue(input.Input), targets, reporter).Run(parsed.GetValue(title), parsed.GetValue(seed), cancellationToken);
                    break;
                default:
                    if (!hasInput && input.ReadVocabulary(parsed) is not null) throw new UsageException("--vocab is for an INPUT, and there is none.");
                    new TopicReportRun(path, hasInput ? input.Read(parsed) : null, targets, reporter)
                    {
                        Title = parsed.GetValue(title),
                        HeldOut = parsed.GetValue(heldOut),
                        GapDocuments = parsed.GetValue(gapDocuments),
                        Seed = parsed.GetValue(seed),
                        Threads = parsed.GetValue(threads),
                    }.Run(cancellationToken);
                    break;
            }
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
