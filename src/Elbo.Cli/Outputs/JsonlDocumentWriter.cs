using System.Buffers;
using System.Text;
using System.Text.Json;
using Elbo.Cli.Terminal;

namespace Elbo.Cli.Outputs;

/// <summary>One JSON object a document. All topics are an array in the order of their ids; with a least probability, an object of those topics that have it.</summary>
sealed class JsonlDocumentWriter(TextWriter writer, double? minimumProbability) : DocumentWriter
{
    readonly ArrayBufferWriter<byte> _buffer = new();

    public override void Add(DocumentRow row)
    {
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JsonOutput.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("id", row.Id);
            if (row.Label is not null) json.WriteString("label", row.Label);
            json.WriteNumber("tokens", row.Topics.Tokens);
            json.WriteNumber("unknown_tokens", row.Topics.UnknownTokens);
            json.WriteNumber("unknown_share", row.Topics.UnknownShare);
            WriteTopics(json, row);
            json.WriteEndObject();
        }
        writer.Write(Encoding.UTF8.GetString(_buffer.WrittenSpan));
        writer.Write('\n');
    }

    public override void Complete() => writer.Flush();

    public override void Dispose() => writer.Dispose();

    void WriteTopics(Utf8JsonWriter json, DocumentRow row)
    {
        if (minimumProbability is { } least)
        {
            json.WriteStartObject("topics");
            foreach ((int topic, double probability) in row.AtLeast(least)) json.WriteNumber(topic.ToString(System.Globalization.CultureInfo.InvariantCulture), probability);
            json.WriteEndObject();
            return;
        }
        json.WriteStartArray("topics");
        foreach (double probability in row.Topics.Proportions) json.WriteNumberValue(probability);
        json.WriteEndArray();
    }
}
