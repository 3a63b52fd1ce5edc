namespace Elbo.Reports.Pages;

/// <summary>A table behind a report, for spreadsheets and programs: numbers with all their digits.</summary>
/// <param name="Name">What it has: a name for a file.</param>
/// <param name="Columns">The columns: names and types (string, int, long or double).</param>
/// <param name="Rows">A value a column, null where there is none.</param>
public sealed record ReportTable(string Name, IReadOnlyList<(string Name, Type Type)> Columns, IReadOnlyList<object?[]> Rows);
