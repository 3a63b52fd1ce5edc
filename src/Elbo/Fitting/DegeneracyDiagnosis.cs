using System.Globalization;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>Why a component degenerated: looks at the rows that belong to it.</summary>
static class DegeneracyDiagnosis
{
    /// <summary>A component with less than this weight of rows is empty.</summary>
    public const double LeastWeight = 1e-6;

    public static Degeneracy Of(ObservationTable table, Prediction prediction, int component, int iteration, DegeneracyPolicy policy)
    {
        double weight = 0;
        var rows = new List<int>();
        for (int i = 0; i < prediction.Rows; i++)
        {
            double own = table.Weights.IsEmpty ? 1 : table.Weights[i];
            weight += own * prediction.Of(i)[component];
            if (own > 0 && prediction.MostLikely(i) == component) rows.Add(i);
        }
        string name = $"component {component}", remedies = policy == DegeneracyPolicy.Floor ? "Use fewer components, a prior, or the policy 'restart' or 'drop'." : "Use fewer components or a prior.";
        if (weight < LeastWeight || rows.Count == 0)
            return Say(DegeneracyCause.Empty, string.Create(CultureInfo.InvariantCulture, $"{name} is empty: no row belongs to it rather than to another (total weight {weight:G3})."));
        int different = CountDifferent(table, rows, table.ColumnCount + 1);
        if (different == 1)
        {
            return Say(rows.Count == 1 ? DegeneracyCause.TooFewRows : DegeneracyCause.Duplicates, rows.Count == 1
                ? $"{name} has row {rows[0] + 1} to itself: one row has no spread."
                : $"{name} consists of {rows.Count} rows that are all the same (row {rows[0] + 1} and its duplicates): they have no spread.");
        }
        string constant = ConstantAmong(rows), everywhere = ConstantAmong(Enumerable.Range(0, table.RowCount));
        if (everywhere.Length > 0)
        {
            remedies = "Leave out what never varies.";
            return Say(DegeneracyCause.ConstantColumn, $"{name} has no spread in {everywhere}, where all rows of the table have the same value.");
        }
        if (constant.Length > 0) return Say(DegeneracyCause.ConstantColumn, $"the {rows.Count} rows of {name} all have the same value in {constant}.");
        return different <= table.ColumnCount
            ? Say(DegeneracyCause.TooFewRows, $"{name} has {rows.Count} rows, {different} of them different: too few for {table.ColumnCount} columns.")
            : Say(DegeneracyCause.Subspace, $"the {rows.Count} rows of {name} lie, or nearly lie, on a line, plane or the like: it has no spread in some direction.");

        // In words; empty where there is none.
        string ConstantAmong(IEnumerable<int> among)
        {
            string[] names = [.. Enumerable.Range(0, table.ColumnCount).Where(column => among.All(row => table.Row(row)[column] == table.Row(rows[0])[column])).Select(column => $"'{table.ColumnNames[column]}'")];
            return names.Length == 0 ? "" : $"{(names.Length == 1 ? "column" : "columns")} {string.Join(", ", names)}";
        }

        Degeneracy Say(DegeneracyCause cause, string message) => new(component, iteration, cause, $"{char.ToUpperInvariant(message[0])}{message[1..]} {remedies}");
    }

    /// <summary>How many different rows there are, counted no further than <paramref name="enough"/>.</summary>
    static int CountDifferent(ObservationTable table, List<int> rows, int enough)
    {
        var seen = new List<int>();
        foreach (int row in rows)
        {
            bool known = false;
            foreach (int other in seen) known |= table.Row(row).SequenceEqual(table.Row(other));
            if (!known) seen.Add(row);
            if (seen.Count == enough) break;
        }
        return seen.Count;
    }
}
