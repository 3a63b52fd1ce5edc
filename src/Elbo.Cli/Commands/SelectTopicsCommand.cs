using System.CommandLine;
using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Reports.Selection;
using Elbo.Selection;
using Elbo.Topics;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo select lda INPUT -k 10,20,50,100 --restarts 5 -o best.elbo</c></summary>
static class SelectTopicsCommand
{
    const int MostTopics = 10_000;

    static readonly TopicSelectionOptions Defaults = new();

    public static Command Create(CliHost host)
    {
        var command = new Verb("lda", "Fit several numbers of topics to documents, each from several seeds, and compare them by the documents that no fit has seen.")
        {
            Examples =
            [
                "elbo select lda texts/ -k 10,20,50,100 -o best.elbo --report numbers.html",
                "elbo select lda docs.ldac --vocab vocab.txt -k 5..15 --restarts 3 --e-step cvb0",
                "elbo select lda reviews.csv --text-column body -k 20,40,80 --test-share 0.2 --json",
            ],
        };
        var input = new InputOptions(command);
        Option<int[]> topics = OptionOf.Range("--topics", "Which numbers of topics: 10,20,50,100, or 5..15.", MostTopics, [.. Defaults.Topics], "-k");
        Option<int> restarts = OptionOf.Integer("--restarts", "n", "How many fits of each number: with the seed, the next one, and so on.", 1, Defaults.Restarts);
        Option<double> share = OptionOf.Value("--test-share", "number", "The share of the documents that no fit sees and all are scored on, up to 1,000 documents.", "a number above 0 and up to 0.5",
            (string text, out double value) => OptionOf.Finite(text, out value) && value is > 0 and <= 0.5, Defaults.HeldOutShare);
        Option<int> terms = OptionOf.Integer("--terms", "n", "How many terms of each topic coherence and stability look at.", 2, Defaults.Terms, "-n");
        Option<string?> output = OptionOf.Path("--output", "file", "Where to write the model of the recommended number: the best of its fits, to the documents that were not set aside.", "-o");
        Option<string?> page = OptionOf.Path("--report", "file", "Also show the comparison as a page to look at: one file that needs no other.");
        foreach (Option option in (ReadOnlySpan<Option>)[topics, restarts, share, terms, output, page]) command.Add(option);
        var fit = new LdaFitOptions(command, compares: true);
        var import = new TextImportOptions(command);
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        command.Add(json);
        command.Add(quiet);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var reporter = new Reporter(host, parsed.GetValue(json), parsed.GetValue(quiet));
            InputRequest request = input.Read(parsed, import);
            var options = new TopicSelectionOptions
            {
                Topics = parsed.GetRequiredValue(topics),
                Restarts = parsed.GetValue(restarts),
                HeldOutShare = parsed.GetValue(share),
                Terms = parsed.GetValue(terms),
                Fit = fit.Read(parsed),
            };
            string? path = parsed.GetValue(output);
            OutputPath.Check(request.VocabularyPath is null ? [request.Path] : [request.Path, request.VocabularyPath], path, parsed.GetValue(page));
            reporter.Always($"seed {options.Fit.Seed}");
            using Corpus corpus = InputReader.Read(request, reporter, cancellationToken);
            TopicSelectionResult result = await TopicSelection.RunAsync(corpus, options, new Listener<TopicRestart>(restart => TopicSelectionTable.Say(restart, reporter)), cancellationToken).ConfigureAwait(false);
            if (path is not null) TopicModelFile.Save(result.Recommended.Model, path);
            if (parsed.GetValue(page) is { } report) SelectionReport.Create(result).Save(report);
            TopicSelectionTable.Say(result, path, reporter);
            if (parsed.GetValue(page) is { } shown) reporter.Say($"report: {shown}");
            if (reporter.Json) JsonOutput.Print(reporter.Output, writer => TopicSelectionTable.Write(result, path, writer));
            return result.IsComplete ? ExitCode.Success : ExitCode.Interrupted;
        });
        return command;
    }
}
