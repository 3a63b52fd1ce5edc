using Elbo.Corpora;
using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>
/// Scores topics while they are learned, on documents that they are not learned from: one half of each tells its proportions by MAP, the other is scored.
/// What passes without a bound are watched by.
/// </summary>
interface IHeldOutMonitor
{
    /// <summary>Nats per token; higher is better.</summary>
    double Score(CountTable counts, SweepPrior prior);
}

/// <inheritdoc cref="IHeldOutMonitor"/>
sealed unsafe class HeldOutMonitor<TLanes> : IHeldOutMonitor where TLanes : struct, ISingleLanes<TLanes>
{
    static readonly DocumentOptions _options = new() { Tolerance = 1e-4, MaximumUpdates = 50 };

    readonly HeldOutHalves _halves;
    readonly AlignedBuffer<float> _weights = new(), _scratch = new();

    /// <summary>Watches by halves of documents.</summary>
    public HeldOutMonitor(HeldOutHalves halves) => _halves = halves;

    public double Score(CountTable counts, SweepPrior prior)
    {
        int stride = counts.Stride;
        ReadOnlySpan<int> terms = _halves.Terms;
        _weights.EnsureLength((long)terms.Length * stride);
        _scratch.EnsureLength(2L * stride + _halves.MostPairs);
        float* inverses = _scratch.Pointer, weights = inverses + stride, ratios = weights + stride;
        prior.Inverses<TLanes, PointProportions<TLanes>>(counts, inverses);
        TLanes factor = TLanes.Broadcast((float)counts.Factor), eta = TLanes.Broadcast((float)prior.Eta);
        for (int place = 0; place < terms.Length; place++)
            for (int k = 0; k < stride; k += ISingleLanes<TLanes>.Count)
                TLanes.Store(_weights.Pointer + (nint)place * stride + k, TLanes.MultiplyAdd(factor, TLanes.Load(counts.Row(terms[place]) + k), eta) * TLanes.Load(inverses + k));
        var sweep = new DocumentSweep<TLanes, PointProportions<TLanes>>(counts.Topics);
        double score = 0;
        for (int document = 0; document < _halves.Count; document++)
        {
            ReadOnlySpan<int> places = _halves.ObservedPlaces(document);
            if (places.IsEmpty) continue;
            sweep.Run(_weights.Pointer, places, _halves.Observed.Counts(document), prior.SingleAlpha,
                (float)_options.Tolerance, _options.MaximumUpdates, weights, ratios);
            score += ScoreHalf(document, weights, stride);
        }
        return score / _halves.Tokens;
    }

    double ScoreHalf(int document, float* weights, int stride)
    {
        double total = 0, score = 0;
        for (int k = 0; k < stride; k++) total += weights[k];
        ReadOnlySpan<int> places = _halves.HeldOutPlaces(document), counts = _halves.HeldOut.Counts(document);
        for (int n = 0; n < places.Length; n++)
        {
            float* row = _weights.Pointer + (nint)places[n] * stride;
            TLanes sum = TLanes.Zero;
            for (int k = 0; k < stride; k += ISingleLanes<TLanes>.Count) sum = TLanes.MultiplyAdd(TLanes.Load(weights + k), TLanes.Load(row + k), sum);
            // As everywhere a probability is at least 1e-12: a term that no topic has is not the end of the score.
            score += counts[n] * Math.Log(Math.Max(TLanes.Sum(sum) / total, 1e-12));
        }
        return score;
    }
}
