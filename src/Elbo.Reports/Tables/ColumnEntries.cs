using System.Globalization;
using Elbo.Observations;

namespace Elbo.Reports.Tables;

/// <summary>Columns as they are drawn: the densities of components, and the histogram of the rows.</summary>
/// <param name="emission">What the components say; null where nothing is known of the family.</param>
/// <param name="shares">The share of each component.</param>
/// <param name="range">Rows that tell how far to draw.</param>
/// <param name="observed">Rows whose histogram is drawn; null for none.</param>
sealed class ColumnEntries(Emission? emission, double[] shares, ObservationTable range, ObservationTable? observed)
{
    /// <summary>Points of a curve; fewer where many curves would make a large page.</summary>
    const int MostPoints = 161, LeastPoints = 41, Budget = 120_000;

    /// <summary>Counts further apart than this are drawn with steps between them.</summary>
    const int MostCounts = 400;

    /// <summary>Standard deviations from the centre of a cloud at which a curve has points, however narrow it is.</summary>
    static readonly double[] Steps = [-3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3];

    public ColumnEntry Of(int column, IReadOnlyList<string>? categories, int columns)
    {
        ColumnKind kind = emission?.Kind ?? (categories is null ? ColumnKind.Continuous : ColumnKind.Categories);
        double[] own = Values(range, column);
        double[] x = kind switch
        {
            ColumnKind.Categories => [.. Enumerable.Range(0, categories?.Count ?? emission!.Categories!(column)).Select(category => (double)category)],
            ColumnKind.Counts => Counts(own.Min(), own.Max()),
            _ => Points(column, own.Min(), own.Max(), columns),
        };
        double[][] densities = emission?.Density is not { } density ? [] : [.. Enumerable.Range(0, shares.Length).Select(k => x.Select(value => density(k, column, value)).ToArray())];
        return new ColumnEntry
        {
            Name = range.ColumnNames[column],
            Kind = kind.ToString().ToLowerInvariant(),
            Labels = kind != ColumnKind.Categories ? null : categories is not null ? [.. categories] : [.. x.Select(category => category.ToString(CultureInfo.InvariantCulture))],
            X = densities.Length == 0 ? [] : [.. x.Select(value => value.To(Rounding.Digits))],
            Densities = [.. densities.Select(curve => curve.Select(value => value.Finite(Rounding.FewDigits)).ToArray())],
            Mixture = densities.Length == 0 ? [] : [.. x.Select((_, i) => shares.Select((share, k) => share == 0 ? 0 : share * densities[k][i]).Sum().Finite(Rounding.FewDigits))],
            Observed = observed is null ? null : HistogramOf(Values(observed, column), observed.Weights, kind, x),
        };
    }

    static double[] Values(ObservationTable table, int column)
    {
        var values = new double[table.RowCount];
        for (int row = 0; row < values.Length; row++) values[row] = table.Row(row)[column];
        return values;
    }

    static double[] Counts(double least, double most)
    {
        double step = Math.Max(1, Math.Ceiling((most - least + 1) / MostCounts));
        return [.. Enumerable.Range(0, (int)((most - least) / step) + 1).Select(i => least + i * step)];
    }

    double[] Points(int column, double least, double most, int columns)
    {
        double margin = most > least ? 0.05 * (most - least) : 0.5 * Math.Max(1, Math.Abs(most));
        (double from, double to) = (least - margin, most + margin);
        int count = Math.Clamp(Budget / (shares.Length * columns), LeastPoints, MostPoints);
        IEnumerable<double> even = Enumerable.Range(0, count).Select(i => from + i * (to - from) / (count - 1));
        // A narrow component may lie between two of those.
        IEnumerable<double> near = count < MostPoints || emission is null ? [] : emission.Clouds.SelectMany(cloud => Steps.Select(step => cloud.Mean[column] + step * Math.Sqrt(cloud.Covariance[column * cloud.Mean.Length + column])));
        return [.. even.Concat(near.Where(value => value > from && value < to)).Distinct().Order()];
    }

    static Histogram HistogramOf(double[] values, ReadOnlySpan<double> weights, ColumnKind kind, double[] x)
    {
        double least = values.Min(), most = values.Max(), start, width;
        int bins;
        if (kind == ColumnKind.Continuous)
        {
            // Rice's rule, 2 n^(1/3).
            bins = Math.Clamp((int)Math.Ceiling(2 * Math.Cbrt(values.Length)), 8, 60);
            (start, width) = most > least ? (least, (most - least) / bins) : (least - 0.5, 1.0 / bins);
        }
        else (bins, width, start) = (x.Length, x.Length > 1 ? x[1] - x[0] : 1, x[0] - 0.5);
        var heights = new double[bins];
        double total = 0;
        for (int row = 0; row < values.Length; row++)
        {
            double weight = weights.IsEmpty ? 1 : weights[row];
            heights[Math.Clamp((int)((values[row] - start) / width), 0, bins - 1)] += weight;
            total += weight;
        }
        return new Histogram(start.To(Rounding.Digits), width.To(Rounding.Digits), [.. heights.Select(height => (height / (total * width)).To(Rounding.FewDigits))]);
    }
}
