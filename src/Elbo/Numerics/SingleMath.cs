using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>Exponential, logarithm, gamma and digamma functions of sixteen single-precision numbers at once, on every <see cref="KernelProfile"/>.</summary>
/// <remarks>
/// All functions are pure. Errors are the largest found against <see cref="SpecialFunctions"/> and <see cref="Math"/>, over all profiles.
/// Polynomials whose coefficients have no name are those of least largest error.
/// </remarks>
static class SingleMath
{
    /// <summary>
    /// e^x, for every x: ∞ above 88.72, 0 below −86.98 (where the next results would soon be subnormal), NaN for NaN. Relative error below 1e-7.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Exp<TLanes>(TLanes x) where TLanes : struct, ISingleLanes<TLanes>
    {
        TLanes least = TLanes.Broadcast(LeastExponent);
        TLanes power = ExpOfSum(TLanes.Min(TLanes.Broadcast(89), TLanes.Max(least, x)), TLanes.Zero, out TLanes n);
        // Near the largest number n is 128, and 2^128 is none.
        TLanes result = TLanes.ScaleByPowerOfTwo(power + power, n - TLanes.Broadcast(1));
        return TLanes.Select(TLanes.LessThan(x, least), TLanes.Zero, result);
    }

    /// <summary>ln x of positive normal numbers, relative error below 1e-7. NaN for 0, negative and subnormal numbers, ∞ and NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Log<TLanes>(TLanes x) where TLanes : struct, ISingleLanes<TLanes>
    {
        TLanes one = TLanes.Broadcast(1);
        TLanes exponent = TLanes.Exponent(x);
        TLanes mantissa = TLanes.Mantissa(x);
        TLanes small = TLanes.LessThan(mantissa, TLanes.Broadcast(1.4142135f));
        exponent = TLanes.Select(small, exponent, exponent + one);
        mantissa = TLanes.Select(small, mantissa, mantissa * TLanes.Broadcast(0.5f));

        // With f = m − 1, which is exact: ln m = f + f² (−½ + f/3 − …).
        TLanes f = mantissa - one;
        TLanes sum = TLanes.Broadcast(-0.07634509f);
        sum = TLanes.MultiplyAdd(sum, f, TLanes.Broadcast(0.12761594f));
        sum = TLanes.MultiplyAdd(sum, f, TLanes.Broadcast(-0.13160186f));
        sum = TLanes.MultiplyAdd(sum, f, TLanes.Broadcast(0.14201756f));
        sum = TLanes.MultiplyAdd(sum, f, TLanes.Broadcast(-0.16623357f));
        sum = TLanes.MultiplyAdd(sum, f, TLanes.Broadcast(0.20001227f));
        sum = TLanes.MultiplyAdd(sum, f, TLanes.Broadcast(-0.2500082f));
        sum = TLanes.MultiplyAdd(sum, f, TLanes.Broadcast(0.3333333f));
        sum = TLanes.MultiplyAdd(sum, f, TLanes.Broadcast(-0.5f));
        TLanes low = TLanes.MultiplyAdd(exponent, TLanes.Broadcast(Ln2Low), f * f * sum);
        TLanes result = TLanes.MultiplyAdd(exponent, TLanes.Broadcast(Ln2High), f + low);

        // 0·x is NaN for ∞ and NaN. Below the normal numbers exponent and mantissa mean nothing.
        result = TLanes.MultiplyAdd(x, TLanes.Zero, result);
        return TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(SmallestNormal)), TLanes.Broadcast(float.NaN), result);
    }

    /// <summary>
    /// exp ψ(x) for x ≥ 0, without computing ψ. Relative error below 1.1e-6, and without fused multiplication below 2e-6 for x ≥ 0.05 and 7e-6 for
    /// smaller ones; 0 for x below 0.01156, where the results would soon be subnormal. NaN for NaN. Numbers below 0 are taken for 0, ∞ gives ∞.
    /// </summary>
    /// <remarks>
    /// As <see cref="VectorMath.ExpDigamma{TLanes}(TLanes)"/>, with four steps of the recurrence instead of eight and three terms of
    /// <see cref="ExpDigammaSeries"/>: exp ψ(x) = (t + 1/(24 t) − …) exp(−Σ_{i=0}^{3} 1/(x+i)), t = x + 3½.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes ExpDigamma<TLanes>(TLanes x) where TLanes : struct, ISingleLanes<TLanes>
    {
        // Outside these bounds the result is 0 and, but for the last bits, x; inside them neither the product of all nor its reciprocal leaves the range.
        TLanes bounded = TLanes.Min(TLanes.Broadcast(3e7f), TLanes.Max(TLanes.Broadcast(0.01f), x));
        Shift(bounded, out TLanes numerator, out TLanes denominator);

        // One division for the three reciprocals of x, of the denominator and of t.
        TLanes t = bounded + TLanes.Broadcast(3.5f);
        TLanes denominatorT = denominator * t;
        TLanes inverseAll = TLanes.Broadcast(1) / (bounded * denominatorT);
        TLanes inverseX = inverseAll * denominatorT;
        TLanes scaledX = inverseAll * bounded;
        TLanes inverseT = scaledX * denominator;

        // 1/x = r + (1 − x r)/x for any r. What is added here is exact to many digits where products are fused, and to the last bit of r otherwise.
        TLanes residual = TLanes.MultiplyAdd(-bounded, inverseX, TLanes.Broadcast(1));
        TLanes low = TLanes.MultiplyAdd(residual, inverseX, numerator * (scaledX * t));
        TLanes power = ExpOfSum(-inverseX, -low, out TLanes n);

        // A quarter of the series, so that 2^(n+2) remains a normal number.
        TLanes v = inverseT * inverseT;
        TLanes sum = TLanes.MultiplyAdd(v, TLanes.Broadcast((float)(0.25 * ExpDigammaSeries.C3)), TLanes.Broadcast((float)(0.25 * ExpDigammaSeries.C2)));
        sum = TLanes.MultiplyAdd(sum, v, TLanes.Broadcast((float)(0.25 * ExpDigammaSeries.C1)));
        TLanes quarter = TLanes.MultiplyAdd(x, TLanes.Broadcast(0.25f), TLanes.Broadcast(0.875f));
        TLanes result = TLanes.MultiplyAdd(inverseT, sum, quarter) * TLanes.ScaleByPowerOfTwo(power, n + TLanes.Broadcast(2));
        return TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(0.01156f)), TLanes.Zero, result);
    }

    /// <summary>ψ(x) for normal x &gt; 0. Error below 5e-7, relative or, where |ψ| &lt; 1, absolute. −∞ at 0; NaN for NaN and ∞.</summary>
    /// <remarks>The logarithm of the series that <see cref="ExpDigamma{TLanes}(TLanes)"/> uses, less the same four reciprocals.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Digamma<TLanes>(TLanes x) where TLanes : struct, ISingleLanes<TLanes>
    {
        TLanes one = TLanes.Broadcast(1);
        TLanes bounded = TLanes.Min(TLanes.Broadcast(1e9f), x);
        Shift(bounded, out TLanes numerator, out TLanes denominator);
        TLanes t = bounded + TLanes.Broadcast(3.5f);
        TLanes inverse = one / (denominator * t);
        TLanes inverseT = inverse * denominator;
        TLanes v = inverseT * inverseT;
        TLanes sum = TLanes.MultiplyAdd(v, TLanes.Broadcast((float)ExpDigammaSeries.C3), TLanes.Broadcast((float)ExpDigammaSeries.C2));
        sum = TLanes.MultiplyAdd(sum, v, TLanes.Broadcast((float)ExpDigammaSeries.C1));
        return Log(TLanes.MultiplyAdd(inverseT, sum, x + TLanes.Broadcast(3.5f))) - numerator * (inverse * t) - one / x;
    }

    /// <summary>
    /// ln Γ(x) for normal x &gt; 0. Error below 3e-7, relative or, where |ln Γ| &lt; 1, absolute; 0 at 1 and 2. NaN for 0, negative and subnormal
    /// numbers, ∞ and NaN.
    /// </summary>
    /// <remarks>Up to 3 ln Γ(2 + z) = z (z+1) Q(z), with one step of the recurrence below 1 (DLMF 5.5.1); Stirling's series from there (DLMF 5.11.1).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes LogGamma<TLanes>(TLanes x) where TLanes : struct, ISingleLanes<TLanes>
    {
        TLanes one = TLanes.Broadcast(1);
        TLanes log = Log(x);

        TLanes belowOne = TLanes.LessThan(x, one);
        TLanes z = x - TLanes.Select(belowOne, one, TLanes.Broadcast(2));
        TLanes q = TLanes.Broadcast(-3.8745915e-5f);
        q = TLanes.MultiplyAdd(q, z, TLanes.Broadcast(7.819375e-5f));
        q = TLanes.MultiplyAdd(q, z, TLanes.Broadcast(-5.238918e-5f));
        q = TLanes.MultiplyAdd(q, z, TLanes.Broadcast(1.3058732e-4f));
        q = TLanes.MultiplyAdd(q, z, TLanes.Broadcast(-4.2559925e-4f));
        q = TLanes.MultiplyAdd(q, z, TLanes.Broadcast(9.443359e-4f));
        q = TLanes.MultiplyAdd(q, z, TLanes.Broadcast(-2.1020507e-3f));
        q = TLanes.MultiplyAdd(q, z, TLanes.Broadcast(4.9915472e-3f));
        q = TLanes.MultiplyAdd(q, z, TLanes.Broadcast(-0.012384977f));
        q = TLanes.MultiplyAdd(q, z, TLanes.Broadcast(0.032965627f));
        q = TLanes.MultiplyAdd(q, z, TLanes.Broadcast(-0.10031727f));
        q = TLanes.MultiplyAdd(q, z, TLanes.Broadcast(0.42278433f));
        TLanes nearTwo = z * (z + one) * q - TLanes.Select(belowOne, log, TLanes.Zero);

        TLanes inverse = one / x;
        TLanes v = inverse * inverse;
        TLanes series = TLanes.MultiplyAdd(v, TLanes.Broadcast(-1f / 1680), TLanes.Broadcast(1f / 1260));
        series = TLanes.MultiplyAdd(series, v, TLanes.Broadcast(-1f / 360));
        series = TLanes.MultiplyAdd(series, v, TLanes.Broadcast(1f / 12));
        TLanes constant = TLanes.MultiplyAdd(series, inverse, TLanes.Broadcast(0.4189385332f));
        TLanes stirling = TLanes.MultiplyAdd(x - TLanes.Broadcast(0.5f), log - one, constant);
        return TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(3)), nearTwo, stirling);
    }

    /// <summary><see cref="Exp{TLanes}(TLanes)"/> of each number. The count is a multiple of 16; the places may be the same.</summary>
    internal static unsafe void Exp<TLanes>(float* x, float* result, int count) where TLanes : struct, ISingleLanes<TLanes>
    {
        Debug.Assert(count % ISingleLanes<TLanes>.Count == 0, "Callers pad to whole lanes.");
        for (int i = 0; i < count; i += ISingleLanes<TLanes>.Count) TLanes.Store(result + i, Exp(TLanes.Load(x + i)));
    }

    /// <summary><see cref="Log{TLanes}(TLanes)"/> of each number. The count is a multiple of 16; the places may be the same.</summary>
    internal static unsafe void Log<TLanes>(float* x, float* result, int count) where TLanes : struct, ISingleLanes<TLanes>
    {
        Debug.Assert(count % ISingleLanes<TLanes>.Count == 0, "Callers pad to whole lanes.");
        for (int i = 0; i < count; i += ISingleLanes<TLanes>.Count) TLanes.Store(result + i, Log(TLanes.Load(x + i)));
    }

    /// <summary><see cref="ExpDigamma{TLanes}(TLanes)"/> of each number. The count is a multiple of 16; the places may be the same.</summary>
    internal static unsafe void ExpDigamma<TLanes>(float* x, float* result, int count) where TLanes : struct, ISingleLanes<TLanes>
    {
        Debug.Assert(count % ISingleLanes<TLanes>.Count == 0, "Callers pad to whole lanes.");
        for (int i = 0; i < count; i += ISingleLanes<TLanes>.Count) TLanes.Store(result + i, ExpDigamma(TLanes.Load(x + i)));
    }

    /// <summary><see cref="Digamma{TLanes}(TLanes)"/> of each number. The count is a multiple of 16; the places may be the same.</summary>
    internal static unsafe void Digamma<TLanes>(float* x, float* result, int count) where TLanes : struct, ISingleLanes<TLanes>
    {
        Debug.Assert(count % ISingleLanes<TLanes>.Count == 0, "Callers pad to whole lanes.");
        for (int i = 0; i < count; i += ISingleLanes<TLanes>.Count) TLanes.Store(result + i, Digamma(TLanes.Load(x + i)));
    }

    /// <summary><see cref="LogGamma{TLanes}(TLanes)"/> of each number. The count is a multiple of 16; the places may be the same.</summary>
    internal static unsafe void LogGamma<TLanes>(float* x, float* result, int count) where TLanes : struct, ISingleLanes<TLanes>
    {
        Debug.Assert(count % ISingleLanes<TLanes>.Count == 0, "Callers pad to whole lanes.");
        for (int i = 0; i < count; i += ISingleLanes<TLanes>.Count) TLanes.Store(result + i, LogGamma(TLanes.Load(x + i)));
    }

    const float SmallestNormal = 1.17549435e-38f;

    /// <summary>Just above −125½ ln 2, the least argument whose <see cref="Exp{TLanes}(TLanes)"/> is twice a number near 1 times a normal power of two.</summary>
    const float LeastExponent = -86.98f;

    /// <summary>ln 2 in two parts: the first has 9 bits, so its product with an exponent is exact, fused or not.</summary>
    const float Ln2High = 0.693359375f, Ln2Low = -2.12194440054690583e-4f;

    /// <summary>
    /// e^(high + low) / 2^n, in [0.7, 1.42], for a low part that is small or moderate: the high part's distance from a multiple of ln 2 is then
    /// as exact as the high part.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes ExpOfSum<TLanes>(TLanes high, TLanes low, out TLanes n) where TLanes : struct, ISingleLanes<TLanes>
    {
        TLanes rounder = TLanes.Broadcast(SingleLaneBits.Rounder);
        n = TLanes.MultiplyAdd(high + low, TLanes.Broadcast(1.44269504f), rounder) - rounder;
        TLanes r = TLanes.MultiplyAdd(n, TLanes.Broadcast(-Ln2High), high) + TLanes.MultiplyAdd(n, TLanes.Broadcast(-Ln2Low), low);

        // e^r = 1 + r + r² (½ + …), |r| ≤ ln 2 / 2.
        TLanes sum = TLanes.Broadcast(1.3814467e-3f);
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(8.368781e-3f));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(0.041668393f));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(0.1666652f));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(0.49999994f));
        return TLanes.MultiplyAdd(sum, r * r, r) + TLanes.Broadcast(1);
    }

    /// <summary>Σ_{i=1}^{3} 1/(x+i) as one fraction: with m = x + 2 and w = m² it is (3w − 1) / (m (w − 1)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Shift<TLanes>(TLanes x, out TLanes numerator, out TLanes denominator) where TLanes : struct, ISingleLanes<TLanes>
    {
        TLanes m = x + TLanes.Broadcast(2);
        TLanes w = m * m;
        numerator = TLanes.MultiplyAdd(w, TLanes.Broadcast(3), TLanes.Broadcast(-1));
        denominator = m * (w - TLanes.Broadcast(1));
    }
}
