using Elbo.Engine;
using Elbo.Numerics;

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

    /// <summary>How many M-steps on the same statistics lead to the maximum: 1 where it has a closed form, more where one step only improves (ECM, GEM).</summary>
    public virtual int MaximizationsToOptimum => 1;

    /// <summary>Whether θ is allowed, and not on the edge of what is (a floor), where a maximum may have a slope.</summary>
    public virtual bool IsInterior(TParameters parameters) => true;

    /// <summary>
    /// log p(x, z | θ) of an observation, without its weight, for every value of its latent variables in the same order for any θ; null where these cannot be written out. Written plainly
    /// and apart from the kernel, it is the best test of all.
    /// </summary>
    public virtual double[]? EnumerateLogJoint(TParameters parameters, int observation) => null;

    /// <summary>Whether <see cref="EnumerateLogJoint"/> is over all latent variables, or others have been integrated out already.</summary>
    public virtual bool EnumeratesEverything => true;

    /// <summary>The same θ with its components under other names; null where there are none that could be exchanged.</summary>
    public virtual TParameters? Relabel(TParameters parameters, Philox random) => null;

    /// <summary>Cases in which the model is a simpler one.</summary>
    public virtual IEnumerable<Reduction<TParameters>> Reductions(ulong seed) => [];
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

/// <summary>A case in which a model is a simpler one.</summary>
/// <typeparam name="TParameters">θ.</typeparam>
/// <param name="Name">The simpler model, for messages.</param>
/// <param name="Parameters">θ at which it is that.</param>
/// <param name="LogEvidence">log p of all observations under the simpler model, in nats, got without the model.</param>
public sealed record Reduction<TParameters>(string Name, TParameters Parameters, double LogEvidence);
