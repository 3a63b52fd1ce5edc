using Elbo.Engine;
using Elbo.Families;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>A fitted mixture or hidden Markov model, whatever its family. Immutable.</summary>
public abstract class FittedModel
{
    private protected FittedModel(FitRecord record) => Record = record;

    /// <summary>How it came about.</summary>
    public FitRecord Record { get; }

    /// <summary>The family with all of its settings.</summary>
    public abstract AnyFamily Family { get; }

    /// <summary>K; fewer than were asked for where components were dropped.</summary>
    public abstract int Components { get; }

    /// <summary>θ as named tensors.</summary>
    public abstract TensorSet Parameters { get; }

    /// <summary>What the model says of rows, new or old; weights and known responsibilities are not looked at.</summary>
    /// <exception cref="ArgumentException">The rows do not fit the family, or a row of a hidden Markov model is impossible in every state that can be reached there.</exception>
    public abstract Prediction Predict(ObservationTable table);

    /// <summary>log p(X | θ) of rows in nats, with their weights; −∞ where one is impossible. Known responsibilities are not looked at.</summary>
    public abstract double LogLikelihood(ObservationTable table);

    /// <summary>Draws rows, one sequence after another.</summary>
    /// <param name="lengths">How long each sequence is; for a mixture the rows are independent all the same.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="regressors">Rows whose regressors are used, for a family that needs them; else null.</param>
    public abstract Sample Draw(IReadOnlyList<int> lengths, ulong seed, ObservationTable? regressors = null);
}

/// <summary>Rows that a model drew.</summary>
/// <param name="Table">The rows.</param>
/// <param name="Components">The component of each.</param>
public sealed record Sample(ObservationTable Table, int[] Components);
