using DuckDB.NET.Data;

namespace Elbo.Text;

/// <summary>
/// A table on its way into a Parquet file, row by row, by DuckDB, whose native library is loaded only here. Rows wait in a temporary file that DuckDB keeps, not in memory.
/// Not thread-safe.
/// </summary>
public sealed class ParquetTable : IDisposable
{
    const string Table = "elbo_rows";

    readonly DirectoryInfo _folder;
    readonly DuckDBConnection _connection;
    readonly int _columns;
    DuckDBAppender? _appender;

    /// <summary>An empty table.</summary>
    /// <param name="columns">Names and types: string, int, long or double.</param>
    public ParquetTable(IReadOnlyList<(string Name, Type Type)> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        string definition = string.Join(", ", columns.Select(column => $"\"{column.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\" {SqlType(column.Type)}"));
        _columns = columns.Count;
        _folder = Directory.CreateTempSubdirectory("elbo-");
        _connection = new DuckDBConnection($"Data Source={Path.Combine(_folder.FullName, "rows.duckdb")}");
        _connection.Open();
        // One thread, so that the rows stay in order and the same rows give the same file.
        Execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET threads = 1;");
        Execute($"CREATE TABLE {Table} ({definition})");
        _appender = _connection.CreateAppender(Table);
    }

    /// <summary>Adds a row: a value for every column, of its type; strings may be null.</summary>
    /// <exception cref="ArgumentException">There are not as many values as columns.</exception>
    public void Add(IReadOnlyList<object?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ObjectDisposedException.ThrowIf(_appender is null, this);
        if (values.Count != _columns) throw new ArgumentException($"The row has {values.Count} values; there are {_columns} columns.", nameof(values));
        IDuckDBAppenderRow row = _appender.CreateRow();
        for (int column = 0; column < values.Count; column++)
        {
            _ = values[column] switch
            {
                null => row.AppendNullValue(),
                string text => row.AppendValue(text),
                int number => row.AppendValue(number),
                long number => row.AppendValue(number),
                double number => row.AppendValue(number),
                object other => throw new ArgumentException($"Values of the type {other.GetType().Name} have no column type.", nameof(values)),
            };
        }
        row.EndRow();
    }

    /// <summary>Writes the rows as a Parquet file; no rows can be added afterwards.</summary>
    /// <exception cref="IOException">The stream or the temporary folder cannot be written.</exception>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ObjectDisposedException.ThrowIf(_appender is null, this);
        string path = Path.Combine(_folder.FullName, "rows.parquet");
        try
        {
            _appender.Dispose();
            _appender = null;
            Execute($"COPY {Table} TO '{path.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet)");
        }
        catch (DuckDBException error)
        {
            throw new IOException($"The Parquet table cannot be made in the temporary folder '{_folder.FullName}': {error.Message}", error);
        }
        using FileStream file = File.OpenRead(path);
        file.CopyTo(stream);
    }

    /// <summary>Throws the rows away.</summary>
    public void Dispose()
    {
        _appender?.Dispose();
        _appender = null;
        _connection.Dispose();
        _folder.Delete(recursive: true);
    }

    static string SqlType(Type type) =>
        type == typeof(string) ? "VARCHAR" : type == typeof(int) ? "INTEGER" : type == typeof(long) ? "BIGINT" : type == typeof(double) ? "DOUBLE"
        : throw new ArgumentException($"Values of the type {type.Name} have no column type.", nameof(type));

    void Execute(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
