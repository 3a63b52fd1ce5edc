using Elbo.Files;

namespace Elbo.Observations;

/// <summary>What a fit sees of a table, as one hash, wherever it came from.</summary>
static class TableChecksum
{
    /// <summary>
    /// SHA-256 over, all little-endian: the number of columns (64 bits), each name as its length in UTF-8 bytes (32 bits) and those bytes; then values, weights and responsibilities (doubles)
    /// and lengths of sequences (32 bits), each of the four after how many there are (64 bits).
    /// </summary>
    public static string Of(ObservationTable table)
    {
        using var hash = new ContentHash();
        hash.Add((long)table.ColumnCount);
        foreach (string name in table.ColumnNames) hash.Add(name);
        Add(table.Values);
        Add(table.Weights);
        Add(table.Responsibilities);
        Add(table.SequenceLengths);
        return hash.End();

        void Add<T>(ReadOnlySpan<T> values) where T : unmanaged
        {
            hash.Add((long)values.Length);
            hash.Add(values);
        }
    }
}
