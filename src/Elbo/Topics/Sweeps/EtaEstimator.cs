using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>η from the topics' expected counts by Minka's fixed point for one value: η ← η Σ_kv [Ψ(n_kv + η) − Ψ(η)] / (V Σ_k [Ψ(n_k + Vη) − Ψ(Vη)]), one step.</summary>
static class EtaEstimator
{
    public static double Next(CountTable counts, double eta)
    {
        double numerator = 0, denominator = 0, digamma = SpecialFunctions.Digamma(eta);
        for (int term = 0; term < counts.Terms; term++)
            foreach (float count in counts.Span(term))
                // Most counts are 0, and add nothing.
                if (count > 0) numerator += SpecialFunctions.Digamma(count * counts.Factor + eta) - digamma;
        foreach (double sum in counts.Sums) denominator += SpecialFunctions.Digamma(sum + counts.Terms * eta) - SpecialFunctions.Digamma(counts.Terms * eta);
        return Math.Clamp(eta * numerator / (counts.Terms * denominator), DirichletEstimator.Minimum, DirichletEstimator.Maximum);
    }
}
