using System.Collections;
using Elbo.Engine;
using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Reports.Pages;

namespace Elbo.Reports.Tables;

/// <summary>The tables behind the page of a mixture or a hidden Markov model.</summary>
static class TableTables
{
    public static IReadOnlyList<ReportTable> Of(TableReport report, FittedModel model, ObservationTable? table, Prediction? prediction, TableSchema schema, TableReportOptions options)
    {
        TablePage page = report.Page;
        FitRecord record = model.Record;
        var tables = new List<ReportTable>
        {
            new("components",
                [("component", typeof(int)), ("name", typeof(string)), ("share", typeof(double)), ("weight", typeof(double)), ("rows", typeof(int)), ("path_rows", typeof(int)), ("mean_uncertainty", typeof(double))],
                [.. page.Components.Select(entry => (object?[])[entry.Id, entry.Name, entry.Share, entry.Weight, entry.Rows, entry.PathRows, entry.Uncertainty])]),
            new("parameters", [("parameter", typeof(string)), ("row", typeof(string)), ("column", typeof(string)), ("value", typeof(double))],
                [.. report.Grids.SelectMany(grid => grid.Rows.SelectMany((row, i) => grid.Columns.Select((column, j) => (object?[])[grid.Title, row, column, grid.Values[i][j]])))]),
            new("densities", [("column", typeof(string)), ("x", typeof(double)), ("component", typeof(int)), ("density", typeof(double))],
                [.. page.Columns.SelectMany(column => column.Densities.SelectMany((curve, k) => curve.Select((value, i) => (object?[])[column.Name, column.X[i], k, value])))]),
            new("trace",
                [("iteration", typeof(int)), ("segment", typeof(string)), ("guarantee", typeof(string)), ("after_e_step", typeof(double)), ("after_m_step", typeof(double)), ("objective", typeof(double)),
                    ("log_evidence", typeof(double)), ("kl_after_m_step", typeof(double)), ("expected_log_joint", typeof(double)), ("entropy", typeof(double)), ("global_bound", typeof(double))],
                [.. record.Traces[record.BestStart].Select(step => (object?[])[step.Number, step.Segment, step.Guarantee.ToString(), step.EStep?.Elbo, step.MStep?.Elbo, step.Objective,
                    step.Own.LogEvidence, step.MStep?.KullbackLeibler, step.Own.ExpectedLogJoint, step.Own.Entropy, step.Own.GlobalBound])]),
            new("starts", [("start", typeof(int)), ("iterations", typeof(int)), ("objective", typeof(double)), ("kept", typeof(string))],
                [.. record.Traces.Select((trace, start) => (object?[])[start, trace[^1].Number, trace.Max(step => step.Objective), start == record.BestStart ? "yes" : "no"])]),
            new("warnings", [("code", typeof(string)), ("message", typeof(string))], [.. page.Warnings.Select(warning => (object?[])[warning.Code, warning.Message])]),
        };
        if (page.Chain is { } chain)
        {
            tables.Add(new("transitions", [("from", typeof(int)), ("to", typeof(int)), ("probability", typeof(double))],
                [.. chain.Transitions.SelectMany((row, from) => row.Select((probability, to) => (object?[])[from, to, probability]))]));
            tables.Add(new("states", [("state", typeof(int)), ("initial", typeof(double)), ("long_run", typeof(double)), ("dwell", typeof(double))],
                [.. chain.Initial.Select((probability, state) => (object?[])[state, probability, chain.LongRun[state], chain.Dwell[state]])]));
        }
        if (table is not null && prediction is not null) tables.Add(Rows(table, prediction, schema, options));
        return tables;
    }

    static ReportTable Rows(ObservationTable table, Prediction prediction, TableSchema schema, TableReportOptions options)
    {
        bool hasSequences = !table.SequenceLengths.IsEmpty, hasWeights = !table.Weights.IsEmpty;
        int[] ends = table.SequenceLengths.ToArray();
        for (int i = 1; i < ends.Length; i++) ends[i] += ends[i - 1];
        return new ReportTable("rows",
        [
            ("row", typeof(int)),
            .. If(hasSequences, ("sequence", typeof(string))),
            .. table.ColumnNames.Select((name, column) => (name, schema.CategoriesOf(column) is null ? typeof(double) : typeof(string))),
            .. If(hasWeights, ("row_weight", typeof(double))),
            ("component", typeof(int)),
            .. If(prediction.Path is not null, ("state", typeof(int))),
            ("uncertainty", typeof(double)),
            ("log_density", typeof(double)),
            .. Enumerable.Range(0, prediction.Components).Select(k => ($"responsibility_{k}", typeof(double))),
        ], new RowList(table.RowCount, Values));

        object?[] Values(int row) =>
        [
            row + 1,
            .. hasSequences ? (object?[])[NameOf(row)] : [],
            .. table.Row(row).ToArray().Select((value, column) => schema.CategoriesOf(column) is { } names ? names[(int)value] : (object?)value),
            .. hasWeights ? (object?[])[table.Weights[row]] : [],
            prediction.MostLikely(row),
            .. prediction.Path is { } path ? (object?[])[path[row]] : [],
            prediction.Uncertainty(row),
            prediction.LogDensities[row],
            .. prediction.Of(row).ToArray().Cast<object?>(),
        ];

        string NameOf(int row)
        {
            int sequence = Array.BinarySearch(ends, row + 1);
            if (sequence < 0) sequence = ~sequence;
            return sequence < options.SequenceNames.Count ? options.SequenceNames[sequence] : $"{sequence + 1}";
        }

        static (string, Type)[] If(bool there, (string, Type) column) => there ? [column] : [];
    }

    /// <summary>Rows that are put together when they are asked for: there may be millions.</summary>
    sealed class RowList(int count, Func<int, object?[]> row) : IReadOnlyList<object?[]>
    {
        public int Count => count;

        public object?[] this[int index] => row(index);

        public IEnumerator<object?[]> GetEnumerator() => Enumerable.Range(0, count).Select(row).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
