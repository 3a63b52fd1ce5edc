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

    readonly Corpus _observed, _heldOut;
    readonly long _tokens;
    readonly int[] _terms, _placeOf;
    readonly AlignedBuffer<float> _weights = new(), _scratch = new();

    /// <summary>Keeps halves of documents.</summary>
    /// <param name="observed">One half of each.</param>
    /// <param name="heldOut">The other.</param>
    public HeldOutMonitor(Corpus observed, Corpus heldOut)
    {
        _observed = observed;
        _heldOut = heldOut;
        var terms = new List<int>();
        _placeOf = new int[observed.Vocabulary.Count];
        Array.Fill(_placeOf, -1);
        foreach (Corpus half in (ReadOnlySpan<Corpus>)[observed, heldOut])
        {
            for (int document = 0; document < half.DocumentCount; document++)
            {
                foreach (int term in half.Terms(document))
                {
                    if (_placeOf[term] >= 0) continue;
                    _placeOf[term] = terms.Count;
                    terms.Add(term);
                }
            }
        }
        _terms = [.. terms];
        for (int document = 0; document < heldOut.DocumentCount; document++)
            if (!observed.Terms(document).IsEmpty) _tokens += SweepOrder.Tokens(heldOut, document);
    }

    public double Score(CountTable counts, SweepPrior prior)
    {
        int stride = counts.Stride;
        _weights.EnsureLength((long)_terms.Length * stride);
        _scratch.EnsureLength(2L * stride + MostPairs());
        float* inverses = _scratch.Pointer, weights = inverses + stride, ratios = weights + stride;
        prior.Inverses<TLanes, PointProportions<TLanes>>(counts, inverses);
        TLanes factor = TLanes.Broadcast((float)counts.Factor), eta = TLanes.Broadcast((float)prior.Eta);
        for (int place = 0; place < _terms.Length; place++)
            for (int k = 0; k < stride; k += ISingleLanes<TLanes>.Count)
                TLanes.Store(_weights.Pointer + (nint)place * stride + k, TLanes.MultiplyAdd(factor, TLanes.Load(counts.Row(_terms[place]) + k), eta) * TLanes.Load(inverses + k));
        var sweep = new DocumentSweep<TLanes, PointProportions<TLanes>>(counts.Topics);
        double score = 0;
        for (int document = 0; document < _observed.DocumentCount; document++)
        {
            ReadOnlySpan<int> terms = _observed.Terms(document);
            if (terms.IsEmpty) continue;
            sweep.Run(_weights.Pointer, [.. terms.ToArray().Select(term => _placeOf[term])], _observed.Counts(document), prior.SingleAlpha,
                (float)_options.Tolerance, _options.MaximumUpdates, weights, ratios);
            score += ScoreHalf(document, weights, stride);
        }
        return score / _tokens;
    }

    double ScoreHalf(int document, float* weights, int stride)
    {
        double total = 0, score = 0;
        for (int k = 0; k < stride; k++) total += weights[k];
        ReadOnlySpan<int> terms = _heldOut.Terms(document), counts = _heldOut.Counts(document);
        for (int n = 0; n < terms.Length; n++)
        {
            float* row = _weights.Pointer + (nint)_placeOf[terms[n]] * stride;
            TLanes sum = TLanes.Zero;
            for (int k = 0; k < stride; k += ISingleLanes<TLanes>.Count) sum = TLanes.MultiplyAdd(TLanes.Load(weights + k), TLanes.Load(row + k), sum);
            // As everywhere a probability is at least 1e-12: a term that no topic has is not the end of the score.
            score += counts[n] * Math.Log(Math.Max(TLanes.Sum(sum) / total, 1e-12));
        }
        return score;
    }

    int MostPairs()
    {
        int most = 0;
        for (int document = 0; document < _observed.DocumentCount; document++) most = Math.Max(most, _observed.Terms(document).Length);
        return most;
    }
}
