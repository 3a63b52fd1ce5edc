using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>
/// α from the documents' expected counts by Minka's fixed point (Minka 2000, eq. 55): α_k ← α_k Σ_d [Ψ(n_dk + α_k) − Ψ(α_k)] / Σ_d [Ψ(N_d + Σα) − Ψ(Σα)],
/// one step each time it is asked.
/// </summary>
sealed class AlphaEstimator(SweepPrior prior)
{
    double[] _sums = new double[prior.Alpha.Length];
    double _total;
    long _documents;

    /// <summary>Takes a document's n_d in.</summary>
    public void Add(ReadOnlySpan<float> expected)
    {
        double tokens = 0;
        for (int topic = 0; topic < expected.Length; topic++)
        {
            tokens += expected[topic];
            _sums[topic] += SpecialFunctions.Digamma(expected[topic] + prior.Alpha[topic]);
        }
        _total += SpecialFunctions.Digamma(tokens + prior.AlphaSum);
        _documents++;
    }

    /// <summary>The next α; the documents are forgotten.</summary>
    /// <param name="symmetric">Whether all topics share one value.</param>
    public double[] Next(bool symmetric)
    {
        double[] alpha = [.. prior.Alpha];
        if (_documents == 0) return alpha;
        double denominator = _total - _documents * SpecialFunctions.Digamma(prior.AlphaSum), all = 0;
        for (int topic = 0; topic < alpha.Length; topic++)
        {
            double numerator = _sums[topic] - _documents * SpecialFunctions.Digamma(alpha[topic]);
            all += alpha[topic] * numerator;
            alpha[topic] = Math.Clamp(alpha[topic] * numerator / denominator, DirichletEstimator.Minimum, DirichletEstimator.Maximum);
        }
        // The same fixed point for one value: Σ_k α Σ_d […] / (K Σ_d […]).
        if (symmetric) Array.Fill(alpha, Math.Clamp(all / (alpha.Length * denominator), DirichletEstimator.Minimum, DirichletEstimator.Maximum));
        return alpha;
    }
}
