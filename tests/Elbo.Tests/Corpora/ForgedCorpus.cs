using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Elbo.Corpora;
using Elbo.Files;

namespace Elbo.Tests.Corpora;

/// <summary>A corpus file to lie in: its columns can be changed, and it is written again with sound header and checksum.</summary>
sealed class ForgedCorpus
{
    readonly List<(string Name, TensorType Type, byte[] Data)> _columns = [];

    public ForgedCorpus(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        using var stream = new MemoryStream(file);
        SafeTensorsHeader header = SafeTensorsHeaderReader.Read(stream, path);
        Metadata = new Dictionary<string, string>(header.Metadata);
        foreach (TensorEntry tensor in header.Tensors)
            _columns.Add((tensor.Name, tensor.Type, file[(int)(header.DataStart + tensor.Begin)..(int)(header.DataStart + tensor.End)]));
    }

    public Dictionary<string, string> Metadata { get; }

    public ForgedCorpus Set(string name, int index, long value)
    {
        (_, TensorType type, byte[] data) = _columns.Single(column => column.Name == name);
        if (type == TensorType.I64) MemoryMarshal.Cast<byte, long>(data.AsSpan())[index] = value;
        else if (type == TensorType.I32) MemoryMarshal.Cast<byte, int>(data.AsSpan())[index] = (int)value;
        else data[index] = (byte)value;
        return this;
    }

    public ForgedCorpus Remove(string name)
    {
        Assert.Equal(1, _columns.RemoveAll(column => column.Name == name));
        return this;
    }

    /// <summary>Leaves out the last bytes of a column.</summary>
    public ForgedCorpus Shorten(string name, int bytes) => Replace(name, column => (column.Type, column.Data[..^bytes]));

    public ForgedCorpus Retype(string name, TensorType type) => Replace(name, column => (type, column.Data));

    public byte[] ToBytes()
    {
        SafeTensorsHeader header = Layout();
        byte[] data = [.. _columns.Zip(header.Tensors).OrderBy(pair => pair.Second.Begin).ThenBy(pair => pair.Second.End).SelectMany(pair => pair.First.Data)];
        Metadata[CorpusFile.DataChecksum] = Convert.ToHexStringLower(SHA256.HashData(data));
        return [.. Layout().ToBytes(), .. data];
    }

    SafeTensorsHeader Layout() =>
        SafeTensorsHeader.Layout([.. _columns.Select(column => (column.Name, column.Type, (long[])[column.Data.Length / TensorEntry.SizeOf(column.Type)]))], Metadata);

    ForgedCorpus Replace(string name, Func<(TensorType Type, byte[] Data), (TensorType, byte[])> change)
    {
        int place = _columns.FindIndex(column => column.Name == name);
        (TensorType type, byte[] data) = change((_columns[place].Type, _columns[place].Data));
        _columns[place] = (name, type, data);
        return this;
    }
}
