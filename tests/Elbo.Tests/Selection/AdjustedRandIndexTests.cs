using Elbo.Numerics;
using Elbo.Selection;

namespace Elbo.Tests.Selection;

public sealed class AdjustedRandIndexTests
{
    [Theory]
    // By hand. Cells (2, 1; 0, 3), rows 3 3, columns 2 4: 1 + 3 = 4 pairs together, 6 and 7 in each, 15 in all: (4 − 42/15) / (13/2 − 42/15) = 1.2 / 3.7.
    [InlineData(new[] { 0, 0, 0, 1, 1, 1 }, new[] { 0, 0, 1, 1, 1, 1 }, 12.0 / 37)]
    // Cells (1, 1; 1, 1): no pair together, 2 and 2 in each, 6 in all: (0 − 4/6) / (2 − 4/6) = −1/2.
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 0, 1, 0, 1 }, -0.5)]
    // Cells (2, 0; 1, 1; 0, 2): 2 pairs, 3 and 6, 15 in all: (2 − 18/15) / (4.5 − 18/15) = 0.8 / 3.3.
    [InlineData(new[] { 0, 0, 1, 1, 2, 2 }, new[] { 0, 0, 0, 1, 1, 1 }, 8.0 / 33)]
    [InlineData(new[] { 0, 0, 1, 2 }, new[] { 7, 7, -3, 5 }, 1)]
    [InlineData(new[] { 0, 0, 0 }, new[] { 4, 4, 4 }, 1)]
    [InlineData(new[] { 0, 1, 2 }, new[] { 4, 5, 6 }, 1)]
    [InlineData(new[] { 0, 0, 0 }, new[] { 4, 5, 6 }, 0)]
    [InlineData(new[] { 0 }, new[] { 0 }, 1)]
    public void It_is_what_counting_by_hand_gives(int[] first, int[] second, double expected)
    {
        Assert.Equal(expected, AdjustedRandIndex.Of(first, second));
        Assert.Equal(expected, AdjustedRandIndex.Of(second, first));
    }

    [Fact]
    public void It_is_the_same_as_looking_at_every_pair_of_rows()
    {
        var random = new Philox(3);
        for (int trial = 0; trial < 50; trial++)
        {
            int count = 2 + random.NextInt32(30);
            int[] first = [.. Enumerable.Range(0, count).Select(_ => random.NextInt32(4))], second = [.. Enumerable.Range(0, count).Select(_ => random.NextInt32(3))];
            double both = 0, left = 0, right = 0, all = 0;
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    bool one = first[i] == first[j], other = second[i] == second[j];
                    all++;
                    if (one) left++;
                    if (other) right++;
                    if (one && other) both++;
                }
            }
            double chance = left * right / all;
            if ((left + right) / 2 == chance) continue;
            Assert.Equal((both - chance) / ((left + right) / 2 - chance), AdjustedRandIndex.Of(first, second), 1e-12);
        }
    }

    [Fact]
    public void Many_rows_do_not_overflow()
    {
        int[] rows = new int[3_000_000];
        for (int i = 0; i < rows.Length; i++) rows[i] = i % 2;
        Assert.Equal(1, AdjustedRandIndex.Of(rows, rows));
    }

    [Fact]
    public void Rows_must_be_the_same()
    {
        Assert.Throws<ArgumentException>(() => AdjustedRandIndex.Of([0, 1], [0]));
        Assert.Throws<ArgumentException>(() => AdjustedRandIndex.Of([], []));
    }
}
