using System.CommandLine;
using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Files;
using Elbo.Fitting;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo info FILE</c>: models, corpora and checkpoints.</summary>
static class InfoCommand
{
    public static Command Create(CliHost host)
    {
        var file = new Argument<string>("FILE") { Description = "A model, a corpus (.elboc) or a checkpoint." };
        Option<bool> json = CommonOptions.Json();
        var command = new Verb("info", "Say what a file of Elbo holds and how it came about.") { Examples = ["elbo info model.elbo", "elbo info corpus.elboc --json"] };
        command.Add(file);
        command.Add(json);
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            var reporter = new Reporter(host, parsed.GetValue(json));
            switch (ElboFile.FormatOf(path))
            {
                case ElboFile.Model when FileKind.IsOfTable(path): Model(FittedModelFile.Load(path), reporter); break;
                case ElboFile.Model: Model(TopicModelFile.Load(path), reporter); break;
                case ElboFile.Checkpoint when FileKind.IsOfTable(path): TableCheckpoint(path, reporter); break;
                case ElboFile.Checkpoint: Checkpoint(path, reporter); break;
                case ElboFile.Corpus: Corpus(path, reporter); break;
                case var other: throw new InvalidDataException($"'{path}' has the format '{other}', which this Elbo does not know.");
            }
            return ExitCode.Success;
        });
        return command;
    }

    static void Model(TopicModel model, Reporter reporter)
    {
        TopicModelRecord record = model.Record;
        if (reporter.Json)
        {
            JsonOutput.Print(reporter.Output, json =>
            {
                json.WriteString("format", ElboFile.Model);
                json.WriteString("kind", TopicModelFile.Kind);
                FitSummary.WriteRecord(model, json);
                json.WriteStrings("options", OptionList.Of(record.Options));
                json.WriteStrings("corpus", record.CorpusProperties);
                FitSummary.WritePasses(model.Passes, json);
                FitSummary.WriteTrace(model.Trace, json);
            });
            return;
        }
        reporter.Say($"model: {TopicModelFile.Kind}, {Numbers.Plural(model.Topics.Count, "topic")}, {Numbers.Plural(model.Vocabulary.Count, "term")}");
        reporter.Say($"{(record.StopReason == StopReason.NotFitted ? "of" : "fitted to")} {Numbers.Plural(record.Documents, "document")}, {Numbers.Plural(record.Tokens, "token")}; seed {record.Options.Seed}; kernels {KernelProfiles.Name(record.KernelProfile)}");
        FitSummary.Say(model, reporter);
        Lists(reporter, ("options", OptionList.Of(record.Options)), ("corpus", record.CorpusProperties));
    }

    static void Model((FittedModel Model, TableSchema Schema) file, Reporter reporter)
    {
        (FittedModel model, TableSchema schema) = file;
        FitRecord record = model.Record;
        if (reporter.Json)
        {
            JsonOutput.Print(reporter.Output, json =>
            {
                json.WriteString("format", ElboFile.Model);
                FittedModelSummary.Write(model, schema, json);
                FitSummary.WriteTrace(record.Traces[record.BestStart], json);
            });
            return;
        }
        reporter.Say($"model: {FittedModelFile.KindOf(record.Options.Structure)} of the family {model.Family.Name}, {Numbers.Plural(model.Components, "component")}, columns {string.Join(", ", record.ColumnNames)}");
        reporter.Say($"fitted to {Numbers.Plural(record.Rows, "row")} (weight {Numbers.Short(record.TotalWeight)}); seed {record.Options.Seed}; kernels {KernelProfiles.Name(record.KernelProfile)}");
        FittedModelSummary.Say(model, schema, reporter);
        Lists(reporter, ("options", OptionList.Of(record.Options)), ("family settings", model.Family.Settings));
    }

    static void Checkpoint(string path, Reporter reporter)
    {
        (LdaCheckpoint checkpoint, IReadOnlyDictionary<string, string> input) = LdaCheckpointFile.Load(path);
        if (reporter.Json)
        {
            JsonOutput.Print(reporter.Output, json =>
            {
                json.WriteString("format", ElboFile.Checkpoint);
                json.WriteString("kind", TopicModelFile.Kind);
                json.WriteNumber("seed", checkpoint.Options.Seed);
                json.WriteNumber("start", checkpoint.Start);
                json.WriteNumber("iteration", checkpoint.State.Number);
                json.WriteString("segment", checkpoint.DocumentStart.ToString());
                json.WriteFinite("best_bound", checkpoint.BestObjective);
                json.WriteNumber("best_iteration", checkpoint.BestNumber);
                json.WriteString("corpus_checksum", checkpoint.CorpusChecksum);
                json.WriteStrings("options", OptionList.Of(checkpoint.Options));
                json.WriteStrings("input", input);
                FitSummary.WriteTrace(checkpoint.Trace, json);
            });
            return;
        }
        reporter.Say($"checkpoint: {TopicModelFile.Kind}, {Numbers.Plural(checkpoint.Options.Topics, "topic")}, before iteration {checkpoint.State.Number} of start {checkpoint.Start}, "
            + $"in a {checkpoint.DocumentStart.ToString().ToLowerInvariant()} stretch; seed {checkpoint.Options.Seed}");
        reporter.Say($"best bound so far {Numbers.Nats(checkpoint.BestObjective)} nats, at iteration {checkpoint.BestNumber}");
        reporter.Say($"corpus checksum {checkpoint.CorpusChecksum}");
        Lists(reporter, ("options", OptionList.Of(checkpoint.Options)), ("input", input));
    }

    static void TableCheckpoint(string path, Reporter reporter)
    {
        (FitCheckpoint checkpoint, IReadOnlyDictionary<string, string> input) = FitCheckpointFile.Load(path);
        FitOptions options = checkpoint.Options;
        if (reporter.Json)
        {
            JsonOutput.Print(reporter.Output, json =>
            {
                json.WriteString("format", ElboFile.Checkpoint);
                json.WriteString("kind", FittedModelFile.KindOf(options.Structure));
                json.WriteString("family", checkpoint.Family.Name);
                json.WriteNumber("seed", options.Seed);
                json.WriteNumber("start", checkpoint.Start);
                json.WriteNumber("iteration", checkpoint.State.Number);
                json.WriteFinite("best_objective", checkpoint.Best is null ? null : checkpoint.BestObjective);
                json.WriteString("table_checksum", checkpoint.TableChecksum);
                json.WriteStrings("options", OptionList.Of(options));
                json.WriteStrings("family_settings", checkpoint.Family.Settings);
                json.WriteStrings("input", input);
                FitSummary.WriteTrace(checkpoint.Trace, json);
            });
            return;
        }
        reporter.Say($"checkpoint: {FittedModelFile.KindOf(options.Structure)} of the family {checkpoint.Family.Name}, {Numbers.Plural(options.Components, "component")}, before iteration {checkpoint.State.Number} of start {checkpoint.Start}; seed {options.Seed}");
        if (checkpoint.Best is not null) reporter.Say($"best objective of the stretch so far {Numbers.Full(checkpoint.BestObjective)}");
        reporter.Say($"table checksum {checkpoint.TableChecksum}");
        Lists(reporter, ("options", OptionList.Of(options)), ("family settings", checkpoint.Family.Settings), ("input", input));
    }

    static void Corpus(string path, Reporter reporter)
    {
        using Corpus corpus = CorpusFile.Open(path);
        int empty = Enumerable.Range(0, corpus.DocumentCount).Count(document => corpus.Terms(document).IsEmpty);
        if (reporter.Json)
        {
            JsonOutput.Print(reporter.Output, json =>
            {
                json.WriteString("format", ElboFile.Corpus);
                json.WriteNumber("documents", corpus.DocumentCount);
                json.WriteNumber("empty_documents", empty);
                json.WriteNumber("terms", corpus.Vocabulary.Count);
                json.WriteNumber("entries", corpus.EntryCount);
                json.WriteNumber("tokens", corpus.TokenCount);
                json.WriteBoolean("token_order", corpus.HasTokens);
                json.WriteBoolean("labels", corpus.HasLabels);
                json.WriteString("checksum", corpus.Checksum);
                json.WriteStrings("properties", corpus.Properties);
            });
            return;
        }
        reporter.Say($"corpus: {Numbers.Plural(corpus.DocumentCount, "document")} ({Numbers.Count(empty)} empty), {Numbers.Plural(corpus.Vocabulary.Count, "term")}, "
            + $"{Numbers.Plural(corpus.TokenCount, "token")}");
        reporter.Say($"tokens {(corpus.HasTokens ? "in the order of the text" : "as counts, without their order")}; {(corpus.HasLabels ? "with" : "without")} labels");
        reporter.Say($"checksum {corpus.Checksum}");
        Lists(reporter, ("properties", corpus.Properties));
    }

    static void Lists(Reporter reporter, params ReadOnlySpan<(string Title, IReadOnlyDictionary<string, string> Values)> lists)
    {
        foreach ((string title, IReadOnlyDictionary<string, string> values) in lists)
        {
            if (values.Count == 0) continue;
            reporter.Say($"{title}:");
            foreach ((string name, string value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal)) reporter.Say($"  {name} = {Shorten(value)}");
        }
    }

    // Stop-word lists are long; --json has them whole.
    static string Shorten(string value) => value.Length > 100 ? value[..100] + "…" : value;
}
