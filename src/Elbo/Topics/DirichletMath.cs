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

    /// <summary>Σ_k KL(Dir(λ_k) ‖ Dir(η_k)) = Σ_k [log-normalizer(λ_k) − log-normalizer(η_k) + Σ_v (λ_kv − η_kv) E[log β_kv]].</summary>
    public static double TopicDivergence(LdaParameters parameters, TopicPrior prior) =>
        KernelProfiles.Run(KernelProfiles.Current, new Divergence(parameters, prior));

    /// <summary>Σ_k log Dir(β_k | η_k) = Σ_k [log-normalizer(η_k) + Σ_v (η_kv − 1) log β_kv] of topics that are points; an η_kv of 1 makes a log 0 count for nothing.</summary>
    public static double TopicDensity(LdaParameters parameters, TopicPrior prior) =>
        KernelProfiles.Run(KernelProfiles.Current, new Density(parameters, prior));

    readonly struct Density(LdaParameters parameters, TopicPrior prior) : ILanesVisitor<double>
    {
        public double Visit<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            double logGamma = SpecialFunctions.LogGamma(prior.Concentration), sum = 0;
            var priorSums = new double[parameters.Topics];
            Array.Fill(priorSums, parameters.Terms * prior.Concentration);
            foreach (TopicSeed seed in prior.Seeds)
            {
                priorSums[seed.Topic] += seed.Count;
                sum += logGamma - SpecialFunctions.LogGamma(prior.Concentration + seed.Count);
            }
            foreach (double priorSum in priorSums) sum += SpecialFunctions.LogGamma(priorSum) - parameters.Terms * logGamma;

            var logs = new TopicLogs(parameters);
            int nextSeed = 0;
            for (int term = 0; term < parameters.Terms; term++)
            {
                ReadOnlySpan<double> row = logs.Of<TLanes>(term);
                double ofTerm = 0;
                if (prior.Concentration > 1)
                    foreach (double log in row) ofTerm += Exact(log);
                sum += (prior.Concentration - 1) * ofTerm;
                for (; nextSeed < prior.Seeds.Count && prior.Seeds[nextSeed].Term == term; nextSeed++)
                    sum += prior.Seeds[nextSeed].Count * Exact(row[prior.Seeds[nextSeed].Topic]);
            }
            return sum;
        }

        static double Exact(double log) => log == TopicLogs.LogZero ? double.NegativeInfinity : log;
    }

    readonly unsafe struct Divergence(LdaParameters parameters, TopicPrior prior) : ILanesVisitor<double>
    {
        public double Visit<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var logs = new TopicLogs(parameters);
            int topics = parameters.Topics, stride = logs.Stride, nextSeed = 0;
            var buffer = new AlignedBuffer();
            buffer.EnsureLength(6L * stride);
            double* lambda = buffer.Pointer, eta = lambda + stride, logGammas = eta + stride, etaLogGammas = logGammas + stride, priorSums = etaLogGammas + stride, row = priorSums + stride;
            new Span<double>(priorSums, stride).Clear();
            // Where λ and η are equal, as in the padding, a term contributes nothing.
            new Span<double>(lambda, 2 * stride).Fill(prior.Concentration);
            VectorMath.LogGamma<TLanes>(eta, etaLogGammas, stride);
            double sum = 0;
            for (int term = 0; term < parameters.Terms; term++)
            {
                parameters.TermTopic.Slice(term * topics, topics).CopyTo(new Span<double>(lambda, topics));
                int firstSeed = nextSeed;
                for (; nextSeed < prior.Seeds.Count && prior.Seeds[nextSeed].Term == term; nextSeed++) eta[prior.Seeds[nextSeed].Topic] += prior.Seeds[nextSeed].Count;
                // Most terms have no seed, and log Γ(η) stays what it is.
                if (nextSeed > firstSeed) VectorMath.LogGamma<TLanes>(eta, etaLogGammas, stride);
                VectorMath.LogGamma<TLanes>(lambda, logGammas, stride);
                logs.Compute<TLanes>(term, row);
                sum += OfTerm<TLanes>(lambda, eta, logGammas, etaLogGammas, priorSums, row, stride);
                for (int seed = firstSeed; seed < nextSeed; seed++) eta[prior.Seeds[seed].Topic] = prior.Concentration;
                if (nextSeed > firstSeed) VectorMath.LogGamma<TLanes>(eta, etaLogGammas, stride);
            }
            for (int topic = 0; topic < topics; topic++)
                sum += SpecialFunctions.LogGamma(parameters.TopicSums[topic]) - SpecialFunctions.LogGamma(priorSums[topic]);
            GC.KeepAlive(buffer);
            return sum;
        }

        static double OfTerm<TLanes>(double* lambda, double* eta, double* logGammas, double* etaLogGammas, double* priorSums, double* logs, int stride) where TLanes : struct, ILanes<TLanes>
        {
            TLanes sum = TLanes.Zero;
            for (int k = 0; k < stride; k += ILanes<TLanes>.Count)
            {
                TLanes posterior = TLanes.Load(lambda + k), prior = TLanes.Load(eta + k);
                TLanes.Store(priorSums + k, TLanes.Load(priorSums + k) + prior);
                sum += TLanes.Load(etaLogGammas + k) - TLanes.Load(logGammas + k);
                sum = TLanes.MultiplyAdd(posterior - prior, TLanes.Load(logs + k), sum);
            }
            return TLanes.Sum(sum);
        }
    }
}
