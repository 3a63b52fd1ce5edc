using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Fitting;
using Elbo.Reports.Tables;
using Elbo.Text;

namespace Elbo.Cli.Commands;

/// <summary>The report of a mixture or a hidden Markov model, with its rows where an input gives some.</summary>
sealed class TableReportRun(string path, string? input, ReportTargets targets, Reporter reporter)
{
    public void Run(string? title, ulong seed, CancellationToken cancellationToken)
    {
        targets.Check(input is null ? [path] : [path, input]);
        (FittedModel model, TableSchema schema) = FittedModelFile.Load(path);
        ObservationData? data = input is null ? null : TableOptions.Open(input, PredictCommand.ColumnsOf(model, schema, new ObservationColumns()), reporter, cancellationToken);
        TableReport report = reporter.Working("looking at the model", _ => TableReport.Create(model, schema, data?.Table, new TableReportOptions { Title = title, Seed = seed, SequenceNames = data?.SequenceNames ?? [] }));
        report.Save(targets.Page);
        targets.WriteTables(report.Tables);
        if (data is null) reporter.Say("there are no rows on the page: give the table that the model was fitted to, and it shows them");
        reporter.Say($"{targets.Page}: {Numbers.Plural(model.Components, "component")}, {Numbers.Plural(data?.Table.RowCount ?? 0, "row")}");
    }
}
