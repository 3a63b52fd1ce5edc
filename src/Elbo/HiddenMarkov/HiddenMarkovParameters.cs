using Elbo.Engine;
using Elbo.Families;

namespace Elbo.HiddenMarkov;

/// <summary>
/// θ of a hidden Markov model, p(x, z | θ) = π_z₁ p(x₁ | z₁) Π_t A_z_t−1,z_t p(x_t | z_t) (Rabiner 1989). Immutable.
/// A probability that is exactly 0 is a structural zero: it stays 0 in every M-step.
/// </summary>
/// <typeparam name="TComponents">The parameters of what the states emit.</typeparam>
public sealed class HiddenMarkovParameters<TComponents> : ITensors<HiddenMarkovParameters<TComponents>>
    where TComponents : class, IComponents<TComponents>
{
    const double SumTolerance = 1e-9;

    readonly double[] _initial;
    readonly double[] _transitions;

    /// <summary>Joins the chain and what its states emit.</summary>
    /// <param name="initial">π, the distribution of a sequence's first state: K numbers ≥ 0 that add up to 1.</param>
    /// <param name="transitions">A, K × K, row after row: row i is the distribution of the state that follows state i.</param>
    /// <param name="components">What the K states emit.</param>
    /// <exception cref="ArgumentException">The numbers of states differ, or a distribution is none; the message names it.</exception>
    public HiddenMarkovParameters(ReadOnlySpan<double> initial, ReadOnlySpan<double> transitions, TComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        int states = components.Count;
        if (initial.Length != states) throw new ArgumentException($"There are {initial.Length} initial probabilities for {states} states.", nameof(initial));
        if (transitions.Length != (long)states * states)
            throw new ArgumentException($"There are {transitions.Length} transition probabilities, and {states} states need {states} × {states}.", nameof(transitions));
        Check(initial, "The initial probabilities", nameof(initial));
        for (int i = 0; i < states; i++) Check(transitions.Slice(i * states, states), $"The transition probabilities from state {i}", nameof(transitions));
        _initial = initial.ToArray();
        _transitions = transitions.ToArray();
        Components = components;
    }

    /// <summary>K, the number of states.</summary>
    public int Count => _initial.Length;

    /// <summary>π, K probabilities.</summary>
    public ReadOnlySpan<double> Initial => _initial;

    /// <summary>A, K × K, row after row.</summary>
    public ReadOnlySpan<double> Transitions => _transitions;

    /// <summary>What the states emit.</summary>
    public TComponents Components { get; }

    /// <summary>The distribution of the state that follows a state.</summary>
    public ReadOnlySpan<double> TransitionsFrom(int state) => _transitions.AsSpan(checked(state * Count), Count);

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("initial", [Count], _initial, TensorConstraint.Simplex);
        visitor.Visit("transitions", [Count, Count], _transitions, TensorConstraint.Simplex);
        Components.Describe(visitor);
    }

    /// <inheritdoc/>
    public static HiddenMarkovParameters<TComponents> FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        TComponents components = TComponents.FromTensors(tensors);
        int states = components.Count;
        return new HiddenMarkovParameters<TComponents>(
            tensors.Doubles("initial", TensorConstraint.Simplex, states), tensors.Doubles("transitions", TensorConstraint.Simplex, states, states), components);
    }

    static void Check(ReadOnlySpan<double> probabilities, string what, string parameter)
    {
        double sum = 0;
        foreach (double probability in probabilities) sum += probability >= 0 ? probability : double.NaN;
        if (!(Math.Abs(sum - 1) <= SumTolerance)) throw new ArgumentException($"{what} must be 0 or more and add up to 1; they add up to {sum:R}.", parameter);
    }
}
