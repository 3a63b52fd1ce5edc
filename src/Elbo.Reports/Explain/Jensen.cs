namespace Elbo.Reports.Explain;

/// <summary>What Jensen's inequality says of two points and a weight.</summary>
enum JensenVerdict
{
    /// <summary>Both points lie where f is concave: it holds for every weight, and here is why.</summary>
    Concave,

    /// <summary>A point lies outside, and the inequality holds all the same: nothing promised it.</summary>
    Luck,

    /// <summary>A point lies outside, and the inequality fails.</summary>
    Fails,
}

/// <summary>α f(v₁) + (1 − α) f(v₂) beside f(α v₁ + (1 − α) v₂) for f(x) = exp(−(x − 2)²), which is concave where |x − 2| ≤ 1/√2 and nowhere else: f″(x) = (4 (x − 2)² − 2) f(x).</summary>
/// <param name="First">v₁.</param>
/// <param name="Second">v₂.</param>
/// <param name="Weight">α in [0, 1].</param>
sealed record Jensen(double First, double Second, double Weight)
{
    /// <summary>Where f changes from concave to convex: 1/√2 on both sides of 2.</summary>
    public static double Radius { get; } = Math.Sqrt(0.5);

    /// <summary>E[f(v)] = α f(v₁) + (1 − α) f(v₂): a point of the secant.</summary>
    public double Secant => Weight * Of(First) + (1 - Weight) * Of(Second);

    /// <summary>E[v] = α v₁ + (1 − α) v₂.</summary>
    public double Mean => Weight * First + (1 - Weight) * Second;

    /// <summary>f(E[v]).</summary>
    public double Curve => Of(Mean);

    public JensenVerdict Verdict =>
        Math.Abs(First - 2) <= Radius && Math.Abs(Second - 2) <= Radius ? JensenVerdict.Concave : Secant <= Curve ? JensenVerdict.Luck : JensenVerdict.Fails;

    /// <summary>f.</summary>
    public static double Of(double x) => Math.Exp(-(x - 2) * (x - 2));
}
