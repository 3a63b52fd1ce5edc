using Elbo.Files;

namespace Elbo.Cli.Outputs;

/// <summary>Writes the topic proportions of documents as a table; which kind, the name of the file tells. One writer serves fits and inference.</summary>
abstract class DocumentWriter : IDisposable
{
    /// <summary>Writes all rows to a file that appears when it is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="topics">K.</param>
    /// <param name="minimumProbability">Where given, a row a topic of at least this probability, instead of a row a document with all topics.</param>
    /// <param name="rows">The rows.</param>
    public static void Write(string path, int topics, double? minimumProbability, IEnumerable<DocumentRow> rows)
    {
        using AtomicFile file = AtomicFile.Create(path);
        using (DocumentWriter writer = RowWriter.KindOf(path) == ".jsonl"
            ? new JsonlDocumentWriter(new StreamWriter(file.Stream, bufferSize: 1 << 16), minimumProbability)
            : new FlatDocumentWriter(path, file.Stream, topics, minimumProbability))
        {
            foreach (DocumentRow row in rows) writer.Add(row);
            writer.Complete();
        }
        file.Commit();
    }

    public abstract void Add(DocumentRow row);

    public abstract void Complete();

    public abstract void Dispose();
}

/// <summary>A table with a column for every topic, or with a row for each topic of a document.</summary>
sealed class FlatDocumentWriter(string path, Stream stream, int topics, double? minimumProbability) : DocumentWriter
{
    readonly RowWriter _rows = RowWriter.Create(path, stream,
    [
        ("id", typeof(string)), ("label", typeof(string)), ("tokens", typeof(long)), ("unknown_tokens", typeof(long)), ("unknown_share", typeof(double)),
        .. minimumProbability is null ? Enumerable.Range(0, topics).Select(topic => ($"topic_{topic}", typeof(double))) : [("topic", typeof(int)), ("probability", typeof(double))],
    ]);

    public override void Add(DocumentRow row)
    {
        object?[] document = [row.Id, row.Label, row.Topics.Tokens, row.Topics.UnknownTokens, row.Topics.UnknownShare];
        if (minimumProbability is not { } least) _rows.Add([.. document, .. row.Topics.Proportions.Cast<object>()]);
        else foreach ((int topic, double probability) in row.AtLeast(least)) _rows.Add([.. document, topic, probability]);
    }

    public override void Complete() => _rows.Complete();

    public override void Dispose() => _rows.Dispose();
}
