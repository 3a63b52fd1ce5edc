using Elbo.Engine;
using Elbo.Families;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>A fitted model with its types.</summary>
sealed class StructuredModel<TParameters, TStatistics>(ILatentStructure<TParameters, TStatistics> structure, AnyFamily family, TParameters parameters, FitRecord record) : FittedModel(record)
    where TParameters : class, ITensors<TParameters>
    where TStatistics : class, IStatistics<TStatistics>
{
    public override AnyFamily Family => family;

    public override int Components => structure.CountOf(parameters);

    public override TensorSet Parameters => TensorSet.Of(parameters);

    public override Prediction Predict(ObservationTable table)
    {
        Check(table);
        try
        {
            return structure.Predict(table.WithoutResponsibilities(), parameters, path: true);
        }
        catch (InvalidOperationException error)
        {
            // A row that no state can have made.
            throw new ArgumentException(error.Message, nameof(table), error);
        }
    }

    public override double LogLikelihood(ObservationTable table)
    {
        Check(table);
        double sum = 0;
        double[] logs = structure.LogDensities(table.WithoutResponsibilities(), parameters);
        for (int i = 0; i < logs.Length; i++)
        {
            double weight = table.Weights.IsEmpty ? 1 : table.Weights[i];
            if (weight > 0) sum += weight * logs[i];
        }
        return sum;
    }

    public override Sample Draw(IReadOnlyList<int> lengths, ulong seed, ObservationTable? regressors = null)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        if (lengths.Count == 0 || lengths.Any(length => length < 1)) throw new ArgumentException("Every sequence to draw needs a length of 1 or more.", nameof(lengths));
        if (regressors is not null && regressors.RowCount != lengths.Sum())
            throw new ArgumentException($"There are {regressors.RowCount} rows of regressors for {lengths.Sum()} rows to draw.", nameof(regressors));
        return structure.Draw(parameters, lengths, seed, regressors, Record.ColumnNames);
    }

    void Check(ObservationTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.ColumnCount != Record.ColumnNames.Count)
            throw new ArgumentException($"The model was fitted to the {Record.ColumnNames.Count} columns {string.Join(", ", Record.ColumnNames)}, and the table has {table.ColumnCount}.", nameof(table));
        structure.Check(table.WithoutResponsibilities());
    }
}
