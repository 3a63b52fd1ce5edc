using System.CommandLine;
using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Text;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo sample MODEL -n 1000 -o out.csv</c></summary>
static class SampleCommand
{
    const int UsualRows = 100;

    public static Command Create(CliHost host)
    {
        Argument<string> model = CommonOptions.Model();
        Option<int> rows = OptionOf.Integer("--rows", "n", "How many rows to draw, in each sequence.", 1, UsualRows, "-n");
        Option<int> sequences = OptionOf.Integer("--sequences", "n", "How many sequences to draw.", 1, 1);
        Option<string?> regressors = OptionOf.Path("--regressors", "table", "A table whose regressors are used, for a regression; as many rows as it has are drawn.");
        Option<ulong> seed = CommonOptions.Seed();
        Option<bool> component = OptionOf.Flag("--with-component", "Also write the component that made each row.");
        Option<string?> output = OptionOf.Path("--output", "file", $"Where to write the rows: a file whose name ends in {RowWriter.Extensions}. By default they are printed as CSV.", "-o");
        var command = new Verb("sample", "Draw rows from a mixture or sequences from a hidden Markov model.")
        {
            Examples = ["elbo sample faithful.elbo -n 1000 -o drawn.csv", "elbo sample quakes.elbo -n 107 --sequences 10 --seed 7 --with-component -o drawn.parquet"],
        };
        command.Add(model);
        foreach (Option option in (ReadOnlySpan<Option>)[rows, sequences, regressors, seed, component, output]) command.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            string modelPath = parsed.GetRequiredValue(model);
            string? path = parsed.GetValue(output), given = parsed.GetValue(regressors);
            RowWriter.CheckName(path);
            OutputPath.Check(given is null ? [modelPath] : [modelPath, given], path);
            if (given is not null && (parsed.GetResult(rows) is { Implicit: false } || parsed.GetResult(sequences) is { Implicit: false }))
                throw new UsageException("--regressors say how many rows there are; leave out -n and --sequences.");
            (FittedModel loaded, TableSchema schema) = FittedModelFile.Load(modelPath);
            ObservationTable? table = given is null ? null : Regressors(given, loaded, cancellationToken);
            int[] lengths = table is null ? [.. Enumerable.Repeat(parsed.GetValue(rows), parsed.GetValue(sequences))] : [table.RowCount];
            Sample sample = loaded.Draw(lengths, parsed.GetValue(seed), table);
            var drawn = new SampleRows(sample, schema, lengths, parsed.GetValue(component));
            // What is printed is the rows alone, so that it can go into a file or a pipe.
            if (path is null)
            {
                var writer = new CsvRowWriter(host.Output, drawn.Columns);
                foreach (object?[] row in drawn.Values(cancellationToken)) writer.Add(row);
                writer.Complete();
                return Task.FromResult(ExitCode.Success);
            }
            var reporter = new Reporter(host);
            reporter.Say($"seed {parsed.GetValue(seed)}");
            RowWriter.Write(path, drawn.Columns, drawn.Values(cancellationToken));
            reporter.Say($"{Numbers.Plural(sample.Table.RowCount, "row")}: {path}");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    /// <summary>A table with the model's columns, in which the response, the last, is still to be drawn.</summary>
    static ObservationTable Regressors(string path, FittedModel model, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> columns = model.Record.ColumnNames;
        if (columns.Count < 2) throw new InvalidDataException($"The model has one column, '{columns[0]}', and so no regressors.");
        ObservationTable read = ObservationFile.Read(path, new ObservationColumns { Values = [.. columns.Take(columns.Count - 1)] }, cancellationToken).Table;
        double[] values = [.. Enumerable.Range(0, read.RowCount).SelectMany(row => (double[])[.. read.Row(row), 0])];
        return new ObservationTable(values, columns.Count, columns);
    }
}
