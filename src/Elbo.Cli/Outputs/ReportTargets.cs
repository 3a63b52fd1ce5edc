using Elbo.Reports.Pages;

namespace Elbo.Cli.Outputs;

/// <summary>Where a report goes.</summary>
/// <param name="Page">The page.</param>
/// <param name="Csv">The folder of its tables as CSV, or null.</param>
/// <param name="Parquet">The same as Parquet.</param>
/// <param name="Ldavis">The file for pyLDAvis, or null.</param>
/// <param name="Svg">The file of the picture, or null.</param>
sealed record ReportTargets(string Page, string? Csv, string? Parquet, string? Ldavis, string? Svg)
{
    /// <summary>Makes the folders and checks that all can be written.</summary>
    /// <param name="inputs">What is read: it must not be replaced.</param>
    public void Check(IEnumerable<string> inputs)
    {
        foreach (string? folder in (ReadOnlySpan<string?>)[Csv, Parquet])
        {
            if (folder is null) continue;
            if (folder.Length == 0) throw new Terminal.UsageException("the name of a folder is empty.");
            if (File.Exists(folder)) throw new IOException($"Cannot write into '{folder}': it is a file. Give the name of a folder.");
            Directory.CreateDirectory(folder);
        }
        OutputPath.Check(inputs, Page, Ldavis, Svg);
    }

    /// <summary>Writes every table as a file of its name, each of which appears when it is whole.</summary>
    public void WriteTables(IReadOnlyList<ReportTable> tables)
    {
        foreach ((string? folder, string extension) in (ReadOnlySpan<(string?, string)>)[(Csv, ".csv"), (Parquet, ".parquet")])
        {
            if (folder is null) continue;
            foreach (ReportTable table in tables) RowWriter.Write(Path.Combine(folder, table.Name + extension), table.Columns, table.Rows);
        }
    }
}
