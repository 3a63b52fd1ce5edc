using Elbo.Numerics;

namespace Elbo.Topics.Gap;

/// <summary>
/// Annealed importance sampling (Neal 2001) of p(w|α,β) = Σ_z p(z|α) p(w|z,β), by Gibbs sweeps over z that leave f_τ(z) ∝ p(z|α) p(w|z,β)^τ as it is,
/// from τ = 0 to τ = 1 (docs/derivation.md, eq. 61 to 63). Scratch for one thread.
/// </summary>
sealed unsafe class AnnealedSampler<TLanes>(TokenTopics<TLanes> document) where TLanes : struct, ILanes<TLanes>
{
    // Near the prior f changes fastest: the energy is that of random topics there. Measured over powers 1 to 6 on news articles (docs/derivation.md, 3).
    const double Power = 4;

    readonly AlignedBuffer _counts = new();
    int[] _topics = [];
    double[] _logWeights = [], _energies = [];

    /// <summary>The estimate for the document that is loaded.</summary>
    public EvidenceEstimate Estimate(int chains, int temperatures, Philox random, CancellationToken cancellationToken)
    {
        int length = document.Length, stride = document.Stride;
        if (_topics.Length < (long)chains * length) _topics = new int[checked(chains * length)];
        if (_logWeights.Length < chains) (_logWeights, _energies) = (new double[chains], new double[chains]);
        _counts.EnsureLength((long)chains * stride);
        _counts.Span(0, chains * stride).Clear();
        document.Temper(0);
        for (int chain = 0; chain < chains; chain++)
            _logWeights[chain] = document.Offset + Start(_topics.AsSpan(chain * length, length), _counts.Pointer + (long)chain * stride, random, out _energies[chain]);
        double before = 0;
        for (int step = 1; step <= temperatures; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double temperature = Math.Pow((double)step / temperatures, Power);
            for (int chain = 0; chain < chains; chain++) _logWeights[chain] += (temperature - before) * _energies[chain];
            before = temperature;
            // No weight depends on where the last distribution would lead.
            if (step == temperatures) break;
            document.Temper(temperature);
            for (int chain = 0; chain < chains; chain++)
                _energies[chain] = Sweep(_topics.AsSpan(chain * length, length), _counts.Pointer + (long)chain * stride, random);
        }
        GC.KeepAlive(_counts);
        return EvidenceEstimate.Of(_logWeights.AsSpan(0, chains));
    }

    // From the prior, token after token, among the topics in which its term is possible. Gives the logarithm of what these have of the prior: the first weight.
    double Start(Span<int> topics, double* counts, Philox random, out double energy)
    {
        Span<int> tokens = document.Tokens;
        double logWeight = 0;
        energy = 0;
        for (int n = 0; n < topics.Length; n++)
        {
            int topic = topics[n] = document.Draw(tokens[n], counts, random.NextDouble(), out double total);
            counts[topic]++;
            logWeight += Math.Log(total / (document.AlphaSum + n));
            energy += document.LogTerm(tokens[n], topic);
        }
        return logWeight;
    }

    // One Gibbs sweep; gives Σ_n log β at the end, relative to the offset.
    double Sweep(Span<int> topics, double* counts, Philox random)
    {
        Span<int> tokens = document.Tokens;
        double energy = 0;
        for (int n = 0; n < topics.Length; n++)
        {
            counts[topics[n]]--;
            int topic = topics[n] = document.Draw(tokens[n], counts, random.NextDouble(), out _);
            counts[topic]++;
            energy += document.LogTerm(tokens[n], topic);
        }
        return energy;
    }
}
