using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Elbo.Files;

/// <summary>The types of elements that Elbo's files use, out of those that the format knows.</summary>
internal enum TensorType
{
    F64,
    I64,
    I32,
    U8,
}

/// <summary>One tensor of a file: where its bytes lie within the data part.</summary>
internal sealed record TensorEntry(string Name, TensorType Type, long[] Shape, long Begin, long End)
{
    public static int SizeOf(TensorType type) => type switch
    {
        TensorType.F64 or TensorType.I64 => 8,
        TensorType.I32 => 4,
        _ => 1,
    };
}

/// <summary>The header of a safetensors file: its tensors in the order of the header, its metadata, and where the data begin.</summary>
internal sealed record SafeTensorsHeader(IReadOnlyList<TensorEntry> Tensors, IReadOnlyDictionary<string, string> Metadata, long DataStart)
{
    /// <summary>How many bytes of data there are: the tensors lie without holes.</summary>
    public long DataLength { get; } = Tensors.Count == 0 ? 0 : Tensors.Max(tensor => tensor.End);

    public const string MetadataName = "__metadata__";
    public const int LengthBytes = 8;

    // So that mapped tensors suit any vector width.
    const int Alignment = 64;

    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// Gives every tensor its place. The format allows no holes, so that the wider types come first, each in the order given: then every tensor is
    /// aligned to its element size.
    /// </summary>
    public static SafeTensorsHeader Layout(IReadOnlyList<(string Name, TensorType Type, long[] Shape)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var entries = new TensorEntry[tensors.Count];
        long end = 0;
        foreach (int i in Enumerable.Range(0, tensors.Count).OrderByDescending(i => TensorEntry.SizeOf(tensors[i].Type)))
        {
            (string name, TensorType type, long[] shape) = tensors[i];
            long begin = end;
            end = checked(begin + shape.Aggregate(1L, (product, length) => checked(product * length)) * TensorEntry.SizeOf(type));
            entries[i] = new TensorEntry(name, type, shape, begin, end);
        }
        return new SafeTensorsHeader(entries, metadata, 0);
    }

    /// <summary>The header as it stands at the begin of the file: its length, the JSON, and spaces up to where the data begin.</summary>
    /// <exception cref="ArgumentException">A name or a value is no Unicode text, or a tensor has the name that stands for the metadata.</exception>
    public byte[] ToBytes()
    {
        using var json = new MemoryStream();
        json.Write(new byte[LengthBytes]);
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(writer);
        while (json.Length % Alignment != 0) json.WriteByte((byte)' ');
        byte[] bytes = json.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - LengthBytes);
        return bytes;
    }

    void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(MetadataName);
        // In a fixed order, so that the same content gives the same bytes.
        foreach ((string key, string value) in Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            writer.WriteString(Utf8(key, "metadata"), Utf8(value, $"metadata '{key}'"));
        writer.WriteEndObject();
        foreach (TensorEntry tensor in Tensors)
        {
            if (tensor.Name == MetadataName)
                throw new ArgumentException($"No tensor can have the name '{MetadataName}'.");
            writer.WriteStartObject(Utf8(tensor.Name, "tensor name"));
            writer.WriteString("dtype"u8, tensor.Type.ToString());
            writer.WriteStartArray("shape"u8);
            foreach (long length in tensor.Shape) writer.WriteNumberValue(length);
            writer.WriteEndArray();
            writer.WriteStartArray("data_offsets"u8);
            writer.WriteNumberValue(tensor.Begin);
            writer.WriteNumberValue(tensor.End);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    static byte[] Utf8(string text, string what)
    {
        try
        {
            return Strict.GetBytes(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new ArgumentException($"The {what} holds half a surrogate pair, which is no Unicode text and cannot be stored.", error);
        }
    }
}
