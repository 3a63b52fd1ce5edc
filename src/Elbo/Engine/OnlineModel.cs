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
        Parameters = model.Maximize(batch, Parameters);
        Batches++;
    }
}
