using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Files;
using Elbo.Fitting;
using Elbo.Reports.Pages;
using Elbo.Reports.Tables;
using Elbo.Text;

namespace Elbo.Cli.Commands;

/// <summary>The report of a mixture or a hidden Markov model, from its model and its table to the page.</summary>
sealed class TableReportRun
{
    public required string ModelPath { get; init; }

    /// <summary>The rows to show; null shows the model alone.</summary>
    public string? InputPath { get; init; }

    /// <summary>Which columns of the table have a use besides those of the model.</summary>
    public ObservationColumns Columns { get; init; } = new();

    public required string OutputPath { get; init; }

    /// <summary>Where every table behind the page is written as CSV, or null.</summary>
    public string? CsvFolder { get; init; }

    /// <summary>The same as Parquet.</summary>
    public string? ParquetFolder { get; init; }

    public required TableReportOptions Options { get; init; }

    public required Reporter Reporter { get; init; }

    /// <summary>Whether a file is a model of the kind that this reports.</summary>
    public static bool IsFor(string modelPath) => ElboFile.FormatOf(modelPath) == ElboFile.Model && SafeTensors.ReadMetadata(modelPath).GetValueOrDefault("kind") is FittedModelFile.Mixture or FittedModelFile.HiddenMarkov;

    public int Run(CancellationToken cancellationToken)
    {
        Outputs.OutputPath.Check(InputPath is null ? [ModelPath] : [ModelPath, InputPath], OutputPath);
        (FittedModel model, TableSchema schema) = FittedModelFile.Load(ModelPath);
        ObservationData? data = InputPath is null ? null : TableOptions.Open(InputPath, PredictCommand.ColumnsOf(model, schema, Columns), Reporter, cancellationToken);
        TableReport report = Reporter.Working("looking at the model", _ => TableReport.Create(model, schema, data?.Table, Options with { SequenceNames = data?.SequenceNames ?? [] }));
        report.Save(OutputPath);
        if (data is null) Reporter.Say("there are no rows on the page: give the table that the model was fitted to, and it shows them");
        WriteTables(report.Tables, CsvFolder, ".csv", cancellationToken);
        WriteTables(report.Tables, ParquetFolder, ".parquet", cancellationToken);
        Reporter.Say($"report: {OutputPath}");
        if (Reporter.Json)
        {
            JsonOutput.Print(Reporter.Output, json =>
            {
                json.WriteString("report", OutputPath);
                if (CsvFolder is not null) json.WriteString("csv_folder", CsvFolder);
                if (ParquetFolder is not null) json.WriteString("parquet_folder", ParquetFolder);
            });
        }
        return ExitCode.Success;
    }

    void WriteTables(IReadOnlyList<ReportTable> tables, string? folder, string extension, CancellationToken cancellationToken)
    {
        if (folder is null) return;
        Directory.CreateDirectory(folder);
        foreach (ReportTable table in tables)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RowWriter.Write(Path.Combine(folder, table.Name + extension), table.Columns, table.Rows);
        }
        Reporter.Say($"{Numbers.Plural(tables.Count, "table")}: {folder}");
    }
}
