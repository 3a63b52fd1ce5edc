using Elbo.Engine;
using Elbo.Families;

namespace Elbo.Mixtures;

/// <summary>θ of a finite mixture, p(x | θ) = Σ_k π_k p(x | z = k). Immutable.</summary>
/// <typeparam name="TComponents">The components' parameters.</typeparam>
public sealed class MixtureParameters<TComponents> : ITensors<MixtureParameters<TComponents>>
    where TComponents : class, IComponents<TComponents>
{
    readonly double[] _weights;

    /// <summary>Joins weights and components.</summary>
    /// <param name="weights">π, one for each component; they are ≥ 0 and add up to 1.</param>
    /// <param name="components">The components.</param>
    /// <exception cref="ArgumentException">The numbers of the two differ, or the weights are no distribution.</exception>
    public MixtureParameters(ReadOnlySpan<double> weights, TComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        if (weights.Length != components.Count) throw new ArgumentException($"There are {weights.Length} weights for {components.Count} components.", nameof(weights));
        double sum = 0;
        foreach (double weight in weights) sum += weight >= 0 ? weight : double.NaN;
        if (!(Math.Abs(sum - 1) <= 1e-9)) throw new ArgumentException($"The weights must be 0 or more and add up to 1; they add up to {sum:R}.", nameof(weights));
        _weights = weights.ToArray();
        Components = components;
    }

    /// <summary>K.</summary>
    public int Count => _weights.Length;

    /// <summary>π.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The components.</summary>
    public TComponents Components { get; }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("weights", [Count], _weights, TensorConstraint.Simplex);
        Components.Describe(visitor);
    }

    /// <inheritdoc/>
    public static MixtureParameters<TComponents> FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        TComponents components = TComponents.FromTensors(tensors);
        return new MixtureParameters<TComponents>(tensors.Doubles("weights", TensorConstraint.Simplex, components.Count), components);
    }
}
