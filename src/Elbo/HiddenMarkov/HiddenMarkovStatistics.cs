using Elbo.Engine;

namespace Elbo.HiddenMarkov;

/// <summary>
/// Expected sufficient statistics of a hidden Markov model: N_k = Σ w q(z₁ = k), N_ij = Σ w q(z_t−1 = i, z_t = j), and those of what the states emit. Not thread-safe.
/// </summary>
/// <typeparam name="TStatistics">The statistics of what the states emit.</typeparam>
/// <param name="states">K.</param>
/// <param name="own">The statistics of what the states emit.</param>
public sealed class HiddenMarkovStatistics<TStatistics>(int states, TStatistics own) : IStatistics<HiddenMarkovStatistics<TStatistics>>
    where TStatistics : class, IStatistics<TStatistics>
{
    const string Prefix = "components/";

    readonly double[] _initial = new double[states];
    readonly double[] _transitions = new double[checked(states * states)];

    /// <summary>How many sequences are expected to begin in each state.</summary>
    public Span<double> Initial => _initial;

    /// <summary>How many steps are expected to go from state i to state j, K × K, row after row.</summary>
    public Span<double> Transitions => _transitions;

    /// <summary>The statistics of what the states emit.</summary>
    public TStatistics Components => own;

    /// <inheritdoc/>
    public void Add(HiddenMarkovStatistics<TStatistics> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._initial.Length != _initial.Length)
            throw new ArgumentException($"Statistics of {other._initial.Length} states cannot be added to those of {_initial.Length}.", nameof(other));
        for (int i = 0; i < _initial.Length; i++) _initial[i] += other._initial[i];
        for (int i = 0; i < _transitions.Length; i++) _transitions[i] += other._transitions[i];
        own.Add(other.Components);
    }

    /// <inheritdoc/>
    public void Scale(double factor)
    {
        foreach (ref double count in _initial.AsSpan()) count *= factor;
        foreach (ref double count in _transitions.AsSpan()) count *= factor;
        own.Scale(factor);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        ClearChain();
        own.Clear();
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("initial_counts", [_initial.Length], _initial, TensorConstraint.Fixed);
        visitor.Visit("transition_counts", [_initial.Length, _initial.Length], _transitions, TensorConstraint.Fixed);
        own.Describe(new PrefixedVisitor(Prefix, visitor));
    }

    /// <inheritdoc/>
    public static HiddenMarkovStatistics<TStatistics> FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        double[] initial = tensors.Doubles("initial_counts", TensorConstraint.Fixed, -1);
        var statistics = new HiddenMarkovStatistics<TStatistics>(initial.Length, TStatistics.FromTensors(tensors.Under(Prefix)));
        initial.CopyTo(statistics._initial, 0);
        tensors.Doubles("transition_counts", TensorConstraint.Fixed, initial.Length, initial.Length).CopyTo(statistics._transitions, 0);
        return statistics;
    }

    internal void ClearChain()
    {
        Array.Clear(_initial);
        Array.Clear(_transitions);
    }
}
