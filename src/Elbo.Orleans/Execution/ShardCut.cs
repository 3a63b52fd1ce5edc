namespace Elbo.Orleans.Execution;

/// <summary>
/// Which shards each worker gets: runs next to each other, about as long as the workers have threads. Borders are moved by up to a twentieth of a share to where
/// few subtrees of the sum are cut, because every subtree that is left costs one set of statistics on the wire (docs/scale.md).
/// </summary>
static class ShardCut
{
    const double Slack = 1.0 / 20;

    /// <summary>The borders: worker i gets the shards from border i up to, without, border i + 1; a worker may get none.</summary>
    /// <param name="first">The first shard.</param>
    /// <param name="end">After the last shard.</param>
    /// <param name="threads">The threads of each worker, each at least 1.</param>
    public static int[] Borders(int first, int end, IReadOnlyList<int> threads)
    {
        var borders = new int[threads.Count + 1];
        borders[0] = first;
        borders[^1] = end;
        double all = threads.Sum(), before = 0, slack = Slack * (end - first) / threads.Count;
        for (int worker = 1; worker < threads.Count; worker++)
        {
            before += threads[worker - 1];
            double ideal = first + (end - first) * before / all;
            borders[worker] = RoundestBetween(Math.Max(borders[worker - 1], ideal - slack), Math.Min(end, ideal + slack), ideal);
        }
        return borders;
    }

    /// <summary>The whole number that the highest power of two divides, and of those the one that is nearest to <paramref name="ideal"/>.</summary>
    static int RoundestBetween(double low, double high, double ideal)
    {
        for (int step = 1 << 30; step > 1; step /= 2)
        {
            int nearest = (int)Math.Round(ideal / step) * step;
            if (nearest >= low && nearest <= high) return nearest;
        }
        return (int)Math.Max(Math.Ceiling(low), Math.Min(Math.Floor(high), Math.Round(ideal)));
    }
}
