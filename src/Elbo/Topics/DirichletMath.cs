using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>Sums over Dirichlet distributions, in nats.</summary>
static class DirichletMath
{
    /// <summary>log Γ(Σ a) − Σ log Γ(a_k): what the logarithm of a Dirichlet density begins with.</summary>
    public static double LogNormalizer(ReadOnlySpan<double> concentration)
    {
        double sum = 0, logGammas = 0;
        foreach (double value in concentration)
        {
            sum += value;
            logGammas += SpecialFunctions.LogGamma(value);
        }
        return SpecialFunctions.LogGamma(sum) - logGammas;
    }

    /// <summary>Σ_k KL(Dir(λ_k) ‖ Dir(η_k)) = Σ_k [log-normalizer(λ_k) − log-normalizer(η_k) + Σ_v (λ_kv − η_kv)(Ψ(λ_kv) − Ψ(Σ λ_k))].</summary>
    public static double TopicDivergence(LdaParameters parameters, TopicPrior prior)
    {
        int topics = parameters.Topics;
        var divergence = new double[topics];
        var priorSums = new double[topics];
        var logSums = new double[topics];
        double logGammaEta = SpecialFunctions.LogGamma(prior.Concentration);
        for (int topic = 0; topic < topics; topic++)
        {
            logSums[topic] = SpecialFunctions.Digamma(parameters.TopicSums[topic]);
            priorSums[topic] = parameters.Terms * prior.Concentration;
            divergence[topic] = SpecialFunctions.LogGamma(parameters.TopicSums[topic]);
        }
        int nextSeed = 0;
        for (int term = 0; term < parameters.Terms; term++)
        {
            for (int topic = 0; topic < topics; topic++)
            {
                double eta = prior.Concentration, logGamma = logGammaEta;
                if (nextSeed < prior.Seeds.Count && prior.Seeds[nextSeed].Term == term && prior.Seeds[nextSeed].Topic == topic)
                {
                    eta += prior.Seeds[nextSeed].Count;
                    priorSums[topic] += prior.Seeds[nextSeed].Count;
                    logGamma = SpecialFunctions.LogGamma(eta);
                    nextSeed++;
                }
                double lambda = parameters.TermTopic[term * topics + topic];
                // A term that a topic never saw has λ = η exactly, and there are many of those.
                if (lambda == eta) continue;
                divergence[topic] += logGamma - SpecialFunctions.LogGamma(lambda) + (lambda - eta) * (SpecialFunctions.Digamma(lambda) - logSums[topic]);
            }
        }
        double sum = 0;
        for (int topic = 0; topic < topics; topic++)
            sum += divergence[topic] - SpecialFunctions.LogGamma(priorSums[topic]);
        return sum;
    }
}
