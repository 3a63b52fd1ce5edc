using System.Globalization;
using Elbo.Observations;

namespace Elbo.Tests.Fitting;

/// <summary>Columns of the tables in tests/Data.</summary>
static class SmallTable
{
    /// <summary>Columns of a csv file; text becomes the index of its category in ordinal order.</summary>
    public static ObservationTable Read(string file, params string[] columns)
    {
        string[][] lines = [.. File.ReadLines(SmallTables.PathOf(file)).Select(line => line.Split(','))];
        int[] places = [.. columns.Select(column => Array.IndexOf(lines[0], column))];
        var values = new double[(lines.Length - 1) * columns.Length];
        for (int j = 0; j < columns.Length; j++)
        {
            string[] cells = [.. lines.Skip(1).Select(line => line[places[j]])];
            bool numeric = cells.All(cell => double.TryParse(cell, CultureInfo.InvariantCulture, out _));
            string[] categories = [.. cells.Distinct().Order(StringComparer.Ordinal)];
            for (int i = 0; i < cells.Length; i++)
                values[i * columns.Length + j] = numeric ? double.Parse(cells[i], CultureInfo.InvariantCulture) : Array.IndexOf(categories, cells[i]);
        }
        return new ObservationTable(values, columns.Length, columns);
    }

    /// <summary>The same with every column's values replaced by their ranks among its different values: categories from 0.</summary>
    public static ObservationTable ReadCategories(string file, params string[] columns)
    {
        ObservationTable table = Read(file, columns);
        var values = table.Values.ToArray();
        for (int j = 0; j < columns.Length; j++)
        {
            double[] different = [.. Enumerable.Range(0, table.RowCount).Select(i => table.Row(i)[j]).Distinct().Order()];
            for (int i = 0; i < table.RowCount; i++) values[i * columns.Length + j] = Array.IndexOf(different, table.Row(i)[j]);
        }
        return new ObservationTable(values, columns.Length, columns);
    }
}
