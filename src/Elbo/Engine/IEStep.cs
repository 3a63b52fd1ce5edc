namespace Elbo.Engine;

/// <summary>What an E-step promises of the objective, and so what the engine may assert of it.</summary>
public enum Guarantee
{
    /// <summary>The posterior is exact: the ELBO touches the log-evidence and never falls.</summary>
    Evidence,

    /// <summary>q is kept in a family: the ELBO never falls.</summary>
    Bound,

    /// <summary>q is a single assignment: the classification likelihood, which is the ELBO of that q, never falls.</summary>
    Surrogate,

    /// <summary>Nothing: cold starts, online, collapsed, Monte Carlo. Falls are recorded and shown.</summary>
    None,
}

/// <summary>
/// An E-step of a model: q ← argmin KL(q ‖ p(Z|X,θ)), exactly or within a family. It serves one pass at a time: the kernels of that pass,
/// one a worker, may share tables that belong to it.
/// </summary>
/// <typeparam name="TBatch">A run of observations with their weights and, where the E-step keeps any, their local state.</typeparam>
/// <typeparam name="TParameters">θ.</typeparam>
/// <typeparam name="TStatistics">The expected sufficient statistics.</typeparam>
public interface IEStep<TBatch, TParameters, TStatistics> where TBatch : allows ref struct where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>What the engine may assert.</summary>
    Guarantee Guarantee { get; }

    /// <summary>The names of <see cref="LocalBound.Terms"/>; empty where the bound is not broken down further.</summary>
    IReadOnlyList<string> TermNames => [];

    /// <summary>Gets ready for one pass at θ: tables, logarithms, scratch. Called once a pass for each worker.</summary>
    IEStepKernel<TBatch, TStatistics> Prepare(TParameters parameters);
}

/// <summary>The E-step at fixed parameters. Used by one thread at a time.</summary>
/// <typeparam name="TBatch">A run of observations.</typeparam>
/// <typeparam name="TStatistics">The expected sufficient statistics.</typeparam>
public interface IEStepKernel<TBatch, TStatistics> where TBatch : allows ref struct where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>Finds q for every observation of the batch, in order, adds its expected statistics to <paramref name="into"/>, and gives its part of the bound. Allocates nothing in the long run.</summary>
    LocalBound Accumulate(TBatch batch, TStatistics into);
}
