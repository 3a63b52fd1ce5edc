using System.Globalization;
using CsCheck;
using Elbo.Numerics;

namespace Elbo.Tests.Numerics;

public sealed class PhiloxTests
{
    /// <summary>The known answers that Random123 publishes for philox4x32-10: counter (block, stream) and key (seed), lowest word first.</summary>
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x85a308d3_243f6a88UL, 0x03707344_13198a2eUL, 0x299f31d0_a4093822UL, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Gives_the_published_words(ulong block, ulong stream, ulong seed, uint first, uint second, uint third, uint fourth)
    {
        Philox random = Philox.ForStream(seed, stream);
        random.Skip(block);
        Assert.Equal([first, second, third, fourth], [random.NextUInt32(), random.NextUInt32(), random.NextUInt32(), random.NextUInt32()]);
    }

    [Fact]
    public void Skipping_equals_drawing() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 9], Gen.Int[0, 20]).Sample((seed, stream, before, blocks) =>
        {
            Philox skipped = Philox.ForStream(seed, stream), drawn = Philox.ForStream(seed, stream);
            for (int i = 0; i < before; i++) Assert.Equal(drawn.NextUInt32(), skipped.NextUInt32());
            skipped.Skip((ulong)blocks);
            for (int i = 0; i < 4 * blocks; i++) drawn.NextUInt32();
            for (int i = 0; i < 6; i++) Assert.Equal(drawn.NextUInt32(), skipped.NextUInt32());
        }, iter: 200);

    [Fact]
    public void Streams_and_seeds_differ()
    {
        var seen = new HashSet<ulong>();
        for (ulong seed = 0; seed < 30; seed++)
            for (ulong stream = 0; stream < 30; stream++)
                Assert.True(seen.Add(Philox.ForStream(seed, stream).NextUInt64()), $"Stream {stream} of seed {seed} begins like another one.");
        Assert.Equal(Philox.ForStream(7, 0).NextUInt64(), new Philox(7).NextUInt64());
    }

    /// <summary>A change in these numbers changes every published fit: they are the same on every platform.</summary>
    [Fact]
    public void Draws_stay_the_same_for_ever()
    {
        Philox random = Philox.ForStream(42, 1);
        var dirichlet = new double[3];
        double uniform = random.NextDouble(), normal = random.NextNormal(), gamma = random.NextGamma(0.3), larger = random.NextGamma(20);
        random.NextDirichlet([0.1, 1, 2], dirichlet);
        string draws = string.Create(
            CultureInfo.InvariantCulture, $"{uniform:R} {normal:R} {gamma:R} {larger:R} {dirichlet[0]:R} {dirichlet[1]:R} {dirichlet[2]:R} {random.NextInt32(1_000_000)}");
        Assert.Equal(
            "0.1262498542224193 -0.3103191691985172 0.0363974416612406 20.044415392817697 0.010133016658145933 0.24902170627722856 0.7408452770646254 787131",
            draws);
    }

    [Fact]
    public void Uniform_numbers_keep_to_their_interval_and_mean()
    {
        const int Count = 200_000;
        var random = new Philox(0);
        double sum = 0, positiveSum = 0;
        for (int i = 0; i < Count; i++)
        {
            double value = random.NextDouble(), positive = random.NextDoublePositive();
            Assert.InRange(value, 0, 1 - 1e-16);
            Assert.InRange(positive, 1e-17, 1);
            sum += value;
            positiveSum += positive;
        }
        AssertMean(0.5, sum / Count, Math.Sqrt(1.0 / 12 / Count));
        AssertMean(0.5, positiveSum / Count, Math.Sqrt(1.0 / 12 / Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10)]
    public void Integers_are_equally_likely(int range)
    {
        const int Count = 100_000;
        var random = new Philox(3);
        var counts = new int[range];
        for (int i = 0; i < Count; i++) counts[random.NextInt32(range)]++;
        double p = 1.0 / range;
        foreach (int count in counts) AssertMean(Count * p, count, Math.Sqrt(Count * p * (1 - p)));
    }

    [Fact]
    public void Integers_of_a_range_that_does_not_divide_the_words_are_not_biased()
    {
        // 2³² words over 3·2²⁹ results are 8/3 each: without rejection two results of every three would get three words and the third one two.
        const int Range = 3 << 29, Count = 90_000;
        var random = new Philox(4);
        var counts = new int[3];
        for (int i = 0; i < Count; i++) counts[random.NextInt32(Range) % 3]++;
        foreach (int count in counts) AssertMean(Count / 3.0, count, Math.Sqrt(Count * 2.0 / 9));
    }

    [Fact]
    public void Normal_draws_have_the_moments_of_the_normal_distribution()
    {
        const int Count = 400_000;
        var random = new Philox(11);
        double first = 0, second = 0, third = 0, fourth = 0;
        int beyondTwo = 0;
        for (int i = 0; i < Count; i++)
        {
            double x = random.NextNormal();
            first += x;
            second += x * x;
            third += x * x * x;
            fourth += x * x * x * x;
            if (Math.Abs(x) > 2) beyondTwo++;
        }
        // The variances of x, x², x³ and x⁴ are 1, 2, 15 and 96.
        AssertMean(0, first / Count, Math.Sqrt(1.0 / Count));
        AssertMean(1, second / Count, Math.Sqrt(2.0 / Count));
        AssertMean(0, third / Count, Math.Sqrt(15.0 / Count));
        AssertMean(3, fourth / Count, Math.Sqrt(96.0 / Count));
        AssertMean(0.0455002638963584, beyondTwo / (double)Count, Math.Sqrt(0.0455 * 0.9545 / Count));
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2.5)]
    [InlineData(100)]
    public void Gamma_draws_have_the_moments_of_the_gamma_distribution(double shape)
    {
        const int Count = 300_000;
        var random = new Philox(5);
        double mean = 0, square = 0, log = 0;
        for (int i = 0; i < Count; i++)
        {
            double x = random.NextGamma(shape);
            mean += x / Count;
            square += (x - shape) * (x - shape) / Count;
            log += random.NextLogGamma(shape) / Count;
        }
        AssertMean(shape, mean, Math.Sqrt(shape / Count));
        // Var (x − a)² = 2a² + 6a, and the logarithm has mean ψ(a) and variance ψ'(a).
        AssertMean(shape, square, Math.Sqrt((2 * shape * shape + 6 * shape) / Count));
        AssertMean(SpecialFunctions.Digamma(shape), log, Math.Sqrt(SpecialFunctions.Trigamma(shape) / Count));
    }

    [Fact]
    public void Dirichlet_draws_have_the_moments_of_the_dirichlet_distribution()
    {
        const int Count = 100_000;
        double[] alpha = [0.2, 1, 3.5];
        double total = 4.7;
        var random = new Philox(6);
        var draw = new double[3];
        var mean = new double[3];
        double product = 0;
        for (int i = 0; i < Count; i++)
        {
            random.NextDirichlet(alpha, draw);
            Assert.Equal(1, draw.Sum(), 1e-15);
            for (int k = 0; k < 3; k++) mean[k] += draw[k] / Count;
            product += draw[1] * draw[2] / Count;
        }
        for (int k = 0; k < 3; k++)
        {
            double p = alpha[k] / total;
            AssertMean(p, mean[k], Math.Sqrt(p * (1 - p) / (total + 1) / Count));
        }
        // E[x y] = a b / (A (A + 1)); x y stays below 1/4, and so its variance below 1/64.
        AssertMean(alpha[1] * alpha[2] / (total * (total + 1)), product, Math.Sqrt(1.0 / 64 / Count));
    }

    [Fact]
    public void Dirichlet_draws_with_tiny_parameters_are_corners_with_the_right_chances()
    {
        const int Count = 20_000;
        var random = new Philox(8);
        double[] alpha = [1e-9, 3e-9];
        var draw = new double[2];
        int second = 0;
        for (int i = 0; i < Count; i++)
        {
            random.NextDirichlet(alpha, draw);
            Assert.True(draw.Max() > 0.999, $"{draw[0]:R}, {draw[1]:R}");
            if (draw[1] > 0.5) second++;
        }
        AssertMean(0.75, second / (double)Count, Math.Sqrt(0.75 * 0.25 / Count));
    }

    [Fact]
    public void Shuffles_are_equally_likely()
    {
        const int Count = 60_000;
        var random = new Philox(9);
        var orders = new Dictionary<string, int>();
        for (int i = 0; i < Count; i++)
        {
            int[] values = [1, 2, 3, 4];
            random.Shuffle<int>(values);
            string order = string.Concat(values);
            orders[order] = orders.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(24, orders.Count);
        double p = 1.0 / 24;
        foreach (int count in orders.Values) AssertMean(Count * p, count, Math.Sqrt(Count * p * (1 - p)));
    }

    [Fact]
    public void Arguments_are_checked()
    {
        var random = new Philox(0);
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt32(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextGamma(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextGamma(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextLogGamma(double.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => random.NextDirichlet([], []));
        Assert.Throws<ArgumentException>(() => random.NextDirichlet([1, 2], new double[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextDirichlet([1, -1], new double[2]));
    }

    /// <summary>Six standard errors: with fixed seeds a right generator passes for ever, and a bias of ten standard errors cannot.</summary>
    static void AssertMean(double expected, double actual, double standardError) =>
        Assert.True(Math.Abs(actual - expected) <= 6 * standardError, $"{actual:R} is {(actual - expected) / standardError:F1} standard errors from {expected:R}.");
}
