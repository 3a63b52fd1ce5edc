namespace Elbo.Numerics;

/// <summary>
/// The linear assignment problem: rows matched one to one with columns so that the sum of values is the greatest. The Hungarian method, as shortest augmenting
/// paths with dual prices (Kuhn 1955; Jonker and Volgenant 1987): O(rows² · columns).
/// </summary>
static class LinearAssignment
{
    const int None = -1;

    /// <summary>The column of every row.</summary>
    /// <param name="values">Rows × columns, row-major, finite.</param>
    /// <param name="rows">How many rows: no more than columns.</param>
    /// <param name="columns">How many columns.</param>
    public static int[] Maximize(ReadOnlySpan<double> values, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, columns);
        double[] rowPrices = new double[rows], columnPrices = new double[columns], slack = new double[columns];
        int[] rowOf = new int[columns], previous = new int[columns];
        bool[] reached = new bool[columns];
        Array.Fill(rowOf, None);
        for (int start = 0; start < rows; start++)
        {
            Array.Fill(slack, double.PositiveInfinity);
            Array.Clear(reached);
            int row = start, column = None;
            do
            {
                // One column more is reached: the one that the least change of prices makes tight.
                int next = None;
                for (int j = 0; j < columns; j++)
                {
                    if (reached[j]) continue;
                    double reduced = -values[row * columns + j] - rowPrices[row] - columnPrices[j];
                    if (reduced < slack[j]) (slack[j], previous[j]) = (reduced, column);
                    if (next == None || slack[j] < slack[next]) next = j;
                }
                double change = slack[next];
                rowPrices[start] += change;
                for (int j = 0; j < columns; j++)
                {
                    if (reached[j])
                    {
                        rowPrices[rowOf[j]] += change;
                        columnPrices[j] -= change;
                    }
                    else
                    {
                        slack[j] -= change;
                    }
                }
                reached[next] = true;
                column = next;
                row = rowOf[column];
            }
            while (row != None);
            // Along the path every row moves on to the column that follows.
            while (column != None)
            {
                int before = previous[column];
                rowOf[column] = before == None ? start : rowOf[before];
                column = before;
            }
        }
        var found = new int[rows];
        for (int j = 0; j < columns; j++)
            if (rowOf[j] != None) found[rowOf[j]] = j;
        return found;
    }
}
