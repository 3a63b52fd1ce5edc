using System.CommandLine;
using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Fitting;
using Elbo.Text;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo predict MODEL INPUT -o out.csv</c></summary>
static class PredictCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> model = CommonOptions.Model();
        Option<string?> output = OptionOf.Path("--output", "file",
            $"Where to write a row for every row, with its component, uncertainty, log-density and responsibilities: a file whose name ends in {RowWriter.Extensions}. By default only the summary is printed.", "-o");
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new Verb("predict", "Tell the components or states of rows, new or old, by a mixture or a hidden Markov model, and score the rows.")
        {
            Examples = ["elbo predict faithful.elbo faithful.csv -o components.csv", "elbo predict iris.elbo iris.csv --compare Species", "elbo predict quakes.elbo earthquakes.csv -o states.parquet"],
        };
        command.Add(model);
        var input = new TableOptions(command, choosesColumns: false, hasSequences: true);
        foreach (Option option in (ReadOnlySpan<Option>)[output, json, quiet]) command.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            var reporter = new Reporter(host, parsed.GetValue(json), parsed.GetValue(quiet));
            string modelPath = parsed.GetRequiredValue(model), inputPath = parsed.GetRequiredValue(input.Input);
            string? path = parsed.GetValue(output);
            RowWriter.CheckName(path);
            OutputPath.Check([modelPath, inputPath], path);
            (FittedModel loaded, TableSchema schema) = FittedModelFile.Load(modelPath);
            ObservationColumns columns = ColumnsOf(loaded, schema, input.Read(parsed));
            ObservationData data = TableOptions.Open(inputPath, columns, reporter, cancellationToken);
            Prediction prediction = loaded.Predict(data.Table);
            double logLikelihood = loaded.LogLikelihood(data.Table);
            double? agreement = data.Comparison.Count == 0 ? null : Comparison.Of(prediction, data);
            var rows = new PredictionRows(prediction, data, schema);
            if (path is not null) RowWriter.Write(path, rows.Columns, rows.Values(cancellationToken));
            reporter.Say($"log-likelihood {Numbers.Full(logLikelihood)}, {Numbers.PerToken(logLikelihood / data.Table.TotalWeight)} per row");
            foreach (string line in rows.Summary()) reporter.Say(line);
            if (agreement is { } index) reporter.Say(Comparison.Say(index, columns));
            if (path is not null) reporter.Say($"rows: {path}");
            if (reporter.Json)
            {
                JsonOutput.Print(reporter.Output, writer =>
                {
                    if (path is not null) writer.WriteString("rows_file", path);
                    writer.WriteNumber("rows", prediction.Rows);
                    writer.WriteFinite("total_weight", data.Table.TotalWeight);
                    writer.WriteFinite("log_likelihood", logLikelihood);
                    if (agreement is not null) writer.WriteFinite("adjusted_rand_index", agreement);
                    rows.WriteSizes(writer);
                });
            }
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    /// <summary>The columns that the model was fitted to, with its categories and sequences.</summary>
    public static ObservationColumns ColumnsOf(FittedModel model, TableSchema schema, ObservationColumns given) => given with
    {
        Values = model.Record.ColumnNames,
        Sequence = given.Sequence ?? schema.SequenceColumn,
        Categories = schema.Categories.Count > 0 ? CategoryReading.Text : CategoryReading.None,
        KnownCategories = schema.Categories.Count > 0 ? schema.Categories : null,
    };
}
