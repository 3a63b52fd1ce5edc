using Elbo.Observations;

namespace Elbo.Families;

/// <summary>Weighted means and variances of columns.</summary>
static class ColumnMoments
{
    public static double[] Means(ObservationTable table)
    {
        var means = new double[table.ColumnCount];
        double total = 0;
        for (int i = 0; i < table.RowCount; i++)
        {
            double weight = table.Weights.IsEmpty ? 1 : table.Weights[i];
            if (weight == 0) continue;
            total += weight;
            ReadOnlySpan<double> row = table.Row(i);
            for (int j = 0; j < means.Length; j++) means[j] += weight / total * (row[j] - means[j]);
        }
        return means;
    }

    /// <summary>Variances over the total weight (not one less).</summary>
    public static double[] Variances(ObservationTable table, ReadOnlySpan<double> means)
    {
        var variances = new double[table.ColumnCount];
        double total = table.TotalWeight;
        for (int i = 0; i < table.RowCount; i++)
        {
            double weight = table.Weights.IsEmpty ? 1 : table.Weights[i];
            ReadOnlySpan<double> row = table.Row(i);
            for (int j = 0; j < variances.Length; j++) variances[j] += weight * (row[j] - means[j]) * (row[j] - means[j]) / total;
        }
        return variances;
    }
}
