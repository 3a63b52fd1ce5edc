using System.CommandLine;
using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Topics;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo infer MODEL INPUT -o out.csv</c></summary>
static class InferCommand
{
    const int PrintedTopics = 5;

    public static Command Create(CliHost host)
    {
        Argument<string> model = CommonOptions.Model();
        Option<string?> output = OptionOf.Path("--output", "file",
            $"Where to write a row for every document, with all its topics: a file whose name ends in {RowWriter.Extensions}. By default the likeliest topics are printed.", "-o");
        Option<double?> minimum = OptionOf.Value("--min-probability", "number", "Show and write only topics of at least this probability; tables then have a row for each topic of a document.",
            "a number from 0 to 1", (string text, out double value) => OptionOf.Finite(text, out value) && value is >= 0 and <= 1);
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new Verb("infer", "Tell the topics of documents, new or old, by a model.")
        {
            Examples = ["elbo infer model.elbo more-texts/ -o topics.csv", "elbo infer model.elbo docs.ldac --vocab vocab.txt -o topics.parquet", "elbo infer model.elbo note.txt --min-probability 0.1"],
        };
        command.Add(model);
        var input = new InputOptions(command);
        foreach (Option option in (ReadOnlySpan<Option>)[output, minimum, threads, json, quiet]) command.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            var reporter = new Reporter(host, parsed.GetValue(json), parsed.GetValue(quiet));
            string modelPath = parsed.GetRequiredValue(model);
            string? path = parsed.GetValue(output);
            InputRequest request = input.Read(parsed);
            RowWriter.CheckName(path);
            OutputPath.Check([modelPath, request.Path], path);
            TopicModel loaded = TopicModelFile.Load(modelPath);
            var inference = new Inference(loaded, new ModelInput(loaded, request, reporter), parsed.GetValue(threads));
            IEnumerable<DocumentRow> rows = inference.Rows(null, cancellationToken);
            double? least = parsed.GetValue(minimum);
            if (path is not null) DocumentWriter.Write(path, loaded.Topics.Count, least, rows);
            else if (reporter.Json) PrintJson(rows, least, reporter);
            else Print(rows, least, reporter);
            Summarize(inference, path, reporter);
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    static void Print(IEnumerable<DocumentRow> rows, double? least, Reporter reporter)
    {
        foreach (DocumentRow row in rows)
        {
            IEnumerable<(int Topic, double Probability)> topics = row.AtLeast(least ?? 0).OrderByDescending(topic => topic.Probability).ThenBy(topic => topic.Topic);
            if (least is null) topics = topics.Take(PrintedTopics);
            string known = row.Topics.Tokens == row.Topics.UnknownTokens ? "no known word" : $"{Numbers.Share(row.Topics.UnknownShare)} unknown";
            reporter.Output.WriteLine($"{row.Id}  ({Numbers.Plural(row.Topics.Tokens, "token")}, {known})  "
                + string.Join("  ", topics.Select(topic => $"{topic.Topic}:{Numbers.Probability(topic.Probability)}")));
        }
    }

    static void PrintJson(IEnumerable<DocumentRow> rows, double? least, Reporter reporter)
    {
        // Not disposed of: the output is not ours to close.
        var writer = new JsonlDocumentWriter(reporter.Output, least);
        foreach (DocumentRow row in rows) writer.Add(row);
        writer.Complete();
    }

    static void Summarize(Inference inference, string? path, Reporter reporter)
    {
        string empty = inference.EmptyDocuments == 0 ? "" : $" ({Numbers.Count(inference.EmptyDocuments)} without a known word: they have the topics of the prior)";
        reporter.Say($"{Numbers.Plural(inference.Documents, "document")}{empty}, {Numbers.Plural(inference.Tokens, "token")}, {Numbers.Share(inference.UnknownShare)} of them unknown to the model");
        if (path is null) return;
        reporter.Say($"documents: {path}");
        if (!reporter.Json) return;
        JsonOutput.Print(reporter.Output, json =>
        {
            json.WriteString("documents_file", path);
            json.WriteNumber("documents", inference.Documents);
            json.WriteNumber("documents_without_known_words", inference.EmptyDocuments);
            json.WriteNumber("tokens", inference.Tokens);
            json.WriteNumber("unknown_tokens", inference.UnknownTokens);
            json.WriteNumber("unknown_share", inference.UnknownShare);
        });
    }
}
