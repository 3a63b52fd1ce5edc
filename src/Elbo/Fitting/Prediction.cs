namespace Elbo.Fitting;

/// <summary>What a model says of rows.</summary>
/// <param name="Components">K.</param>
/// <param name="Responsibilities">The posterior of every row over the components, K numbers a row.</param>
/// <param name="LogDensities">log p(x) of every row in nats; in a hidden Markov model given the rows before it in its sequence.</param>
/// <param name="Path">The likeliest sequence of states as a whole (Viterbi), or null for a mixture.</param>
public sealed record Prediction(int Components, double[] Responsibilities, double[] LogDensities, int[]? Path)
{
    /// <summary>The posterior of one row.</summary>
    public ReadOnlySpan<double> Of(int row) => Responsibilities.AsSpan(row * Components, Components);

    /// <summary>How many rows there are.</summary>
    public int Rows => LogDensities.Length;

    /// <summary>The likeliest component of a row, the first among equals.</summary>
    public int MostLikely(int row)
    {
        ReadOnlySpan<double> own = Of(row);
        int best = 0;
        for (int k = 1; k < own.Length; k++)
            if (own[k] > own[best]) best = k;
        return best;
    }

    /// <summary>How likely it is that a row belongs to another component than its likeliest.</summary>
    public double Uncertainty(int row)
    {
        ReadOnlySpan<double> own = Of(row);
        double others = 0;
        int best = MostLikely(row);
        for (int k = 0; k < own.Length; k++)
            if (k != best) others += own[k];
        return others;
    }
}
