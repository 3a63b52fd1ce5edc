namespace Elbo.HiddenMarkov;

/// <summary>Transition probabilities to start from, K × K, row after row.</summary>
public static class TransitionStarts
{
    /// <summary>Every state stays with the same probability, and goes to each other state equally often.</summary>
    /// <param name="states">K ≥ 1.</param>
    /// <param name="stay">From 0 to 1; with one state it is 1 whatever is given.</param>
    public static double[] Persistent(int states, double stay = 0.9)
    {
        Check(states, stay);
        var transitions = new double[checked(states * states)];
        if (states > 1) Array.Fill(transitions, (1 - stay) / (states - 1));
        for (int i = 0; i < states; i++) transitions[i * states + i] = states == 1 ? 1 : stay;
        return transitions;
    }

    /// <summary>
    /// States are passed in order: each stays, or goes on by 1 to <paramref name="furthest"/> states, equally often. The last one stays for good. All other
    /// entries are structural zeros, and so are the initial probabilities that are 0: begin with (1, 0, …, 0).
    /// </summary>
    /// <param name="states">K ≥ 1.</param>
    /// <param name="stay">From 0 to 1.</param>
    /// <param name="furthest">How far a step may go, ≥ 1.</param>
    public static double[] LeftToRight(int states, double stay = 0.9, int furthest = 1)
    {
        Check(states, stay);
        ArgumentOutOfRangeException.ThrowIfLessThan(furthest, 1);
        var transitions = new double[checked(states * states)];
        for (int i = 0; i < states; i++)
        {
            int onward = Math.Min(furthest, states - 1 - i);
            transitions[i * states + i] = onward == 0 ? 1 : stay;
            transitions.AsSpan(i * states + i + 1, onward).Fill((1 - stay) / Math.Max(1, onward));
        }
        return transitions;
    }

    static void Check(int states, double stay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(states, 1);
        if (!(stay is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(stay), stay, "The probability of staying must be from 0 to 1.");
    }
}
