using System.Data.Common;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;

namespace Elbo.Text;

/// <summary>
/// Reads a table by DuckDB, row by row, every value as text. The only class that names DuckDB's types, so that its native library is loaded when a table is read and not before.
/// Nothing is downloaded: extensions are neither installed nor loaded by themselves; what is needed (JSON, Parquet) is built in.
/// </summary>
sealed class TableReader : IDisposable
{
    /// <summary>The largest row in bytes; DuckDB's own limits (2 MB for CSV, 16 MB for JSON) are too small for books.</summary>
    const int MaximumRow = 1 << 28;

    const int SampledRows = 1000;

    readonly DuckDBConnection _connection = new("DataSource=:memory:");
    readonly SourceFile _file;
    readonly TextFormat _format;
    readonly CsvHeader? _header;
    List<(string Name, bool IsString)> _typed = [];

    TableReader(SourceFile file, TextFormat format)
    {
        _file = file;
        _format = format;
        _header = format is TextFormat.Csv or TextFormat.Tsv ? CsvHeader.Read(file.Path, format) : null;
        _connection.Open();
        using DuckDBCommand command = _connection.CreateCommand();
        // One thread: rows come in the order of the file, and memory does not grow with the number of cores.
        command.CommandText = "SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET threads = 1;";
        command.ExecuteNonQuery();
    }

    /// <summary>Opens a table and reads the names of its columns.</summary>
    /// <exception cref="InvalidDataException">It cannot be read as a table.</exception>
    public static TableReader Open(SourceFile file, TextFormat format)
    {
        if (Formats.IsGzip(file.Name))
        {
            if (format == TextFormat.Parquet)
                throw new InvalidDataException($"'{file.Name}' is a gzipped Parquet file, which cannot be read in place. Unpack it first; Parquet is compressed inside already.");
            GzipFile.Check(file.Path);
        }
        var table = new TableReader(file, format);
        try
        {
            if (table._header is null) table._typed = table.Guarded(() => format == TextFormat.Json ? table.JsonColumns() : table.ParquetColumns());
            return table;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    /// <summary>The names of all columns, in the order of the file.</summary>
    public IReadOnlyList<string> Columns => _header?.Columns ?? [.. _typed.Select(column => column.Name)];

    /// <summary>Whether the first column has a name that the file does not give it.</summary>
    public bool FirstIsUnnamed => _header?.FirstIsUnnamed ?? false;

    /// <summary>The columns that hold strings, as far as types or the first rows tell.</summary>
    public IReadOnlyList<string> StringColumns() => _header is null ? [.. _typed.Where(column => column.IsString).Select(column => column.Name)] : Guarded(StringsInSample);

    /// <summary>The values of some columns as the file has them (an id 007 stays 007), row after row; null where there is none.</summary>
    /// <param name="columns">Names of columns; null for one that is null in every row.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InvalidDataException">A row cannot be read.</exception>
    public IEnumerable<string?[]> Rows(IReadOnlyList<string?> columns, CancellationToken cancellationToken)
    {
        using DuckDBCommand command = Command($"SELECT {string.Join(", ", columns.Select(Cast))} FROM {Table([.. columns])}");
        command.UseStreamingMode = true;
        using DbDataReader reader = Guarded(command.ExecuteReader);
        while (Guarded(reader.Read))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var row = new string?[columns.Count];
            for (int column = 0; column < row.Length; column++) row[column] = reader.IsDBNull(column) ? null : reader.GetString(column);
            yield return row;
        }

        static string Cast(string? column) => column is null ? "NULL" : $"CAST({Identifier(column)} AS VARCHAR)";
    }

    public void Dispose() => _connection.Dispose();

    List<(string Name, bool IsString)> ParquetColumns()
    {
        using DuckDBCommand command = Command($"DESCRIBE SELECT * FROM {ParquetTable}");
        using DuckDBDataReader reader = command.ExecuteReader();
        var columns = new List<(string, bool)>();
        while (reader.Read()) columns.Add((reader.GetString(0), reader.GetString(1) == "VARCHAR"));
        return columns;
    }

    /// <summary>The fields of the first objects. (DuckDB's own detection tries every date format on every text: seconds for a book.)</summary>
    List<(string Name, bool IsString)> JsonColumns()
    {
        using DuckDBCommand command = Command($"SELECT json_group_structure(json) FROM (SELECT json FROM read_json_objects({JsonOptions}) LIMIT {SampledRows})");
        using DuckDBDataReader reader = command.ExecuteReader();
        reader.Read();
        if (reader.IsDBNull(0)) return [];
        using JsonDocument structure = JsonDocument.Parse(reader.GetString(0));
        if (structure.RootElement.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"'{_file.Name}' holds JSON, but not one object a line, nor one array of objects.");
        return [.. structure.RootElement.EnumerateObject().Select(field => (field.Name, field.Value.ValueKind == JsonValueKind.String && field.Value.GetString() == "VARCHAR"))];
    }

    /// <summary>The columns of separated values whose first rows are not all numbers, dates, truth values or nothing.</summary>
    List<string> StringsInSample()
    {
        IEnumerable<string> tests = _header!.Columns.Select(Identifier).Select(c =>
            $"count({c}) > 0 AND NOT bool_and({c} IS NULL OR TRY_CAST({c} AS DOUBLE) IS NOT NULL OR TRY_CAST({c} AS TIMESTAMP) IS NOT NULL OR lower({c}) IN ('true', 'false'))");
        using DuckDBCommand command = Command($"SELECT {string.Join(", ", tests)} FROM (SELECT * FROM {Table()} LIMIT {SampledRows})");
        using DuckDBDataReader reader = command.ExecuteReader();
        reader.Read();
        return [.. _header.Columns.Where((_, column) => reader.GetBoolean(column))];
    }

    /// <summary>The table as DuckDB reads it, values as they stand; of JSON only the given columns.</summary>
    string Table(params string?[] columns) => _format switch
    {
        TextFormat.Parquet => ParquetTable,
        TextFormat.Json => $"read_json({JsonOptions}, columns = {Varchars(columns.OfType<string>().Distinct())})",
        _ => $"""
            read_csv(?, auto_detect = false, header = true, skip = 0, columns = {Varchars(_header!.Columns)}, delim = {Literal(_header.Delimiter.ToString())},
                     quote = '"', escape = '"', encoding = {Literal(_header.Encoding)}, max_line_size = {MaximumRow})
            """,
    };

    const string ParquetTable = "read_parquet(?, binary_as_string = true)";

    static readonly string JsonOptions = $"?, format = 'auto', maximum_object_size = {MaximumRow}";

    static string Varchars(IEnumerable<string> columns) => $"{{{string.Join(", ", columns.Select(name => $"{Literal(name)}: 'VARCHAR'"))}}}";

    DuckDBCommand Command(string sql)
    {
        DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        // DuckDB takes paths for patterns; here every character stands for itself.
        command.Parameters.Add(new DuckDBParameter(string.Concat(_file.Path.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : c.ToString()))));
        return command;
    }

    static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DuckDBException error)
        {
            throw new InvalidDataException($"'{_file.Name}' cannot be read as a table: {Shorten(error.Message)}", error);
        }
    }

    /// <summary>What is wrong and where; without the whole row, DuckDB's remedies (its settings, which users cannot reach) and the SQL.</summary>
    static string Shorten(string message)
    {
        const int MaximumLine = 200;
        var kept = new StringBuilder();
        foreach (string line in message.Split('\n'))
        {
            if (line.Length == 0 || line.StartsWith("Possible", StringComparison.Ordinal)) break;
            kept.Append(kept.Length == 0 ? "" : " ").Append(line.Length > MaximumLine ? line[..MaximumLine] + "…" : line);
        }
        return kept.ToString();
    }
}
