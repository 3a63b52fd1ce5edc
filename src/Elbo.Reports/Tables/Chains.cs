using Elbo.Engine;

namespace Elbo.Reports.Tables;

/// <summary>What follows from a chain's parameters.</summary>
static class Chains
{
    /// <summary>Squarings of the transition matrix: 2^64 steps, beyond the mixing of any chain whose probabilities are doubles apart from 0.</summary>
    const int Squarings = 64;

    /// <summary>The chain of a hidden Markov model.</summary>
    public static ChainEntry Of(TensorSet parameters)
    {
        double[] initial = parameters.Doubles("initial", TensorConstraint.Simplex, -1), transitions = parameters.Doubles("transitions", TensorConstraint.Simplex, initial.Length, initial.Length);
        int states = initial.Length;
        return new ChainEntry(initial, [.. Enumerable.Range(0, states).Select(i => transitions.AsSpan(i * states, states).ToArray())], LongRun(initial, transitions),
            [.. Enumerable.Range(0, states).Select(k => LeavingOf(transitions, states, k) is > 0 and var leaving ? 1 / leaving : (double?)null)]);
    }

    /// <summary>
    /// lim (1/n) Σ_t π Aᵗ. The lazy chain (A + I)/2 has the same limit and no period, so that its powers converge; each squaring is normalised, lest rounding doubles with it.
    /// </summary>
    public static double[] LongRun(double[] initial, double[] transitions)
    {
        int states = initial.Length;
        double[] power = [.. transitions.Select((value, place) => 0.5 * (value + (place / states == place % states ? 1 : 0)))];
        for (int squaring = 0; squaring < Squarings; squaring++)
        {
            var square = new double[power.Length];
            for (int i = 0; i < states; i++)
            {
                Span<double> row = square.AsSpan(i * states, states);
                for (int k = 0; k < states; k++)
                    for (int j = 0; j < states; j++) row[j] += power[i * states + k] * power[k * states + j];
                double sum = 0;
                foreach (double value in row) sum += value;
                foreach (ref double value in row) value /= sum;
            }
            power = square;
        }
        return [.. Enumerable.Range(0, states).Select(j => Enumerable.Range(0, states).Sum(i => initial[i] * power[i * states + j]))];
    }

    /// <summary>1 − A_kk, summed from what leads elsewhere: near 1 the difference would lose its digits.</summary>
    static double LeavingOf(double[] transitions, int states, int state) => Enumerable.Range(0, states).Where(j => j != state).Sum(j => transitions[state * states + j]);
}
