using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace Elbo.Files;

/// <summary>Reads the header of a safetensors file as if an enemy had written it: nothing is used before it was checked against the file.</summary>
internal static class SafeTensorsHeaderReader
{
    // As in the format's reference implementation.
    const long MaxHeaderLength = 100_000_000;

    // The header, a tensor, its shape.
    const int MaxDepth = 3;

    /// <summary>Reads and checks the header; the stream is then where the data begin.</summary>
    /// <param name="stream">A stream that can seek, at its begin.</param>
    /// <param name="file">The name to use in errors.</param>
    /// <exception cref="InvalidDataException">Anything that the format does not allow.</exception>
    public static SafeTensorsHeader Read(Stream stream, string file)
    {
        try
        {
            return ReadAll(stream, file);
        }
        catch (EndOfStreamException error)
        {
            throw Bad(file, "it became shorter while it was read", error);
        }
    }

    public static InvalidDataException Bad(string file, string what, Exception? inner = null) =>
        new($"'{file}' cannot be read: {what}.", inner);

    static SafeTensorsHeader ReadAll(Stream stream, string file)
    {
        long fileLength = stream.Length;
        if (fileLength < SafeTensorsHeader.LengthBytes)
            throw Bad(file, $"it has {fileLength} bytes, too few for a header. It is cut off, or of another kind");
        Span<byte> lengthBytes = stackalloc byte[SafeTensorsHeader.LengthBytes];
        stream.ReadExactly(lengthBytes);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length > MaxHeaderLength)
            throw Bad(file, $"its first 8 bytes announce a header of {length} bytes (at most {MaxHeaderLength} are allowed). It is of another kind, or damaged");
        if ((long)length > fileLength - SafeTensorsHeader.LengthBytes)
            throw Bad(file, $"it announces a header of {length} bytes but has {fileLength - SafeTensorsHeader.LengthBytes} after the announcement. It is cut off, or of another kind");
        var header = new byte[length];
        stream.ReadExactly(header);
        long dataStart = SafeTensorsHeader.LengthBytes + header.Length;
        (List<TensorEntry> tensors, Dictionary<string, string> metadata) = Parse(header, file);
        CheckLayout(tensors, fileLength - dataStart, file);
        return new SafeTensorsHeader(tensors, metadata, dataStart);
    }

    static (List<TensorEntry> Tensors, Dictionary<string, string> Metadata) Parse(byte[] header, string file)
    {
        if (header.Length == 0 || header[0] != (byte)'{')
            throw Bad(file, "its header does not begin with '{'. It is of another kind, or damaged");
        if (!Utf8.IsValid(header))
            throw Bad(file, "its header is not valid UTF-8");
        try
        {
            return ParseJson(header, file);
        }
        catch (JsonException error)
        {
            throw Bad(file, $"its header is not the JSON that it must be ({error.Message.TrimEnd('.')})", error);
        }
        catch (InvalidOperationException error)
        {
            // An escape such as \ud800 that stands for half a character.
            throw Bad(file, "its header holds a string that is no Unicode text", error);
        }
    }

    static (List<TensorEntry> Tensors, Dictionary<string, string> Metadata) ParseJson(byte[] header, string file)
    {
        var json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = MaxDepth });
        var names = new HashSet<string>(StringComparer.Ordinal);
        var tensors = new List<TensorEntry>();
        Dictionary<string, string> metadata = [];
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            if (!names.Add(name))
                throw Bad(file, $"its header has '{name}' twice");
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
                throw Bad(file, $"its header has something else than an object under '{name}'");
            if (name == SafeTensorsHeader.MetadataName) metadata = ParseMetadata(ref json, file);
            else tensors.Add(ParseTensor(ref json, name, file));
        }
        // Reads what may follow: spaces are fine, anything else is a JsonException.
        json.Read();
        return (tensors, metadata);
    }

    static Dictionary<string, string> ParseMetadata(ref Utf8JsonReader json, string file)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            if (json.TokenType != JsonTokenType.String)
                throw Bad(file, $"its metadata '{key}' is not a string");
            if (!metadata.TryAdd(key, json.GetString()!))
                throw Bad(file, $"it has the metadata '{key}' twice");
        }
        return metadata;
    }

    static TensorEntry ParseTensor(ref Utf8JsonReader json, string name, string file)
    {
        TensorType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            bool twice = key switch { "dtype" => type is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => throw Bad(file, $"tensor '{name}' has the unknown field '{key}'") };
            if (twice)
                throw Bad(file, $"tensor '{name}' has '{key}' twice");
            json.Read();
            if (key == "dtype") type = ParseType(ref json, name, file);
            else if (key == "shape") shape = ParseNumbers(ref json, name, key, file);
            else offsets = ParseNumbers(ref json, name, key, file);
        }
        if (type is null || shape is null || offsets is null)
            throw Bad(file, $"tensor '{name}' lacks its '{(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}'");
        if (offsets.Length != 2)
            throw Bad(file, $"tensor '{name}' has {offsets.Length} data offsets instead of 2");
        if (offsets[1] < offsets[0])
            throw Bad(file, $"tensor '{name}' ends at {offsets[1]}, before it begins at {offsets[0]}");
        long bytes = SizeOf(type.Value, shape, name, file);
        if (bytes != offsets[1] - offsets[0])
            throw Bad(file, $"tensor '{name}' of type {type} and shape [{string.Join(", ", shape)}] needs {bytes} bytes, but its offsets span {offsets[1] - offsets[0]}");
        return new TensorEntry(name, type.Value, shape, offsets[0], offsets[1]);
    }

    static TensorType ParseType(ref Utf8JsonReader json, string name, string file)
    {
        if (json.TokenType != JsonTokenType.String)
            throw Bad(file, $"tensor '{name}' has a dtype that is not a string");
        return json.GetString() switch
        {
            "F64" => TensorType.F64,
            "I64" => TensorType.I64,
            "I32" => TensorType.I32,
            "U8" => TensorType.U8,
            var other => throw Bad(file, $"tensor '{name}' has the dtype '{other}'; Elbo's files have F64, I64, I32 and U8"),
        };
    }

    static long[] ParseNumbers(ref Utf8JsonReader json, string name, string key, string file)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw Bad(file, $"tensor '{name}' has a '{key}' that is not a list");
        var numbers = new List<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long number) || number < 0)
                throw Bad(file, $"tensor '{name}' has a '{key}' with something else than whole numbers from 0 to 2^63 - 1");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    static long SizeOf(TensorType type, long[] shape, string name, string file)
    {
        try
        {
            long count = 1;
            foreach (long length in shape) count = checked(count * length);
            return checked(count * TensorEntry.SizeOf(type));
        }
        catch (OverflowException error)
        {
            throw Bad(file, $"tensor '{name}' of shape [{string.Join(", ", shape)}] would be larger than any file", error);
        }
    }

    /// <summary>The tensors must cover the data part exactly: no overlap, no hole, nothing behind.</summary>
    static void CheckLayout(List<TensorEntry> tensors, long dataLength, string file)
    {
        long end = 0;
        string previous = "";
        foreach (TensorEntry tensor in tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            if (tensor.Begin < end)
                throw Bad(file, $"tensors '{previous}' and '{tensor.Name}' overlap");
            if (tensor.Begin > end)
                throw Bad(file, $"there is a hole of {tensor.Begin - end} bytes before tensor '{tensor.Name}'");
            if (tensor.End > dataLength)
                throw Bad(file, $"tensor '{tensor.Name}' ends at byte {tensor.End} of the data, but there are {dataLength}. The file is cut off");
            end = tensor.End;
            previous = tensor.Name;
        }
        if (end != dataLength)
            throw Bad(file, $"{dataLength - end} bytes follow the last tensor");
    }
}
