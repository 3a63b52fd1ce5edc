using System.Globalization;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>What families ask of rows, with errors that name the place.</summary>
static class Requirement
{
    public static void Counts(ObservationTable table, string family) =>
        Every(table, family, value => value >= 0 && value == Math.Floor(value), "whole numbers of 0 or more");

    public static void Every(ObservationTable table, string family, Func<double, bool> takes, string what)
    {
        ArgumentNullException.ThrowIfNull(table);
        for (int i = 0; i < table.RowCount; i++)
        {
            ReadOnlySpan<double> row = table.Row(i);
            for (int j = 0; j < row.Length; j++)
                if (!takes(row[j]))
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Row {i + 1}, column '{table.ColumnNames[j]}' is {row[j]:R}, and the family '{family}' takes {what}."), nameof(table));
        }
    }
}
