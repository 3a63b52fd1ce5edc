using CsCheck;
using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Tests.Engine;

/// <summary>Sums over shards: the same bits in any order of arrival, on any number of threads.</summary>
public sealed class ShardTests
{
    // Numbers of very different size, so that another order of summation gives other bits.
    static readonly Gen<double[]> Numbers = Gen.Select(Gen.Double[-1, 1], Gen.Int[-20, 20], (value, power) => value * Math.Pow(10, power)).Array[1, 40];

    [Fact]
    public void The_tree_gives_the_stated_sum_in_any_order_of_arrival() =>
        Gen.Select(Numbers, Gen.Int[0, int.MaxValue]).Sample((numbers, seed) =>
        {
            int[] order = [.. Enumerable.Range(0, numbers.Length)];
            Philox.ForStream((ulong)seed, 0).Shuffle<int>(order);
            int released = 0;
            var tree = new ShardTree<DenseStatistics>(numbers.Length, _ => released++);
            for (int i = 0; i < order.Length; i++)
            {
                Assert.Throws<InvalidOperationException>(() => tree.Total);
                tree.Add(order[i], Statistics(numbers[order[i]]), new LocalBound(numbers[order[i]], -numbers[order[i]], numbers[order[i]]));
            }
            double expected = StatedSum(numbers), magnitude = StatedSum([.. numbers.Select(number => Math.Abs(number) + Math.Abs(number))]);
            Assert.Equal(numbers.Length - 1, released);
            AssertBits(expected, tree.Total.Statistics.Values[0]);
            AssertBits(expected, tree.Total.Bound.ExpectedLogJoint);
            AssertBits(StatedSum([.. numbers.Select(number => -number)]), tree.Total.Bound.Entropy);
            AssertBits(expected, tree.Total.Bound.LogEvidence!.Value);
            AssertBits(magnitude, tree.Total.Magnitude);
        }, iter: 500);

    [Fact]
    public void An_executor_gives_the_stated_sum_on_any_number_of_threads() =>
        Numbers.Sample(numbers =>
        {
            double expected = StatedSum(numbers);
            foreach (int threads in new[] { 1, 2, 3, 7 })
            {
                var executor = Executor(numbers, threads);
                for (int pass = 0; pass < 3; pass++)
                {
                    EStepResult<DenseStatistics> result = Expect(executor);
                    AssertBits(expected, result.Statistics.Values[0]);
                    AssertBits(expected, result.Bound.ExpectedLogJoint);
                }
            }
        }, iter: 30);

    [Theory]
    [InlineData(1, -1)]
    [InlineData(1, 5)]
    [InlineData(3, -1)]
    [InlineData(3, 0)]
    [InlineData(3, 19)]
    public void What_a_worker_throws_comes_out_and_the_executor_goes_on(int threads, int shard)
    {
        var step = new SummingEStep();
        var executor = new LocalExecutor<ReadOnlySpan<double>, Point, DenseStatistics>(new ArrayShards<double>(new double[20], 1), step, step, threads);
        step.OnShard = (number, _) => { if (number == shard) throw new InvalidDataException($"shard {number}"); };
        step.FailsToPrepare = shard < 0;
        var error = Assert.Throws<InvalidDataException>(() => Expect(executor));
        Assert.Equal(shard < 0 ? "prepare" : $"shard {shard}", error.Message);

        (step.OnShard, step.FailsToPrepare) = ((_, _) => { }, false);
        Assert.Equal(0, Expect(executor).Statistics.Values[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Cancelled_it_stops_between_shards(int threads)
    {
        using var source = new CancellationTokenSource();
        var step = new SummingEStep();
        var executor = new LocalExecutor<ReadOnlySpan<double>, Point, DenseStatistics>(new ArrayShards<double>(new double[1000], 1), step, step, threads);
        int shards = 0;
        step.OnShard = (_, _) => { if (Interlocked.Increment(ref shards) == 5) source.Cancel(); };
        Assert.ThrowsAny<OperationCanceledException>(() => Expect(executor, source.Token));
        Assert.InRange(shards, 5, 5 + threads);
        Assert.ThrowsAny<OperationCanceledException>(() => Expect(executor, source.Token));
        Assert.InRange(shards, 5, 5 + threads);
    }

    [Fact]
    public void At_least_one_thread_is_needed() => Assert.Throws<ArgumentOutOfRangeException>(() => Executor([1], 0));

    [Fact]
    public void A_tree_has_a_shard() => Assert.Throws<ArgumentOutOfRangeException>(() => new ShardTree<DenseStatistics>(0, _ => { }));

    // Node i of a level is node 2i plus node 2i + 1 of the level below; one without a partner rises as it is.
    static double StatedSum(double[] level)
    {
        while (level.Length > 1)
            level = [.. level.Chunk(2).Select(pair => pair.Length == 2 ? pair[0] + pair[1] : pair[0])];
        return level[0];
    }

    static DenseStatistics Statistics(double value)
    {
        var statistics = new DenseStatistics(1);
        statistics.Values[0] = value;
        return statistics;
    }

    static LocalExecutor<ReadOnlySpan<double>, Point, DenseStatistics> Executor(double[] numbers, int threads)
    {
        var step = new SummingEStep();
        return new(new ArrayShards<double>(numbers, 1), step, step, threads);
    }

    static EStepResult<DenseStatistics> Expect(LocalExecutor<ReadOnlySpan<double>, Point, DenseStatistics> executor, CancellationToken? token = null) =>
        executor.ExpectAsync(new Point(0), token ?? TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult();

    static void AssertBits(double expected, double actual) => Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(actual));

    /// <summary>Adds numbers up; calls back for every batch.</summary>
    sealed class SummingEStep : IModel<Point, DenseStatistics>, IEStep<ReadOnlySpan<double>, Point, DenseStatistics>, IEStepKernel<ReadOnlySpan<double>, DenseStatistics>
    {
        int _batches;

        public Action<int, int> OnShard { get; set; } = (_, _) => { };

        public bool FailsToPrepare { get; set; }

        public Guarantee Guarantee => Guarantee.None;

        public IEStepKernel<ReadOnlySpan<double>, DenseStatistics> Prepare(Point parameters) => FailsToPrepare ? throw new InvalidDataException("prepare") : this;

        public LocalBound Accumulate(ReadOnlySpan<double> batch, DenseStatistics into)
        {
            OnShard(Interlocked.Increment(ref _batches) - 1, batch.Length);
            foreach (double number in batch) into.Values[0] += number;
            return new LocalBound(batch[0], 0, null);
        }

        public DenseStatistics CreateStatistics(Point current) => new(1);

        public Point Maximize(DenseStatistics statistics, Point current) => current;

        public double ExpectedLogJoint(DenseStatistics statistics, Point parameters) => 0;

        public double GlobalBound(Point parameters) => 0;
    }
}
