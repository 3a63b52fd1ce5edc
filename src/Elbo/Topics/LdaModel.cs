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
/// <see cref="TopicPrior"/>, variational Dirichlets (λ = η + expected counts, global bound −KL(q(β)‖p(β|η))).
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
    /// β_kv ∝ S_kv, or λ_kv = η_kv + S_kv and then η; and α. The parts of the objective are separate but for λ and η, which take turns, so that no part falls.
    /// (Blei, Ng, Jordan 2003, eq. 9 and appendix A.)
    /// </remarks>
    public LdaParameters Maximize(LdaStatistics statistics, LdaParameters current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        double[] alpha = MaximizeAlpha(statistics, current);
        if (current.Prior is null)
            return new LdaParameters(PointTopics(statistics, current), alpha, null);

        var next = new LdaParameters(VariationalTopics(statistics, current.Prior), alpha, current.Prior);
        return updateEta ? next.WithPrior(current.Prior.WithConcentration(MaximizeEta(next, current.Prior.Concentration))) : next;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// D (log Γ(Σα) − Σ log Γ(α_k)) + Σ_k (α_k − 1) Σ_d E[log ϑ_dk] + Σ_d Σ_k N_dk E[log ϑ_dk] + Σ_kv S_kv E[log β_kv]
    /// (Blei, Ng, Jordan 2003, eq. 15, first three lines).
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
        return parameters.GlobalBound ??= -DirichletMath.TopicDivergence(parameters, prior);
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

    static double[] PointTopics(LdaStatistics statistics, LdaParameters current)
    {
        int topics = current.Topics;
        var sums = new double[topics];
        for (int term = 0; term < current.Terms; term++)
        {
            ReadOnlySpan<double> counts = statistics.Counts(term);
            for (int topic = 0; topic < counts.Length; topic++) sums[topic] += counts[topic];
        }
        var beta = new double[current.TermTopic.Length];
        for (int term = 0; term < current.Terms; term++)
        {
            ReadOnlySpan<double> counts = statistics.Counts(term);
            for (int topic = 0; topic < topics; topic++)
            {
                // A topic that explains nothing has no maximum; it stays what it was.
                beta[term * topics + topic] = sums[topic] > 0
                    ? (counts.IsEmpty ? 0 : counts[topic] / sums[topic])
                    : current.TermTopic[term * topics + topic];
            }
        }
        return beta;
    }

    static double[] VariationalTopics(LdaStatistics statistics, TopicPrior prior)
    {
        int topics = statistics.Topics;
        double[] lambda = GC.AllocateUninitializedArray<double>(checked(statistics.Terms * topics));
        Array.Fill(lambda, prior.Concentration);
        foreach (TopicSeed seed in prior.Seeds) lambda[seed.Term * topics + seed.Topic] += seed.Count;
        for (int term = 0; term < statistics.Terms; term++)
        {
            ReadOnlySpan<double> counts = statistics.Counts(term);
            for (int topic = 0; topic < counts.Length; topic++) lambda[term * topics + topic] += counts[topic];
        }
        return lambda;
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
