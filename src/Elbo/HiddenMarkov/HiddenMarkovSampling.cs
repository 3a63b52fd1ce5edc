using Elbo.Engine;
using Elbo.Families;
using Elbo.Numerics;

namespace Elbo.HiddenMarkov;

/// <summary>Draws from a hidden Markov model.</summary>
public static class HiddenMarkovSampling
{
    /// <summary>Draws sequences, each from a random stream of its own: a sequence does not depend on the lengths of those before it.</summary>
    /// <param name="family">What the states emit.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="lengths">The length of each sequence, ≥ 1.</param>
    /// <param name="seed">The seed; the same one gives the same bits everywhere.</param>
    /// <param name="values">Receives the rows, one after another. Columns that the family does not explain (regressors) are given in it and stay.</param>
    /// <returns>The states, one a row.</returns>
    /// <exception cref="ArgumentException">A length is below 1, or the values are not as many for every row.</exception>
    public static int[] Draw<TComponents, TStatistics>(
        IComponentFamily<TComponents, TStatistics> family, HiddenMarkovParameters<TComponents> parameters, IReadOnlyList<int> lengths, ulong seed, Span<double> values)
        where TComponents : class, IComponents<TComponents>
        where TStatistics : class, IStatistics<TStatistics>
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(lengths);
        if (lengths.Any(length => length < 1)) throw new ArgumentException("Every sequence to draw needs a length of 1 or more.", nameof(lengths));
        var states = new int[checked(lengths.Sum())];
        if (states.Length == 0 || values.Length == 0 || values.Length % states.Length != 0)
            throw new ArgumentException($"{values.Length} values are not as many for each of {states.Length} rows.", nameof(values));
        int columns = values.Length / states.Length, row = 0;
        for (int sequence = 0; sequence < lengths.Count; sequence++)
        {
            Philox random = Philox.ForStream(seed, (ulong)sequence);
            for (int step = 0; step < lengths[sequence]; step++, row++)
            {
                states[row] = random.NextCategorical(step == 0 ? parameters.Initial : parameters.TransitionsFrom(states[row - 1]));
                family.Sample(parameters.Components, states[row], random, values.Slice(row * columns, columns));
            }
        }
        return states;
    }
}
