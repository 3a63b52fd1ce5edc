using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>What to do with a Dirichlet concentration while fitting.</summary>
public enum ConcentrationUpdate
{
    /// <summary>Leave it as it is.</summary>
    Fixed,

    /// <summary>One value for all, by Newton's method.</summary>
    Symmetric,

    /// <summary>One value a topic, by Newton's method in linear time.</summary>
    Asymmetric,
}

/// <summary>
/// Latent Dirichlet allocation as the engine sees it: M-step and bound. The topics are points (their M-step is maximum likelihood) or, with a
/// <see cref="TopicPrior"/>, variational Dirichlets (λ = η + expected counts, global bound −KL(q(β)‖p(β|η))) or the mode under it (β ∝ η − 1 + expected counts,
/// global bound log p(β|η)): <see cref="LdaParameters.Estimate"/>.
/// </summary>
/// <param name="updateAlpha">What the M-step does with α.</param>
/// <param name="updateEta">Whether the M-step estimates η; needs topics with a prior and without seeds.</param>
public sealed class LdaModel(ConcentrationUpdate updateAlpha = ConcentrationUpdate.Fixed, bool updateEta = false) : IModel<LdaParameters, LdaStatistics>
{
    /// <inheritdoc/>
    public LdaStatistics CreateStatistics(LdaParameters current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new LdaStatistics(current.Terms, current.Topics);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// β_kv ∝ S_kv, or β_kv ∝ S_kv + η_kv − 1, or λ_kv = η_kv + S_kv and then η; and α. The parts of the objective are separate but for λ and η, which take turns, so that no part falls.
    /// (Blei, Ng, Jordan 2003, eq. 9 and appendix A.)
    /// </remarks>
    /// <exception cref="InvalidOperationException">α or η is to be estimated where <paramref name="current"/> is maximum a posteriori.</exception>
    public LdaParameters Maximize(LdaStatistics statistics, LdaParameters current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        if (current.Estimate == TopicEstimate.MaximumAPosteriori) return MaximizePosterior(statistics, current, current.Prior!);
        double[] alpha = MaximizeAlpha(statistics, current);
        if (current.Prior is null)
            return new LdaParameters(Normalize(AddCounts(statistics, 0, []), current), alpha, null);

        var next = new LdaParameters(AddCounts(statistics, current.Prior.Concentration, current.Prior.Seeds), alpha, current.Prior);
        return updateEta ? next.WithPrior(current.Prior.WithConcentration(MaximizeEta(next, current.Prior.Concentration))) : next;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// D (log Γ(Σα) − Σ log Γ(α_k)) + Σ_k (α_k − 1) Σ_d E[log ϑ_dk] + Σ_d Σ_k N_dk E[log ϑ_dk] + Σ_kv S_kv E[log β_kv]
    /// (Blei, Ng, Jordan 2003, eq. 15, first three lines). Where ϑ is a point, log ϑ_dk stands for its expectation, and a concentration of 1 makes a log 0 count for nothing.
    /// </remarks>
    public double ExpectedLogJoint(LdaStatistics statistics, LdaParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(parameters);
        ReadOnlySpan<double> alpha = parameters.Alpha;
        double proportions = statistics.Documents * DirichletMath.LogNormalizer(alpha);
        for (int topic = 0; topic < alpha.Length; topic++)
            proportions += (alpha[topic] - 1) * statistics.ExpectedLogProportions[topic];
        return proportions + statistics.AssignmentLogJoint + WordLogJoint(statistics, parameters);
    }

    /// <inheritdoc/>
    public double GlobalBound(LdaParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Prior is not { } prior) return 0;
        return parameters.GlobalBound ??= parameters.HasPoints ? DirichletMath.TopicDensity(parameters, prior) : -DirichletMath.TopicDivergence(parameters, prior);
    }

    LdaParameters MaximizePosterior(LdaStatistics statistics, LdaParameters current, TopicPrior prior)
    {
        if (updateAlpha != ConcentrationUpdate.Fixed || updateEta)
            throw new InvalidOperationException("α and η are held fixed where proportions and topics are points under them: the objective has no maximum in α.");
        return LdaParameters.MaximumAPosteriori(Normalize(AddCounts(statistics, prior.Concentration - 1, prior.Seeds), current), current.Alpha.ToArray(), prior);
    }

    double[] MaximizeAlpha(LdaStatistics statistics, LdaParameters current)
    {
        double[] alpha = current.Alpha.ToArray();
        if (statistics.Documents == 0 || updateAlpha == ConcentrationUpdate.Fixed) return alpha;
        if (updateAlpha == ConcentrationUpdate.Symmetric)
        {
            double sum = 0;
            foreach (double value in statistics.ExpectedLogProportions) sum += value;
            Array.Fill(alpha, DirichletEstimator.Symmetric(statistics.Documents, alpha.Length, sum, alpha[0]));
        }
        else
        {
            DirichletEstimator.Asymmetric(statistics.Documents, statistics.ExpectedLogProportions, alpha);
        }
        return alpha;
    }

    // Each topic of the weights made to add up to 1; they are written over.
    static double[] Normalize(double[] weights, LdaParameters current)
    {
        int topics = current.Topics;
        var sums = new double[topics];
        for (int i = 0; i < weights.Length; i += topics)
            for (int topic = 0; topic < topics; topic++) sums[topic] += weights[i + topic];
        for (int i = 0; i < weights.Length; i += topics)
        {
            // A topic that explains nothing, and that no prior pulls, has no maximum; it stays what it was.
            for (int topic = 0; topic < topics; topic++)
                weights[i + topic] = sums[topic] > 0 ? weights[i + topic] / sums[topic] : current.TermTopic[i + topic];
        }
        return weights;
    }

    // S_kv and what a prior adds to it.
    static double[] AddCounts(LdaStatistics statistics, double concentration, IReadOnlyList<TopicSeed> seeds)
    {
        int topics = statistics.Topics;
        double[] weights = GC.AllocateUninitializedArray<double>(checked(statistics.Terms * topics));
        Array.Fill(weights, concentration);
        foreach (TopicSeed seed in seeds) weights[seed.Term * topics + seed.Topic] += seed.Count;
        for (int term = 0; term < statistics.Terms; term++)
        {
            ReadOnlySpan<double> counts = statistics.Counts(term);
            for (int topic = 0; topic < counts.Length; topic++) weights[term * topics + topic] += counts[topic];
        }
        return weights;
    }

    static double MaximizeEta(LdaParameters topics, double current) =>
        DirichletEstimator.Symmetric(topics.Topics, topics.Terms, KernelProfiles.Run(KernelProfiles.Current, new SumOfLogs(topics)), current);

    static double WordLogJoint(LdaStatistics statistics, LdaParameters parameters) =>
        KernelProfiles.Run(KernelProfiles.Current, new WordSum(statistics, parameters));

    // Σ_kv E[log β_kv].
    readonly struct SumOfLogs(LdaParameters parameters) : ILanesVisitor<double>
    {
        public double Visit<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var logs = new TopicLogs(parameters);
            double sum = 0;
            for (int term = 0; term < parameters.Terms; term++)
                foreach (double log in logs.Of<TLanes>(term)) sum += log;
            return sum;
        }
    }

    // Σ_kv S_kv E[log β_kv].
    readonly struct WordSum(LdaStatistics statistics, LdaParameters parameters) : ILanesVisitor<double>
    {
        public double Visit<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var logs = new TopicLogs(parameters);
            double sum = 0;
            for (int term = 0; term < parameters.Terms; term++)
            {
                ReadOnlySpan<double> counts = statistics.Counts(term);
                if (counts.IsEmpty) continue;
                ReadOnlySpan<double> row = logs.Of<TLanes>(term);
                for (int topic = 0; topic < counts.Length; topic++) sum += counts[topic] * row[topic];
            }
            return sum;
        }
    }
}
