using Elbo.Engine;

namespace Elbo.Testing;

/// <summary>A model as the conformance kit sees it: described once, checked by <see cref="Conformance.CheckAll"/>.</summary>
/// <remarks>
/// A good subject is small (10 to 100 observations, so that every law takes milliseconds) and irregular: observations of all kinds that the
/// model takes, the odd ones too. Everything must be reproducible: the same seed gives the same θ.
/// </remarks>
/// <typeparam name="TBatch">What a run of observations is read as; may be a ref struct.</typeparam>
/// <typeparam name="TParameters">θ.</typeparam>
/// <typeparam name="TStatistics">The expected sufficient statistics.</typeparam>
public abstract class ModelSubject<TBatch, TParameters, TStatistics>
    where TBatch : allows ref struct
    where TParameters : class, ITensors<TParameters>
    where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>The name of the model in messages.</summary>
    public abstract string Name { get; }

    /// <summary>The model.</summary>
    public abstract IModel<TParameters, TStatistics> Model { get; }

    /// <summary>A new E-step, which knows nothing of any pass before.</summary>
    public abstract IEStep<TBatch, TParameters, TStatistics> CreateEStep();

    /// <summary>The observations, always the same ones, with fresh local state where the E-step keeps any.</summary>
    public abstract IObservations<TBatch> Open();

    /// <summary>A θ to start from. Different seeds should differ in every parameter that the M-step fits, and in those that it holds fixed where the model allows that.</summary>
    public abstract TParameters CreateStart(ulong seed);
}

/// <summary>Observations that can be read in runs. Different runs may be read at once by different threads.</summary>
/// <typeparam name="TBatch">What a run is read as; may be a ref struct.</typeparam>
public interface IObservations<TBatch> where TBatch : allows ref struct
{
    /// <summary>How many observations there are; at least 2.</summary>
    int Count { get; }

    /// <summary>A run of observations, with the local state that belongs to them.</summary>
    /// <param name="first">The first observation, from 0.</param>
    /// <param name="count">How many, ≥ 1.</param>
    /// <param name="weights">One weight ≥ 0 for each of the run; empty: every weight is 1.</param>
    TBatch Read(int first, int count, ReadOnlyMemory<double> weights);
}
