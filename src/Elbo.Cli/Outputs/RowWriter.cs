using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Elbo.Cli.Terminal;
using Elbo.Files;
using Elbo.Text;

namespace Elbo.Cli.Outputs;

/// <summary>Writes rows with named columns as a table; which kind, the name of the file tells. Values are strings, whole numbers or doubles with all their digits, or null.</summary>
abstract class RowWriter : IDisposable
{
    public const string Extensions = ".csv, .jsonl or .parquet";

    /// <exception cref="UsageException">The name does not tell the kind.</exception>
    public static void CheckName(string? path)
    {
        if (path is not null && KindOf(path) is not (".csv" or ".jsonl" or ".parquet"))
            throw new UsageException($"'{path}' does not tell what to write: its name must end in {Extensions}.");
    }

    public static string KindOf(string path) => Path.GetExtension(path).ToLowerInvariant();

    /// <summary>Writes all rows to a file that appears when it is whole.</summary>
    public static void Write(string path, IReadOnlyList<(string Name, Type Type)> columns, IEnumerable<object?[]> rows)
    {
        using AtomicFile file = AtomicFile.Create(path);
        using (RowWriter writer = Create(path, file.Stream, columns))
        {
            foreach (object?[] row in rows) writer.Add(row);
            writer.Complete();
        }
        file.Commit();
    }

    public static RowWriter Create(string path, Stream stream, IReadOnlyList<(string Name, Type Type)> columns) => KindOf(path) switch
    {
        ".csv" => new CsvRowWriter(Text(stream), columns),
        ".jsonl" => new JsonlRowWriter(Text(stream), columns),
        _ => new ParquetRowWriter(stream, columns),
    };

    public abstract void Add(IReadOnlyList<object?> values);

    public abstract void Complete();

    public abstract void Dispose();

    static StreamWriter Text(Stream stream) => new(stream, bufferSize: 1 << 16) { NewLine = "\n" };
}

/// <summary>Comma-separated values by RFC 4180.</summary>
sealed class CsvRowWriter : RowWriter
{
    readonly TextWriter _writer;

    public CsvRowWriter(TextWriter writer, IReadOnlyList<(string Name, Type Type)> columns)
    {
        _writer = writer;
        Add([.. columns.Select(column => column.Name)]);
    }

    public override void Add(IReadOnlyList<object?> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (i > 0) _writer.Write(',');
            _writer.Write(values[i] switch
            {
                string text => Quote(text),
                double number => number.ToString("R", CultureInfo.InvariantCulture),
                var other => Convert.ToString(other, CultureInfo.InvariantCulture),
            });
        }
        _writer.WriteLine();
    }

    public override void Complete() => _writer.Flush();

    public override void Dispose() => _writer.Dispose();

    static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}

/// <summary>One JSON object a row. A number that JSON does not know is null.</summary>
sealed class JsonlRowWriter(TextWriter writer, IReadOnlyList<(string Name, Type Type)> columns) : RowWriter
{
    readonly ArrayBufferWriter<byte> _buffer = new();

    public override void Add(IReadOnlyList<object?> values)
    {
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JsonOutput.Encoder }))
        {
            json.WriteStartObject();
            for (int i = 0; i < values.Count; i++)
            {
                switch (values[i])
                {
                    case string text: json.WriteString(columns[i].Name, text); break;
                    case int number: json.WriteNumber(columns[i].Name, number); break;
                    case long number: json.WriteNumber(columns[i].Name, number); break;
                    case var other: json.WriteFinite(columns[i].Name, other as double?); break;
                }
            }
            json.WriteEndObject();
        }
        writer.Write(Encoding.UTF8.GetString(_buffer.WrittenSpan));
        writer.Write('\n');
    }

    public override void Complete() => writer.Flush();

    public override void Dispose() => writer.Dispose();
}

/// <summary>Apache Parquet, the columns with their types.</summary>
sealed class ParquetRowWriter(Stream stream, IReadOnlyList<(string Name, Type Type)> columns) : RowWriter
{
    readonly ParquetTable _table = new(columns);

    public override void Add(IReadOnlyList<object?> values) => _table.Add(values);

    public override void Complete() => _table.WriteTo(stream);

    public override void Dispose() => _table.Dispose();
}
