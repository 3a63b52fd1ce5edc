namespace Elbo.Reports;

/// <summary>A table behind a page, for files.</summary>
/// <param name="Name">What it holds, as the name of a file without its extension.</param>
/// <param name="Columns">The name and type of each column: string, int, long or double.</param>
/// <param name="Rows">One value for each column; null where there is none. They may be enumerated again.</param>
public sealed record ReportTable(string Name, IReadOnlyList<(string Name, Type Type)> Columns, IEnumerable<object?[]> Rows);
