using CoinFlips;
using CsCheck;
using Elbo.Engine;
using Elbo.Orleans.Wire;

namespace Elbo.Orleans.Tests;

/// <summary>What comes over the wire is no more trusted than a file.</summary>
public sealed class HostileBytesTests
{
    [Fact]
    public void Parameters_that_were_tampered_with_are_refused_or_parameters()
    {
        var model = new CoinModel();
        ShardWorker worker = ShardWorker.Create(new ArrayShards<Session>([new(1, 2), new(3, 4)], 1), model, model);
        byte[] sound = TensorBytes.Encode(new Coins(0.6, 0.5));
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, sound.Length]).Sample((place, value, length) =>
        {
            byte[] bytes = sound.ToArray();
            bytes[place] = value;
            try
            {
                worker.Begin(bytes, 0, 2);
            }
            catch (InvalidDataException)
            {
            }
            Assert.Throws<InvalidDataException>(() => worker.Begin(length == sound.Length ? [.. sound, 0] : sound[..length], 0, 2));
        });
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(2 << 20, 5)]
    [InlineData(2 << 20, -(1 << 20))]
    [InlineData(1000, 0)]
    public void Blocks_that_do_not_fit_are_refused(int length, int offset)
    {
        var buffer = new BlockBuffer();
        Assert.Throws<InvalidDataException>(() => buffer.Put(length, offset, new byte[1 << 20]));
        Assert.Throws<InvalidOperationException>(() => buffer.Join());
    }

    [Fact]
    public void Blocks_come_together_in_any_order_and_twice()
    {
        byte[] bytes = [.. Enumerable.Range(0, (5 << 19) + 7).Select(i => (byte)(i * 31 >> 3))];
        var buffer = new BlockBuffer();
        foreach (int block in new[] { 2, 0, 2, 1 })
        {
            Assert.Throws<InvalidOperationException>(() => buffer.Join());
            buffer.Put(bytes.Length, block << 20, Blocks.At(bytes, block << 20));
        }
        Assert.Equal(bytes, buffer.Join());
        // Late once more: what is together stays.
        buffer.Put(bytes.Length, 0, Blocks.At(bytes, 0));
        Assert.Equal(bytes, buffer.Join());
    }
}
