namespace Elbo.Orleans.Wire;

/// <summary>Long byte arrays in messages of about a megabyte, several under way at once.</summary>
static class Blocks
{
    /// <summary>Bytes of a block: far below what Orleans takes in one message (100 MiB), where a longer one would break the connection.</summary>
    public const int Length = 1 << 20;

    /// <summary>The most bytes of an order or another message that is not in blocks.</summary>
    public const int SmallMessage = 4 << 20;

    const int UnderWay = 4;

    /// <summary>Sends an array.</summary>
    public static Task SendAsync(byte[] bytes, Func<int, byte[], Task> put, CancellationToken cancellationToken) => EachAsync(bytes.Length, async (offset, length) =>
    {
        await put(offset, bytes.AsSpan(offset, length).ToArray()).ConfigureAwait(false);
    }, cancellationToken);

    /// <summary>Fetches an array whose length is known.</summary>
    public static async Task<byte[]> FetchAsync(int length, Func<int, Task<byte[]>> pull, CancellationToken cancellationToken)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        await EachAsync(length, async (offset, expected) =>
        {
            byte[] block = await pull(offset).ConfigureAwait(false);
            if (block.Length != expected) throw new InvalidDataException($"A block of {block.Length} bytes came where {expected} were expected.");
            block.CopyTo(bytes, offset);
        }, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>The block at a place.</summary>
    public static byte[] At(byte[] bytes, long offset) => bytes.AsSpan(checked((int)offset), (int)Math.Min(Length, bytes.Length - offset)).ToArray();

    /// <summary>Refuses a message that is not in blocks and too long, before it is sent.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public static void CheckSmall(IReadOnlyDictionary<string, string> properties, string what)
    {
        long bytes = properties.Sum(pair => 2L * (pair.Key.Length + pair.Value.Length));
        if (bytes > SmallMessage) throw new ArgumentException($"{what} has {bytes} bytes of text, and {SmallMessage} go into one message. Give it fewer or shorter values (guided terms, columns).", nameof(properties));
    }

    static async Task EachAsync(int length, Func<int, int, Task> move, CancellationToken cancellationToken)
    {
        // Not disposed: moves that are under way when it is cancelled release it still.
        var free = new SemaphoreSlim(UnderWay);
        var moves = new List<Task>();
        for (int offset = 0; offset < length; offset += Length)
        {
            await free.WaitAsync(cancellationToken).ConfigureAwait(false);
            moves.Add(MoveAsync(offset, Math.Min(Length, length - offset)));
            if (moves.Exists(task => task.IsFaulted)) break;
        }
        await Task.WhenAll(moves).ConfigureAwait(false);

        async Task MoveAsync(int offset, int count)
        {
            try
            {
                await move(offset, count).ConfigureAwait(false);
            }
            finally
            {
                free.Release();
            }
        }
    }
}
