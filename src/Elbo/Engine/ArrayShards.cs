namespace Elbo.Engine;

/// <summary>Observations in an array, cut into runs of a fixed number: the simplest data that an executor takes. The last run may be shorter.</summary>
/// <typeparam name="T">One observation, its weight included where it has any.</typeparam>
/// <param name="rows">The observations, at least one; the array must not change while a fit runs.</param>
/// <param name="rowsPerShard">How many observations make a shard, ≥ 1. It decides in which order sums are formed, so another number gives other last bits.</param>
public sealed class ArrayShards<T>(T[] rows, int rowsPerShard = 4096) : IShards<ReadOnlySpan<T>>
{
    readonly T[] _rows = rows is { Length: > 0 } ? rows : throw new ArgumentException("There is no observation.", nameof(rows));
    readonly int _rowsPerShard = rowsPerShard >= 1 ? rowsPerShard : throw new ArgumentOutOfRangeException(nameof(rowsPerShard), rowsPerShard, "A shard needs at least one row.");

    /// <inheritdoc/>
    public int Count => (_rows.Length - 1) / _rowsPerShard + 1;

    /// <inheritdoc/>
    public ReadOnlySpan<T> Read(int shard)
    {
        int first = checked(shard * _rowsPerShard);
        return _rows.AsSpan(first, Math.Min(_rowsPerShard, _rows.Length - first));
    }
}
