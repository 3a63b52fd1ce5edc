namespace Elbo.Engine;

/// <summary>
/// Adds up what the shards yield in one fixed binary tree over their numbers, in whatever order they arrive: node i of a level is
/// node 2i plus node 2i + 1 of the level below, and a node without a partner rises as it is. Thread-safe. About log₂ n partial sums wait at a time.
/// Where only some shards are added, what waits in the end are the sums of the largest whole subtrees, which another tree goes on with.
/// </summary>
/// <typeparam name="TStatistics">The expected sufficient statistics.</typeparam>
public sealed class ShardTree<TStatistics> where TStatistics : class, IStatistics<TStatistics>
{
    readonly Action<TStatistics> _release;
    readonly List<Dictionary<int, EStepResult<TStatistics>>> _waiting = [];
    readonly List<int> _widths = [];
    EStepResult<TStatistics>? _total;

    /// <summary>A tree over <paramref name="shards"/> shards; statistics that have been added to others are handed to <paramref name="release"/>.</summary>
    public ShardTree(int shards, Action<TStatistics> release)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        _release = release;
        for (int width = shards; ; width = (width + 1) / 2)
        {
            _widths.Add(width);
            _waiting.Add([]);
            if (width == 1) break;
        }
    }

    /// <summary>The sum over all shards.</summary>
    /// <exception cref="InvalidOperationException">A shard is still missing.</exception>
    public EStepResult<TStatistics> Total => _total ?? throw new InvalidOperationException("Not every shard has been added.");

    /// <summary>Whether every shard has been added.</summary>
    internal bool IsWhole => _total is not null;

    /// <summary>The sums that wait for others, or the total; to be asked when nothing is being added.</summary>
    internal IEnumerable<(int Level, int Index, EStepResult<TStatistics> Sum)> Sums => _total is not null
        ? [(_widths.Count - 1, 0, _total)]
        : _waiting.SelectMany((sums, level) => sums.OrderBy(sum => sum.Key).Select(sum => (level, sum.Key, sum.Value)));

    /// <summary>Takes what one shard yielded; the statistics belong to the tree from then on.</summary>
    public void Add(int shard, TStatistics statistics, LocalBound bound) =>
        Add(0, shard, new EStepResult<TStatistics>(statistics, bound, Math.Abs(bound.ExpectedLogJoint) + Math.Abs(bound.Entropy)));

    /// <summary>Takes the sum of a whole subtree: a node of a level, which counts from the shards up, both from 0.</summary>
    internal void Add(int level, int index, EStepResult<TStatistics> sum)
    {
        if ((uint)level >= (uint)_widths.Count || (uint)index >= (uint)_widths[level])
            throw new ArgumentOutOfRangeException(nameof(index), $"A tree over {_widths[0]} shards has no node {index} of level {level}.");
        for (; level < _widths.Count - 1; level++, index /= 2)
        {
            int partner = index ^ 1;
            if (partner >= _widths[level]) continue;
            EStepResult<TStatistics>? other;
            lock (_waiting)
            {
                if (!_waiting[level].Remove(partner, out other))
                {
                    _waiting[level].Add(index, sum);
                    return;
                }
            }
            sum = partner > index ? Merge(sum, other) : Merge(other, sum);
        }
        _total = sum;
    }

    EStepResult<TStatistics> Merge(EStepResult<TStatistics> left, EStepResult<TStatistics> right)
    {
        left.Statistics.Add(right.Statistics);
        _release(right.Statistics);
        return new(left.Statistics, left.Bound + right.Bound, left.Magnitude + right.Magnitude);
    }
}
