using System.Globalization;

namespace Elbo.Cli.Outputs;

/// <summary>Comma-separated values by RFC 4180, with all digits of every number.</summary>
sealed class CsvDocumentWriter : DocumentWriter
{
    readonly StreamWriter _writer;
    readonly double? _minimumProbability;

    public CsvDocumentWriter(Stream stream, int topics, double? minimumProbability)
    {
        _writer = new StreamWriter(stream, bufferSize: 1 << 16) { NewLine = "\n" };
        _minimumProbability = minimumProbability;
        IEnumerable<string> topicColumns = minimumProbability is null ? Enumerable.Range(0, topics).Select(topic => $"topic_{topic}") : ["topic", "probability"];
        _writer.WriteLine(string.Join(',', [.. DocumentColumns, .. topicColumns]));
    }

    public override void Add(DocumentRow row)
    {
        string document = string.Create(CultureInfo.InvariantCulture,
            $"{Quote(row.Id)},{Quote(row.Label ?? "")},{row.Topics.Tokens},{row.Topics.UnknownTokens},{row.Topics.UnknownShare:R}");
        if (_minimumProbability is { } least)
        {
            foreach ((int topic, double probability) in row.AtLeast(least))
                _writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{document},{topic},{probability:R}"));
            return;
        }
        _writer.Write(document);
        foreach (double probability in row.Topics.Proportions)
        {
            _writer.Write(',');
            _writer.Write(probability.ToString("R", CultureInfo.InvariantCulture));
        }
        _writer.WriteLine();
    }

    public override void Complete() => _writer.Flush();

    public override void Dispose() => _writer.Dispose();

    static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
