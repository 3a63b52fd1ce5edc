using System.Globalization;
using Elbo.Fitting;
using Elbo.Selection;
using Elbo.Text;

namespace Elbo.Cli.Outputs;

/// <summary>Components against a partition that is known.</summary>
static class Comparison
{
    /// <summary>The adjusted Rand index over the rows whose group is known.</summary>
    public static double Of(FittedModel model, ObservationData data) => Of(model.Predict(data.Table), data);

    /// <inheritdoc cref="Of(FittedModel, ObservationData)"/>
    public static double Of(Prediction prediction, ObservationData data)
    {
        int[] known = [.. Enumerable.Range(0, prediction.Rows).Where(row => data.Comparison[row] >= 0)];
        return AdjustedRandIndex.Of([.. known.Select(row => prediction.Path?[row] ?? prediction.MostLikely(row))], [.. known.Select(row => data.Comparison[row])]);
    }

    public static string Say(double index, ObservationColumns columns) =>
        string.Create(CultureInfo.InvariantCulture, $"adjusted Rand index with '{columns.Comparison}': {index:F4}").Replace('-', '−');
}
