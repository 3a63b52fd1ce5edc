using Elbo.Engine;

namespace Elbo.Observations;

/// <summary>The rows of a table in runs of a fixed number, for models in which every row is on its own. The last run may be shorter.</summary>
/// <param name="table">The rows.</param>
public sealed class RowShards(ObservationTable table) : IShards<ObservationBatch>
{
    /// <summary>A whole number of <see cref="RowBlock"/>s. It decides in which order sums are formed, so another number gives other last bits.</summary>
    const int RowsPerShard = 64 * RowBlock.Capacity;

    /// <inheritdoc/>
    public int Count => (table.RowCount - 1) / RowsPerShard + 1;

    /// <inheritdoc/>
    public ObservationBatch Read(int shard)
    {
        int first = checked(shard * RowsPerShard), count = Math.Min(RowsPerShard, table.RowCount - first), columns = table.ColumnCount;
        int components = table.Responsibilities.Length / table.RowCount;
        return new ObservationBatch(table.Values.Slice(first * columns, count * columns), columns)
        {
            Weights = table.Weights.IsEmpty ? default : table.Weights.Slice(first, count),
            Responsibilities = components == 0 ? default : table.Responsibilities.Slice(first * components, count * components),
        };
    }
}
