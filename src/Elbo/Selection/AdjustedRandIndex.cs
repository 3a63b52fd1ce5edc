namespace Elbo.Selection;

/// <summary>How far two partitions of the same rows agree, corrected for chance (Hubert and Arabie 1985, eq. 5).</summary>
public static class AdjustedRandIndex
{
    /// <summary>
    /// (Σ_ij C(n_ij, 2) − e) / ((Σ_i C(a_i, 2) + Σ_j C(b_j, 2)) / 2 − e), e = Σ_i C(a_i, 2) Σ_j C(b_j, 2) / C(n, 2). The names of the groups do not matter.
    /// </summary>
    /// <param name="first">A group for each row; any numbers.</param>
    /// <param name="second">Another group for each row.</param>
    /// <returns>1 where the partitions are the same, 0 on average for independent ones, and below 0 where they agree less than by chance. Counted in whole numbers, and so exact but for one division.</returns>
    /// <exception cref="ArgumentException">The two differ in length, or are empty.</exception>
    public static double Of(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        if (first.Length != second.Length) throw new ArgumentException($"There are {first.Length} and {second.Length} rows; two partitions of the same rows are needed.", nameof(second));
        if (first.IsEmpty) throw new ArgumentException("There are no rows.", nameof(first));
        var rows = new Dictionary<int, long>();
        var columns = new Dictionary<int, long>();
        var cells = new Dictionary<(int, int), long>();
        for (int i = 0; i < first.Length; i++)
        {
            rows[first[i]] = rows.GetValueOrDefault(first[i]) + 1;
            columns[second[i]] = columns.GetValueOrDefault(second[i]) + 1;
            cells[(first[i], second[i])] = cells.GetValueOrDefault((first[i], second[i])) + 1;
        }
        Int128 together = Pairs(cells.Values), left = Pairs(rows.Values), right = Pairs(columns.Values), all = Pairs([first.Length]);
        // Numerator and denominator times 2 C(n, 2). The denominator is 0 only where both are one group, or both are groups of one: the same partition.
        Int128 numerator = 2 * (together * all - left * right), denominator = (left + right) * all - 2 * left * right;
        return denominator == 0 ? 1 : (double)numerator / (double)denominator;
    }

    static Int128 Pairs(IEnumerable<long> counts)
    {
        Int128 pairs = 0;
        foreach (long count in counts) pairs += (Int128)count * (count - 1) / 2;
        return pairs;
    }
}
