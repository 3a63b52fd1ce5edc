namespace Elbo.Numerics;

/// <summary>The asymptotic series exp ψ(t + ½) = t + Σ_{k≥1} c_k t^(1−2k).</summary>
/// <remarks>
/// By DLMF 5.11.2 at half-integers, ψ(t + ½) = ln t + Σ ℓ_k t^(−2k) with ℓ_k = −B₂ₖ(½) / 2k, where B₂ₖ(½) are values of the Bernoulli
/// polynomials; the exponential of a power series then gives k c_k = Σ_{j=1}^{k} j ℓ_j c_{k−j}, with c₀ = 1. Half the terms vanish in t = x − ½,
/// and there is no logarithm. Cut off after c₉ the relative error is below 1e-16 for t ≥ 7.5.
/// </remarks>
static class ExpDigammaSeries
{
    internal const double C1 = 1.0 / 24;
    internal const double C2 = -37.0 / 5760;
    internal const double C3 = 10313.0 / 2903040;
    internal const double C4 = -5509121.0 / 1393459200;
    internal const double C5 = 2709398569.0 / 367873228800;
    internal const double C6 = -499769010050743.0 / 24103053950976000;
    internal const double C7 = 47655701498228027.0 / 578473294823424000;
    internal const double C8 = -0.43960443686008127;
    internal const double C9 = 3.0348228731805738;

    internal static readonly double[] Coefficients = [C1, C2, C3, C4, C5, C6, C7, C8, C9];
}
