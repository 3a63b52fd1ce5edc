using Elbo.Numerics;

namespace Elbo.Families;

/// <summary>A symmetric Dirichlet prior on probabilities: log p = ln Γ(n a) − n ln Γ(a) + (a − 1) Σ ln p.</summary>
public sealed record DirichletPrior
{
    /// <summary>The prior.</summary>
    /// <param name="concentration">a ≥ 1, so that the density has its mode inside; 1 is flat, and a − 1 acts as added counts.</param>
    public DirichletPrior(double concentration)
    {
        if (!(concentration >= 1 && double.IsFinite(concentration)))
            throw new ArgumentOutOfRangeException(nameof(concentration), concentration, "The concentration of a Dirichlet prior must be 1 or more.");
        Concentration = concentration;
    }

    /// <summary>a ≥ 1.</summary>
    public double Concentration { get; }

    /// <summary>log p of probabilities, in nats.</summary>
    public double LogDensity(ReadOnlySpan<double> probabilities)
    {
        double sum = SpecialFunctions.LogGamma(probabilities.Length * Concentration) - probabilities.Length * SpecialFunctions.LogGamma(Concentration);
        if (Concentration > 1)
            foreach (double probability in probabilities) sum += (Concentration - 1) * Math.Log(probability);
        return sum;
    }

    /// <summary>The probabilities that maximise Σ n ln p + log p(p): (n + a − 1) over their sum. Without any count they are equal.</summary>
    internal static double[] Mode(ReadOnlySpan<double> counts, DirichletPrior? prior)
    {
        double added = prior?.Concentration - 1 ?? 0, total = 0;
        foreach (double count in counts) total += count + added;
        var mode = new double[counts.Length];
        for (int i = 0; i < mode.Length; i++)
        {
            mode[i] = total > 0 ? (counts[i] + added) / total : 1.0 / mode.Length;
            // What was seen, however little, is not impossible.
            if (mode[i] == 0 && counts[i] > 0) mode[i] = double.Epsilon;
        }
        return mode;
    }

    /// <summary>Σ n ln p, where 0 ln 0 is 0.</summary>
    internal static double ExpectedLog(ReadOnlySpan<double> counts, ReadOnlySpan<double> probabilities)
    {
        double sum = 0;
        for (int i = 0; i < counts.Length; i++)
            if (counts[i] != 0) sum += counts[i] * Math.Log(probabilities[i]);
        return sum;
    }
}
