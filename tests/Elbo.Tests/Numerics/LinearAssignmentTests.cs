using CsCheck;
using Elbo.Numerics;

namespace Elbo.Tests.Numerics;

public sealed class LinearAssignmentTests
{
    [Fact]
    public void It_is_the_best_of_all_assignments()
    {
        // Whole numbers have ties, others do not.
        Gen<double> value = Gen.OneOf(Gen.Int[-3, 3].Select(number => (double)number), Gen.Double[-1, 1]);
        var tables = Gen.Int[1, 5].SelectMany(rows => Gen.Int[rows, 6].SelectMany(columns => value.Array[rows * columns].Select(values => (Rows: rows, Columns: columns, Values: values))));
        tables.Sample(table =>
        {
            int[] found = LinearAssignment.Maximize(table.Values, table.Rows, table.Columns);
            Assert.Equal(table.Rows, found.Distinct().Count());
            Assert.All(found, column => Assert.InRange(column, 0, table.Columns - 1));
            Assert.Equal(Best(table.Values, table.Rows, table.Columns, 0, []), Value(table.Values, table.Columns, found), 1e-12);
        }, iter: 2000);
    }

    [Fact]
    public void A_permutation_is_found_again()
    {
        var random = new Philox(4);
        int[] permutation = [.. Enumerable.Range(0, 120)];
        random.Shuffle<int>(permutation);
        var values = new double[120 * 120];
        foreach (ref double value in values.AsSpan()) value = random.NextDouble();
        for (int row = 0; row < 120; row++) values[row * 120 + permutation[row]] += 1;
        Assert.Equal(permutation, LinearAssignment.Maximize(values, 120, 120));
    }

    [Fact]
    public void Greedy_would_not_do()
    {
        // The largest value, 10, leaves 0 for the other row.
        Assert.Equal([1, 0], LinearAssignment.Maximize([10, 9, 8, 0], 2, 2));
    }

    [Fact]
    public void There_may_be_nothing_to_assign()
    {
        Assert.Empty(LinearAssignment.Maximize([], 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LinearAssignment.Maximize([1, 2], 2, 1));
    }

    static double Best(double[] values, int rows, int columns, int row, HashSet<int> taken)
    {
        if (row == rows) return 0;
        double best = double.NegativeInfinity;
        for (int column = 0; column < columns; column++)
        {
            if (!taken.Add(column)) continue;
            best = Math.Max(best, values[row * columns + column] + Best(values, rows, columns, row + 1, taken));
            taken.Remove(column);
        }
        return best;
    }

    static double Value(double[] values, int columns, int[] assignment) => assignment.Select((column, row) => values[row * columns + column]).Sum();
}
