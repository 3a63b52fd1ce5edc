using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Elbo.Engine;
using Elbo.Files;

namespace Elbo.Tests.Files;

public sealed class SafeTensorsTests
{
    static readonly Dictionary<string, string> NoMetadata = [];

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        var tensors = new TensorSet();
        tensors.Visit("b", [3], (byte[])[1, 2, 3]);
        tensors.Visit("i", [1, 2], [1, -1]);
        tensors.Visit("d", [], [1.0], TensorConstraint.Real);
        byte[] file = Write(tensors, new Dictionary<string, string> { ["z"] = "é\"", ["a"] = "" });

        string header = """{"__metadata__":{"a":"","z":"é\""},"b":{"dtype":"U8","shape":[3],"data_offsets":[16,19]},"i":{"dtype":"I32","shape":[1,2],"data_offsets":[8,16]},"d":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}""";
        int length = Encoding.UTF8.GetByteCount(header);
        int padded = (length + 8 + 63) / 64 * 64 - 8;
        Assert.Equal(padded, BinaryPrimitives.ReadInt64LittleEndian(file));
        Assert.Equal(header + new string(' ', padded - length), Encoding.UTF8.GetString(file, 8, padded));
        Assert.Equal([0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3], file[(8 + padded)..]);
    }

    [Fact]
    public void What_goes_in_comes_out_bit_for_bit()
    {
        // Also the bits that no comparison of numbers sees: negative zero and the payload of a NaN.
        Gen<double> number = Gen.Long.Select(BitConverter.Int64BitsToDouble);
        Gen<Action<TensorSet, string>> tensor = Gen.OneOf(
            number.Array[0, 6].Select(values => (Action<TensorSet, string>)((set, name) => set.Visit(name, [values.Length, 1], values, TensorConstraint.Real))),
            Gen.Int.Array[0, 6].Select(values => (Action<TensorSet, string>)((set, name) => set.Visit(name, [1, values.Length, 1], values))),
            Gen.Byte.Array[0, 6].Select(values => (Action<TensorSet, string>)((set, name) => set.Visit(name, [values.Length], values))));
        Gen<string> text = Gen.OneOf(new[] { "", "a", "name", "ü", "\"\\\n\0", "𝛌 topic", "</script>", "\u2028" }.Select(Gen.Const).ToArray());
        Gen.Select(tensor.Array[0, 5], Gen.Dictionary(text, text)[0, 4]).Sample((tensors, metadata) =>
        {
            var set = new TensorSet();
            for (int i = 0; i < tensors.Length; i++) tensors[i](set, $"tensor \"{i}\" ψ");
            byte[] bytes = Write(set, metadata);
            TensorFile file = Read(bytes);
            Assert.Equal(metadata.OrderBy(pair => pair.Key), file.Metadata.OrderBy(pair => pair.Key));
            Assert.Equal(set.Tensors.Select(Image), file.Tensors.Tensors.Select(Image));
            // The second writing sees the same content, so it gives the same bytes.
            Assert.Equal(bytes, Write(file.Tensors, file.Metadata));
        });
    }

    [Fact]
    public void A_file_cut_anywhere_is_an_error()
    {
        byte[] whole = Write(Small(), new Dictionary<string, string> { ["key"] = "value" });
        Read(whole);
        for (int cut = 0; cut < whole.Length; cut++)
            Assert.Contains("'file'", Assert.Throws<InvalidDataException>(() => Read(whole[..cut])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_changed_byte_is_an_error_or_harmless()
    {
        byte[] whole = Write(Small(), new Dictionary<string, string> { ["key"] = "value" });
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Sample((place, value) =>
        {
            byte[] changed = [.. whole];
            changed[place] = value;
            try
            {
                Read(changed);
            }
            catch (InvalidDataException)
            {
            }
        }, iter: 20_000);
    }

    [Theory]
    [InlineData("""{"t":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", 9, "1 bytes follow the last tensor")]
    [InlineData("""{"t":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", 7, "tensor 't' ends at byte 8 of the data, but there are 7")]
    [InlineData("""{"t":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}""", 16, "a hole of 8 bytes before tensor 't'")]
    [InlineData("""{"t":{"dtype":"I32","shape":[2],"data_offsets":[0,8]},"u":{"dtype":"I32","shape":[2],"data_offsets":[4,12]}}""", 12, "tensors 't' and 'u' overlap")]
    [InlineData("""{"t":{"dtype":"I32","shape":[1],"data_offsets":[0,4]},"u":{"dtype":"I32","shape":[1],"data_offsets":[8,12]}}""", 12, "a hole of 4 bytes before tensor 'u'")]
    [InlineData("""{"t":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}""", 8, "tensor 't' of type F64 and shape [2] needs 16 bytes, but its offsets span 8")]
    [InlineData("""{"t":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", 8, "tensor 't' of shape [4294967296, 4294967296] would be larger than any file")]
    [InlineData("""{"t":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,8]}}""", 8, "would be larger than any file")]
    [InlineData("""{"t":{"dtype":"F64","shape":[-1],"data_offsets":[0,8]}}""", 8, "tensor 't' has a 'shape' with something else than whole numbers")]
    [InlineData("""{"t":{"dtype":"F64","shape":[1.0],"data_offsets":[0,8]}}""", 8, "tensor 't' has a 'shape' with something else than whole numbers")]
    [InlineData("""{"t":{"dtype":"F64","shape":[1e0],"data_offsets":[0,8]}}""", 8, "tensor 't' has a 'shape' with something else than whole numbers")]
    [InlineData("""{"t":{"dtype":"F64","shape":["1"],"data_offsets":[0,8]}}""", 8, "tensor 't' has a 'shape' with something else than whole numbers")]
    [InlineData("""{"t":{"dtype":"F64","shape":[[1]],"data_offsets":[0,8]}}""", 8, "is not the JSON that it must be")]
    [InlineData("""{"t":{"dtype":"F64","shape":1,"data_offsets":[0,8]}}""", 8, "tensor 't' has a 'shape' that is not a list")]
    [InlineData("""{"t":{"dtype":"F64","shape":[1],"data_offsets":[0,9223372036854775808]}}""", 8, "tensor 't' has a 'data_offsets' with something else")]
    [InlineData("""{"t":{"dtype":"F64","shape":[1],"data_offsets":[8,0]}}""", 8, "tensor 't' ends at 0, before it begins at 8")]
    [InlineData("""{"t":{"dtype":"F64","shape":[1],"data_offsets":[0,8,8]}}""", 8, "tensor 't' has 3 data offsets instead of 2")]
    [InlineData("""{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "tensor 't' has the dtype 'F32'")]
    [InlineData("""{"t":{"dtype":64,"shape":[2],"data_offsets":[0,8]}}""", 8, "tensor 't' has a dtype that is not a string")]
    [InlineData("""{"t":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", 8, "tensor 't' has the dtype I64, which only corpus files have")]
    [InlineData("""{"t":{"shape":[1],"data_offsets":[0,8]}}""", 8, "tensor 't' lacks its 'dtype'")]
    [InlineData("""{"t":{"dtype":"F64","data_offsets":[0,8]}}""", 8, "tensor 't' lacks its 'shape'")]
    [InlineData("""{"t":{"dtype":"F64","shape":[1]}}""", 8, "tensor 't' lacks its 'data_offsets'")]
    [InlineData("""{"t":{"dtype":"F64","dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", 8, "tensor 't' has 'dtype' twice")]
    [InlineData("""{"t":{"dtype":"F64","shape":[1],"data_offsets":[0,8],"more":1}}""", 8, "tensor 't' has the unknown field 'more'")]
    [InlineData("""{"t":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"t":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "its header has 't' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "its header has '__metadata__' twice")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "its metadata 'a' is not a string")]
    [InlineData("""{"__metadata__":{"a":{"b":"c"}}}""", 0, "its metadata 'a' is not a string")]
    [InlineData("""{"__metadata__":{"a":null}}""", 0, "its metadata 'a' is not a string")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "it has the metadata 'a' twice")]
    [InlineData("""{"__metadata__":[]}""", 0, "something else than an object under '__metadata__'")]
    [InlineData("""{"__metadata__":{"a":"\ud800"}}""", 0, "a string that is no Unicode text")]
    [InlineData("""{"t":7}""", 0, "something else than an object under 't'")]
    [InlineData("""{"__metadata__":{}""", 0, "is not the JSON that it must be")]
    [InlineData("""{} x""", 0, "is not the JSON that it must be")]
    [InlineData("""{}{}""", 0, "is not the JSON that it must be")]
    [InlineData(""" {}""", 0, "does not begin with '{'")]
    [InlineData("""[]""", 0, "does not begin with '{'")]
    [InlineData("", 0, "does not begin with '{'")]
    public void A_lying_header_is_an_error_that_says_so(string header, int dataLength, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(Raw(Encoding.UTF8.GetBytes(header), dataLength)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("'file' cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_utf8_is_an_error()
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(Raw([.. "{\"__metadata__\":{\"a\":\""u8, 0xFF, .. "\"}}"u8], 0)));
        Assert.Contains("not valid UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue, "announce a header of 18446744073709551615 bytes")]
    [InlineData(100_000_001, "announce a header of 100000001 bytes")]
    [InlineData(3, "announces a header of 3 bytes but has 2")]
    public void A_lying_header_length_is_an_error_and_no_allocation(ulong length, string message)
    {
        var bytes = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => Read(bytes));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_others_read_too()
    {
        // Tensors in another order than their data, an empty one in the middle, no metadata, no padding.
        TensorFile file = Read(Raw("""{"x":{"dtype":"U8","shape":[2],"data_offsets":[4,6]},"e":{"dtype":"F64","shape":[0,7],"data_offsets":[4,4]},"y":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}"""u8.ToArray(), 6));
        Assert.Equal(["x", "e", "y"], file.Tensors.Tensors.Select(tensor => tensor.Name));
        Assert.Empty(file.Tensors.Doubles("e", TensorConstraint.Real, 0, 7));
        Assert.Equal([4, 5], file.Tensors.Raw("x", 2));
        Assert.Equal([0x03020100], file.Tensors.Integers("y", 1));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Write(new TensorSet(), new Dictionary<string, string> { ["a"] = "\ud800" }));
        var tensors = new TensorSet();
        tensors.Visit("__metadata__", [0], Array.Empty<byte>());
        Assert.Throws<ArgumentException>(() => Write(tensors, NoMetadata));
    }

    static TensorSet Small()
    {
        var tensors = new TensorSet();
        tensors.Visit("alpha", [2], [0.5, 0.25], TensorConstraint.Positive);
        tensors.Visit("counts", [3], [1, 2, 3]);
        tensors.Visit("text", [2], "ab"u8);
        return tensors;
    }

    static (string, string, Type, string) Image(NamedTensor tensor) =>
        (tensor.Name, string.Join(",", tensor.Shape), tensor.Values.GetType(), Convert.ToHexString(tensor.Bytes));

    /// <summary>A file of the given header, its data the bytes 0, 1, 2, ….</summary>
    static byte[] Raw(byte[] header, int dataLength)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. Enumerable.Range(0, dataLength).Select(i => (byte)i)];
    }

    static byte[] Write(TensorSet tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    static TensorFile Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return SafeTensors.Read(stream, "file");
    }
}
