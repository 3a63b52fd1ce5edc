using Elbo.Cli.Terminal;
using Elbo.Files;

namespace Elbo.Cli.Outputs;

/// <summary>Writes the topic proportions of documents as a table; which kind, the name of the file tells. One writer serves fits and inference.</summary>
abstract class DocumentWriter : IDisposable
{
    public const string Extensions = ".csv, .jsonl or .parquet";

    /// <summary>The columns before those of the topics.</summary>
    protected static IReadOnlyList<string> DocumentColumns { get; } = ["id", "label", "tokens", "unknown_tokens", "unknown_share"];

    /// <exception cref="UsageException">The name does not tell the kind.</exception>
    public static void CheckName(string? path)
    {
        if (path is not null && Kind(path) is not (".csv" or ".jsonl" or ".parquet"))
            throw new UsageException($"'{path}' does not tell what to write: its name must end in {Extensions}.");
    }

    /// <summary>Writes all rows to a file that appears when it is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="topics">K.</param>
    /// <param name="minimumProbability">Where given, a row a topic of at least this probability, instead of a row a document with all topics.</param>
    /// <param name="rows">The rows.</param>
    public static void Write(string path, int topics, double? minimumProbability, IEnumerable<DocumentRow> rows)
    {
        using AtomicFile file = AtomicFile.Create(path);
        using (DocumentWriter writer = Create(path, file.Stream, topics, minimumProbability))
        {
            foreach (DocumentRow row in rows) writer.Add(row);
            writer.Complete();
        }
        file.Commit();
    }

    public abstract void Add(DocumentRow row);

    public abstract void Complete();

    public abstract void Dispose();

    static DocumentWriter Create(string path, Stream stream, int topics, double? minimumProbability) => Kind(path) switch
    {
        ".csv" => new CsvDocumentWriter(stream, topics, minimumProbability),
        ".jsonl" => new JsonlDocumentWriter(new StreamWriter(stream, bufferSize: 1 << 16), minimumProbability),
        _ => new ParquetDocumentWriter(stream, topics, minimumProbability),
    };

    static string Kind(string path) => Path.GetExtension(path).ToLowerInvariant();
}
