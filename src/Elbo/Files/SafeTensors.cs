using System.Runtime.InteropServices;
using Elbo.Engine;

namespace Elbo.Files;

/// <summary>What a safetensors file holds.</summary>
/// <param name="Tensors">The tensors in the order of the file's header. The format stores no constraints: all are <see cref="TensorConstraint.Real"/> or
/// <see cref="TensorConstraint.Fixed"/>, and readers state what they expect (<see cref="TensorSet.Doubles"/>).</param>
/// <param name="Metadata">Names and values.</param>
public sealed record TensorFile(TensorSet Tensors, IReadOnlyDictionary<string, string> Metadata);

/// <summary>
/// Reads and writes the safetensors format: the length of the header in 8 bytes, a JSON header, raw little-endian data without holes. Doubles are F64,
/// integers I32, bytes U8. The same content always gives the same bytes.
/// </summary>
public static class SafeTensors
{
    // A span of bytes ends at 2 GiB, a tensor does not.
    const int ChunkBytes = 1 << 20;

    /// <summary>Writes a file in one step (<see cref="AtomicFile"/>).</summary>
    /// <exception cref="ArgumentException">A name or metadata value is no Unicode text.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, TensorSet tensors, IReadOnlyDictionary<string, string> metadata) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    /// <summary>Writes the format to a stream.</summary>
    /// <exception cref="ArgumentException">A name or metadata value is no Unicode text.</exception>
    public static void Write(Stream stream, TensorSet tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(metadata);
        SafeTensorsHeader header = Layout(tensors, metadata);
        Write(stream, header, header.ToBytes(), tensors);
    }

    /// <summary>The format in memory, without a copy on the way.</summary>
    /// <exception cref="OverflowException">It is longer than an array.</exception>
    internal static byte[] ToBytes(TensorSet tensors, IReadOnlyDictionary<string, string> metadata)
    {
        SafeTensorsHeader header = Layout(tensors, metadata);
        byte[] head = header.ToBytes(), bytes = GC.AllocateUninitializedArray<byte>(checked((int)(head.Length + header.DataLength)));
        using var stream = new MemoryStream(bytes);
        Write(stream, header, head, tensors);
        return bytes;
    }

    static SafeTensorsHeader Layout(TensorSet tensors, IReadOnlyDictionary<string, string> metadata)
    {
        RequireLittleEndian();
        return SafeTensorsHeader.Layout([.. tensors.Tensors.Select(tensor => (tensor.Name, TypeOf(tensor), tensor.Shape.ToArray()))], metadata);
    }

    static void Write(Stream stream, SafeTensorsHeader header, byte[] head, TensorSet tensors)
    {
        stream.Write(head);
        foreach ((NamedTensor tensor, _) in tensors.Tensors.Zip(header.Tensors).OrderBy(pair => pair.Second.Begin).ThenBy(pair => pair.Second.End))
            WriteValues(stream, tensor.Values);
    }

    /// <summary>Reads a file, everything in it checked before it is used.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or of another kind; the message says where.</exception>
    public static TensorFile Read(string path)
    {
        using FileStream file = InputFile.Open(path);
        return Read(file, path);
    }

    /// <summary>Reads the format from a stream that can seek, from its begin to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="InvalidDataException">The content is damaged or of another kind; the message says where.</exception>
    public static TensorFile Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        RequireLittleEndian();
        try
        {
            stream.Position = 0;
            SafeTensorsHeader header = SafeTensorsHeaderReader.Read(stream, name);
            var tensors = new TensorSet();
            foreach (TensorEntry entry in header.Tensors)
            {
                stream.Position = header.DataStart + entry.Begin;
                Array values = ReadValues(stream, entry, name);
                tensors.Add(new NamedTensor(entry.Name, entry.Shape, values, entry.Type == TensorType.F64 ? TensorConstraint.Real : TensorConstraint.Fixed));
            }
            return new TensorFile(tensors, header.Metadata);
        }
        catch (EndOfStreamException error)
        {
            throw SafeTensorsHeaderReader.Bad(name, "it became shorter while it was read", error);
        }
    }

    /// <summary>Reads the metadata alone.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The header is damaged, or the file of another kind.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        using FileStream file = InputFile.Open(path);
        return ReadMetadata(file, path);
    }

    internal static IReadOnlyDictionary<string, string> ReadMetadata(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Position = 0;
        return SafeTensorsHeaderReader.Read(stream, name).Metadata;
    }

    /// <summary>Values are written and mapped as they lie in memory.</summary>
    internal static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Elbo's files can be read and written on little-endian machines only.");
    }

    static TensorType TypeOf(NamedTensor tensor) => tensor.Values switch
    {
        double[] => TensorType.F64,
        int[] => TensorType.I32,
        _ => TensorType.U8,
    };

    static void WriteValues(Stream stream, Array values)
    {
        if (values is double[] doubles) WriteValues(stream, doubles);
        else if (values is int[] integers) WriteValues(stream, integers);
        else WriteValues(stream, (byte[])values);
    }

    static unsafe void WriteValues<T>(Stream stream, T[] values) where T : unmanaged
    {
        for (int start = 0, count; start < values.Length; start += count)
        {
            count = Math.Min(ChunkBytes / sizeof(T), values.Length - start);
            stream.Write(MemoryMarshal.AsBytes(values.AsSpan(start, count)));
        }
    }

    static Array ReadValues(Stream stream, TensorEntry entry, string name) => entry.Type switch
    {
        TensorType.F64 => ReadValues<double>(stream, entry, name),
        TensorType.I32 => ReadValues<int>(stream, entry, name),
        TensorType.U8 => ReadValues<byte>(stream, entry, name),
        _ => throw SafeTensorsHeaderReader.Bad(name, $"tensor '{entry.Name}' has the dtype {entry.Type}, which only corpus files have"),
    };

    static unsafe T[] ReadValues<T>(Stream stream, TensorEntry entry, string name) where T : unmanaged
    {
        long length = (entry.End - entry.Begin) / sizeof(T);
        if (length > Array.MaxLength)
            throw SafeTensorsHeaderReader.Bad(name, $"tensor '{entry.Name}' has {length} values; at most {Array.MaxLength} fit in memory in one piece");
        T[] values = GC.AllocateUninitializedArray<T>((int)length);
        for (int start = 0, count; start < values.Length; start += count)
        {
            count = Math.Min(ChunkBytes / sizeof(T), values.Length - start);
            stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan(start, count)));
        }
        return values;
    }
}
