using Elbo.Numerics;

namespace Elbo.Topics.Gap;

/// <summary>
/// Annealed importance sampling (Neal 2001) of p(w|α,β) = Σ_z p(z|α) p(w|z,β), by Gibbs sweeps over z (docs/derivation.md, eq. 60 to 63). What is annealed is the
/// prior of the proportions, Dir(α + c m): from c = ∞, where they are the point m and tokens are independent, to c = 0. Scratch for one thread.
/// </summary>
/// <remarks>
/// m is the mean that the mean field finds. From so near the posterior ten steps do more than 800 that temper the likelihood from the prior on: what was measured
/// is in docs/derivation.md, "The gap".
/// </remarks>
sealed unsafe class AnnealedSampler<TLanes> where TLanes : struct, ILanes<TLanes>
{
    readonly TokenTopics<TLanes> _document;
    readonly int _topicCount;

    // Vectors over topics, padded with zeros: α, m, a, the a before, and nothing.
    readonly AlignedBuffer _vectors = new();
    readonly double* _alpha, _mean, _concentration, _before, _zeros;

    // Of every chain: n_k, z, log w.
    readonly AlignedBuffer _counts = new();
    int[] _topics = [];
    double[] _logWeights = [];

    public AnnealedSampler(ReadOnlySpan<double> alpha, TokenTopics<TLanes> document)
    {
        _document = document;
        _topicCount = alpha.Length;
        int stride = document.Stride;
        _vectors.EnsureLength(5L * stride);
        _vectors.Span(0, 5 * stride).Clear();
        _alpha = _vectors.Pointer;
        _mean = _alpha + stride;
        _concentration = _mean + stride;
        _before = _concentration + stride;
        _zeros = _before + stride;
        alpha.CopyTo(_vectors.Span(0, _topicCount));
    }

    /// <summary>The estimate for the document that is loaded. m is γ / Σ γ: whatever it is, the estimate is unbiased.</summary>
    public EvidenceEstimate Estimate(ReadOnlySpan<double> gamma, int chains, int steps, Philox random, CancellationToken cancellationToken)
    {
        int length = _document.Length, stride = _document.Stride;
        Load(gamma, chains);
        for (int chain = 0; chain < chains; chain++)
            _logWeights[chain] = _document.Offset + Start(_topics.AsSpan(chain * length, length), _counts.Pointer + (long)chain * stride, random);
        for (int step = 1; step <= steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SetConcentration(1 - (double)step / steps);
            for (int chain = 0; chain < chains; chain++)
            {
                double* counts = _counts.Pointer + (long)chain * stride;
                _logWeights[chain] += LogPrior(_concentration, counts) - (step == 1 ? LogIndependent(counts) : LogPrior(_before, counts));
                // No weight depends on where the last sweep would lead.
                if (step < steps) Sweep(_topics.AsSpan(chain * length, length), counts, random);
            }
        }
        GC.KeepAlive(this);
        return EvidenceEstimate.Of(_logWeights.AsSpan(0, chains));
    }

    void Load(ReadOnlySpan<double> gamma, int chains)
    {
        if (_topics.Length < (long)chains * _document.Length) _topics = new int[checked(chains * _document.Length)];
        if (_logWeights.Length < chains) _logWeights = new double[chains];
        _counts.EnsureLength((long)chains * _document.Stride);
        _counts.Span(0, checked(chains * _document.Stride)).Clear();
        double sum = 0;
        foreach (double value in gamma) sum += value;
        for (int k = 0; k < _topicCount; k++) _mean[k] = gamma[k] / sum;
    }

    // c in tokens: N r / (1 − r), r the square of what is left of the way. Near the end, where c nears α, steps are small.
    void SetConcentration(double left)
    {
        double rest = left * left, extra = _document.Length * rest / (1 - rest);
        for (int k = 0; k < _topicCount; k++)
        {
            _before[k] = _concentration[k];
            _concentration[k] = _alpha[k] + extra * _mean[k];
        }
    }

    // From z independent given ϑ = m; gives log Π_n Σ_k m_k β_k,w_n.
    double Start(Span<int> topics, double* counts, Philox random)
    {
        Span<int> tokens = _document.Tokens;
        double log = 0;
        for (int n = 0; n < topics.Length; n++)
        {
            topics[n] = _document.Draw(tokens[n], _mean, _zeros, random.NextDouble(), out double total);
            counts[topics[n]]++;
            log += Math.Log(total);
        }
        return log;
    }

    void Sweep(Span<int> topics, double* counts, Philox random)
    {
        Span<int> tokens = _document.Tokens;
        for (int n = 0; n < topics.Length; n++)
        {
            counts[topics[n]]--;
            topics[n] = _document.Draw(tokens[n], _concentration, counts, random.NextDouble(), out _);
            counts[topics[n]]++;
        }
    }

    // log p(z|a), which depends on the counts alone.
    double LogPrior(double* concentration, double* counts)
    {
        double sum = 0, log = 0;
        for (int k = 0; k < _topicCount; k++)
        {
            sum += concentration[k];
            if (counts[k] > 0) log += SpecialFunctions.LogGamma(concentration[k] + counts[k]) - SpecialFunctions.LogGamma(concentration[k]);
        }
        return log + SpecialFunctions.LogGamma(sum) - SpecialFunctions.LogGamma(sum + _document.Length);
    }

    // log Π_n m_z_n, what the prior is at c = ∞.
    double LogIndependent(double* counts)
    {
        double log = 0;
        for (int k = 0; k < _topicCount; k++)
            if (counts[k] > 0) log += counts[k] * Math.Log(_mean[k]);
        return log;
    }
}
