namespace Elbo.Engine;

/// <summary>
/// A model that learns from one batch after another: s ← (1 − ρ) s + ρ ŝ, then θ = M(s) (Cappé and Moulines 2009, eq. 13 and 14). Nothing ascends from batch to batch,
/// so there is no certificate; batch EM from where it ends has one. Not thread-safe.
/// </summary>
/// <typeparam name="TParameters">θ.</typeparam>
/// <typeparam name="TStatistics">The expected sufficient statistics.</typeparam>
/// <param name="model">The model.</param>
/// <param name="start">θ to begin with.</param>
/// <param name="options">The steps.</param>
public sealed class OnlineModel<TParameters, TStatistics>(IModel<TParameters, TStatistics> model, TParameters start, OnlineOptions options)
    where TParameters : class, ITensors<TParameters>
    where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>Of its probability before, what is left of an outcome that a batch did not show.</summary>
    const double LeastShare = 1e-3;

    TStatistics? _statistics;

    /// <summary>θ after the last batch.</summary>
    public TParameters Parameters { get; private set; } = start;

    /// <summary>How many batches have been taken in.</summary>
    public int Batches { get; private set; }

    /// <summary>Takes in a batch.</summary>
    /// <param name="batch">Its expected statistics at <see cref="Parameters"/>. They belong to this from now on.</param>
    /// <param name="scale">The weight of all data over that of the batch, above 0, so that priors keep theirs.</param>
    public void Update(TStatistics batch, double scale)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(options);
        if (!(scale > 0 && double.IsFinite(scale))) throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale must be above 0.");
        options.Validate();
        double step = options.StepAfter(Batches);
        batch.Scale(step * scale);
        if (_statistics is not null && step < 1)
        {
            TStatistics before = model.Recentre(_statistics, Parameters);
            before.Scale(1 - step);
            batch.Add(before);
        }
        _statistics = batch;
        Parameters = Keep(Parameters, model.Maximize(batch, Parameters));
        Batches++;
    }

    /// <summary>What was possible stays possible, however little a batch shows: no later one, nor EM, could bring a probability back from 0.</summary>
    static TParameters Keep(TParameters before, TParameters after)
    {
        var kept = new TensorSet();
        bool changed = false;
        foreach ((NamedTensor old, NamedTensor tensor) in TensorSet.Of(before).Tensors.Zip(TensorSet.Of(after).Tensors))
        {
            if (tensor.Constraint == TensorConstraint.Simplex)
            {
                double[] earlier = (double[])old.Values, values = (double[])tensor.Values;
                int length = (int)tensor.Shape[^1];
                for (int first = 0; first < values.Length; first += length) changed |= KeepRow(earlier.AsSpan(first, length), values.AsSpan(first, length));
            }
            kept.Add(tensor);
        }
        return changed ? TParameters.FromTensors(kept) : after;
    }

    static bool KeepRow(ReadOnlySpan<double> before, Span<double> row)
    {
        double added = 0;
        for (int i = 0; i < row.Length; i++)
        {
            if (row[i] > 0 || before[i] == 0) continue;
            row[i] = LeastShare * before[i];
            added += row[i];
        }
        if (added == 0) return false;
        foreach (ref double probability in row) probability /= 1 + added;
        return true;
    }
}
