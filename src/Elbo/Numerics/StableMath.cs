namespace Elbo.Numerics;

/// <summary>
/// Exponential and logarithm from IEEE basic operations alone. <see cref="Math"/> calls the C library of the platform, whose last bits differ
/// between operating systems and processors; random draws must not.
/// </summary>
/// <remarks>Errors are below 1 unit in the last place, or thereabouts. No multiply-add is fused here, on purpose.</remarks>
static class StableMath
{
    /// <summary>ln 2 in two parts: the first has 32 bits, so its product with an exponent is exact.</summary>
    internal const double Ln2High = 0.693147180369123816490, Ln2Low = 1.90821492927058770002e-10;

    /// <summary>1/3, 1/5, … 1/21: artanh s = s + s³/3 + s⁵/5 + …, enough for |s| ≤ (√2 − 1)/(√2 + 1).</summary>
    static ReadOnlySpan<double> InverseOdds => [1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21];

    /// <summary>1/2!, 1/3!, … 1/13!: enough for |r| ≤ ln 2 / 2.</summary>
    static ReadOnlySpan<double> InverseFactorials =>
    [
        1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600,
        1.0 / 6227020800,
    ];

    /// <summary>ln x for x ≥ 0: −∞ at 0, NaN below.</summary>
    internal static double Log(double x)
    {
        if (!(x > 0)) return x == 0 ? double.NegativeInfinity : double.NaN;
        if (double.IsPositiveInfinity(x)) return x;

        int exponent = Math.ILogB(x);
        double mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        // With f = m − 1 and s = f/(2 + f): ln m = 2 artanh s = 2s + R(s), and 2s = f − s f, whose first term is exact.
        double f = mantissa - 1;
        double s = f / (2 + f);
        double square = s * s;
        double rest = 2 * square * Polynomial(square, InverseOdds);
        return exponent * Ln2High + (f - (s * (f - rest) - exponent * Ln2Low));
    }

    /// <summary>e^x: 0 below −745.2, ∞ above 709.8, NaN for NaN.</summary>
    internal static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 710) return double.PositiveInfinity;
        if (x < -746) return 0;

        double n = Math.Round(x * 1.4426950408889634);
        double r = x - n * Ln2High - n * Ln2Low;
        return Math.ScaleB(1 + (r + r * r * Polynomial(r, InverseFactorials)), (int)n);
    }

    /// <summary>Σ c_k x^k by Horner's rule.</summary>
    static double Polynomial(double x, ReadOnlySpan<double> coefficients)
    {
        double value = 0;
        for (int k = coefficients.Length - 1; k >= 0; k--) value = value * x + coefficients[k];
        return value;
    }
}
