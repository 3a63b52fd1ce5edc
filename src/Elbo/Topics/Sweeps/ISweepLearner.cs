using Elbo.Corpora;

namespace Elbo.Topics.Sweeps;

/// <summary>Learns topics, kept in a <see cref="CountTable"/>, from documents in sweeps over them.</summary>
interface ISweepLearner
{
    /// <summary>α and η of the sweeps to come.</summary>
    SweepPrior Prior { get; set; }

    /// <summary>Hears of every document's expected counts; null where α is not estimated.</summary>
    AlphaEstimator? Estimator { get; set; }

    /// <summary>All of some documents once, then one M-step: n_kv ← their expected counts.</summary>
    /// <returns>The objective in nats, at the topics before.</returns>
    double PassAll(Corpus corpus, int[] documents, CancellationToken cancellationToken);

    /// <summary>Some documents, then a step: n_kv ← (1 − ρ) n_kv + ρ · (all tokens / their tokens) · their expected counts (Cappé and Moulines 2009, eq. 13).</summary>
    /// <returns>The documents' part of the objective in nats, at the topics before.</returns>
    double Step(Corpus corpus, ReadOnlySpan<int> documents, double rho, double allTokens);
}
