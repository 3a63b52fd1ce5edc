using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>Lloyd's k-means from k-means++ centres (Arthur and Vassilvitskii 2007), with weights, on columns brought to variance 1.</summary>
static class KMeans
{
    const int MaximumRounds = 100;

    /// <summary>A cluster for every row. With fewer different rows than clusters some clusters stay empty.</summary>
    public static int[] Cluster(ObservationTable table, int clusters, Philox random)
    {
        double[] points = ScaledColumns.Of(table);
        int rows = table.RowCount, columns = points.Length / rows;
        double[] weights = table.Weights.IsEmpty ? [.. Enumerable.Repeat(1.0, rows)] : table.Weights.ToArray();
        double[] centres = Seed(points, weights, columns, clusters, random);
        var labels = new int[rows];
        Array.Fill(labels, -1);
        for (int round = 0; round < MaximumRounds; round++)
        {
            bool moved = false;
            for (int i = 0; i < rows; i++)
            {
                int nearest = Nearest(points.AsSpan(i * columns, columns), centres, out _);
                moved |= nearest != labels[i];
                labels[i] = nearest;
            }
            if (!moved) break;
            Average(points, weights, labels, columns, centres);
        }
        return labels;
    }

    /// <summary>The first centre is a row drawn by weight, each further one by weight × squared distance from the centres so far.</summary>
    static double[] Seed(double[] points, double[] weights, int columns, int clusters, Philox random)
    {
        int rows = weights.Length;
        var centres = new double[clusters * columns];
        var mass = (double[])weights.Clone();
        for (int cluster = 0; cluster < clusters; cluster++)
        {
            double total = mass.Sum();
            // Every row is on a centre already: further centres lie where others do, and stay empty.
            double[] probabilities = [.. (total > 0 ? mass : weights).Select(m => m / (total > 0 ? total : weights.Sum()))];
            points.AsSpan(random.NextCategorical(probabilities) * columns, columns).CopyTo(centres.AsSpan(cluster * columns));
            for (int i = 0; i < rows; i++)
            {
                Nearest(points.AsSpan(i * columns, columns), centres.AsSpan(0, (cluster + 1) * columns), out double distance);
                mass[i] = weights[i] * distance;
            }
        }
        return centres;
    }

    static int Nearest(ReadOnlySpan<double> point, ReadOnlySpan<double> centres, out double distance)
    {
        int nearest = 0;
        distance = double.PositiveInfinity;
        for (int cluster = 0; cluster * point.Length < centres.Length; cluster++)
        {
            double sum = 0;
            for (int j = 0; j < point.Length; j++)
            {
                double difference = point[j] - centres[cluster * point.Length + j];
                sum += difference * difference;
            }
            if (sum < distance) (nearest, distance) = (cluster, sum);
        }
        return nearest;
    }

    static void Average(double[] points, double[] weights, int[] labels, int columns, double[] centres)
    {
        var sums = new double[centres.Length];
        var totals = new double[centres.Length / columns];
        for (int i = 0; i < labels.Length; i++)
        {
            totals[labels[i]] += weights[i];
            for (int j = 0; j < columns; j++) sums[labels[i] * columns + j] += weights[i] * points[i * columns + j];
        }
        for (int place = 0; place < sums.Length; place++)
            if (totals[place / columns] > 0) centres[place] = sums[place] / totals[place / columns];
    }
}

/// <summary>Columns of a table brought to mean 0 and variance 1; constant ones become 0.</summary>
static class ScaledColumns
{
    public static double[] Of(ObservationTable table)
    {
        double[] means = Families.ColumnMoments.Means(table), variances = Families.ColumnMoments.Variances(table, means);
        var scaled = new double[table.Values.Length];
        for (int place = 0; place < scaled.Length; place++)
        {
            int column = place % means.Length;
            scaled[place] = variances[column] > 0 ? (table.Values[place] - means[column]) / Math.Sqrt(variances[column]) : 0;
        }
        return scaled;
    }
}
