using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>What a document's expected counts say of its topics: the one thing in which the E-steps differ. Pure.</summary>
interface IProportions<TLanes> where TLanes : struct, ISingleLanes<TLanes>
{
    /// <summary>The weight of a topic in the document, up to a factor common to all topics.</summary>
    /// <param name="count">α_k + n_dk.</param>
    static abstract TLanes OfDocument(TLanes count);

    /// <summary>The weight of a term in a topic.</summary>
    /// <param name="count">η + n_kv.</param>
    /// <param name="inverse">What <see cref="OfTopic"/> gave for the topic.</param>
    static abstract TLanes OfTerm(TLanes count, TLanes inverse);

    /// <summary>What the weights of a topic's terms are multiplied by.</summary>
    /// <param name="total">Vη + n_k.</param>
    static abstract double OfTopic(double total);

    /// <summary>
    /// A topic that is expected to have fewer of a document's tokens than this has no say in it, and is left out of the rest of its updates; in short documents of many
    /// topics a hundredth of its even share is the measure, so that at most a hundredth of the tokens goes with all of them.
    /// </summary>
    static abstract float Negligible { get; }

    /// <summary>The document's part of the objective in nats, but for log-normalizers of α.</summary>
    /// <param name="evidence">Σ_n c_n log s_n.</param>
    /// <param name="weights">t, a padded row.</param>
    /// <param name="expected">n_d, a padded row.</param>
    /// <param name="alpha">α, a padded row.</param>
    /// <param name="stride">The length of the rows.</param>
    /// <param name="topics">K.</param>
    static abstract unsafe double Bound(double evidence, float* weights, float* expected, float* alpha, int stride, int topics);

    /// <summary>What the prior of its proportions adds to a document's part of the objective.</summary>
    static abstract double LogNormalizer(ReadOnlySpan<double> alpha);

    /// <summary>The topics' part of the objective in nats.</summary>
    static abstract double TopicBound(CountTable counts, SweepPrior prior);
}

/// <summary>MAP: θ_dk ∝ n_dk + α, φ_kv = (n_kv + η) / (n_k + Vη).</summary>
readonly struct PointProportions<TLanes> : IProportions<TLanes> where TLanes : struct, ISingleLanes<TLanes>
{
    public static TLanes OfDocument(TLanes count) => count;

    public static TLanes OfTerm(TLanes count, TLanes inverse) => count * inverse;

    public static double OfTopic(double total) => 1 / total;

    // Topics without a token have a share of their own here, α, and all of them together may have much.
    public static float Negligible => 0;

    /// <remarks>Σ_n c_n log Σ_k θ_k φ_kn + Σ_k α_k log θ_k with θ = t / Σ t.</remarks>
    public static unsafe double Bound(double evidence, float* weights, float* expected, float* alpha, int stride, int topics)
    {
        double sum = 0, tokens = 0, prior = 0;
        for (int k = 0; k < topics; k++)
        {
            sum += weights[k];
            tokens += expected[k];
            prior += alpha[k] * Math.Log(weights[k]);
            tokens += alpha[k];
        }
        return evidence + prior - tokens * Math.Log(sum);
    }

    public static double LogNormalizer(ReadOnlySpan<double> alpha) => DirichletMath.LogNormalizer([.. alpha.ToArray().Select(value => value + 1)]);

    /// <remarks>Σ_k log Dir(φ_k | η + 1).</remarks>
    public static unsafe double TopicBound(CountTable counts, SweepPrior prior)
    {
        double bound = counts.Topics * (SpecialFunctions.LogGamma(counts.Terms * (prior.Eta + 1)) - counts.Terms * SpecialFunctions.LogGamma(prior.Eta + 1));
        double logs = 0;
        TLanes factor = TLanes.Broadcast((float)counts.Factor), eta = TLanes.Broadcast((float)prior.Eta);
        for (int term = 0; term < counts.Terms; term++)
        {
            float* row = counts.Row(term);
            TLanes sum = TLanes.Zero;
            for (int k = 0; k < counts.Stride; k += ISingleLanes<TLanes>.Count) sum += SingleMath.Log(TLanes.MultiplyAdd(factor, TLanes.Load(row + k), eta));
            logs += TLanes.Sum(sum);
        }
        // The padding has counts of 0.
        logs -= (double)counts.Terms * (counts.Stride - counts.Topics) * Math.Log((float)prior.Eta);
        foreach (double sum in counts.Sums) logs -= counts.Terms * Math.Log(sum + counts.Terms * prior.Eta);
        return bound + prior.Eta * logs;
    }
}

/// <summary>Mean field: exp E[log ϑ_dk] ∝ exp Ψ(γ_dk), exp E[log β_kv] = exp(Ψ(λ_kv) − Ψ(Σ_v λ_kv)).</summary>
readonly struct MeanFieldProportions<TLanes> : IProportions<TLanes> where TLanes : struct, ISingleLanes<TLanes>
{
    public static TLanes OfDocument(TLanes count) => SingleMath.ExpDigamma(count);

    public static TLanes OfTerm(TLanes count, TLanes inverse) => SingleMath.ExpDigamma(count) * inverse;

    public static double OfTopic(double total) => Math.Exp(-SpecialFunctions.Digamma(total));

    public static float Negligible => 1e-2f;

    /// <remarks>
    /// With φ_nk = t_k B_kn / s_n and γ = α + n the bound (Blei, Ng, Jordan 2003, eq. 15) is Σ_n c_n log s_n − Σ_k n_k log t_k + Σ_k log Γ(γ_k) − log Γ(Σ γ) + the
    /// log-normalizer of α: at the γ that φ gives, E[log ϑ] falls out.
    /// </remarks>
    public static unsafe double Bound(double evidence, float* weights, float* expected, float* alpha, int stride, int topics)
    {
        TLanes smallest = TLanes.Broadcast(1.1754944e-38f), assignments = TLanes.Zero, logGammas = TLanes.Zero;
        double total = 0;
        for (int k = 0; k < topics; k++) total += (double)expected[k] + alpha[k];
        for (int k = 0; k < stride; k += ISingleLanes<TLanes>.Count)
        {
            TLanes count = TLanes.Load(expected + k), gamma = count + TLanes.Load(alpha + k);
            // A weight of 0 goes with a count of 0. Padding: Γ(1).
            assignments = TLanes.MultiplyAdd(count, SingleMath.Log(TLanes.Max(smallest, TLanes.Load(weights + k))), assignments);
            logGammas += SingleMath.LogGamma(TLanes.Select(TLanes.LessThan(TLanes.Zero, gamma), gamma, TLanes.Broadcast(1)));
        }
        return evidence - TLanes.Sum(assignments) + TLanes.Sum(logGammas) - SpecialFunctions.LogGamma(total);
    }

    public static double LogNormalizer(ReadOnlySpan<double> alpha) => DirichletMath.LogNormalizer(alpha);

    /// <remarks>−Σ_k KL(Dir(η + n_k) ‖ Dir(η)).</remarks>
    public static unsafe double TopicBound(CountTable counts, SweepPrior prior)
    {
        int terms = counts.Terms, topics = counts.Topics;
        double bound = topics * (SpecialFunctions.LogGamma(terms * prior.Eta) - terms * SpecialFunctions.LogGamma(prior.Eta));
        for (int topic = 0; topic < topics; topic++)
        {
            double total = counts.Sums[topic] + terms * prior.Eta;
            bound += counts.Sums[topic] * SpecialFunctions.Digamma(total) - SpecialFunctions.LogGamma(total);
        }
        TLanes factor = TLanes.Broadcast((float)counts.Factor), eta = TLanes.Broadcast((float)prior.Eta);
        double perPadding = SpecialFunctions.LogGamma((float)prior.Eta);
        for (int term = 0; term < terms; term++)
        {
            float* row = counts.Row(term);
            TLanes sum = TLanes.Zero;
            for (int k = 0; k < counts.Stride; k += ISingleLanes<TLanes>.Count)
            {
                TLanes count = factor * TLanes.Load(row + k), lambda = count + eta;
                sum += SingleMath.LogGamma(lambda) - count * SingleMath.Digamma(lambda);
            }
            bound += TLanes.Sum(sum);
        }
        return bound - (double)terms * (counts.Stride - topics) * perPadding;
    }
}
