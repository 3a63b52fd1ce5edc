using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Elbo.Numerics;

/// <summary>Exponential, logarithm and digamma functions of eight doubles at once, on every <see cref="KernelProfile"/>.</summary>
/// <remarks>All functions are pure. Errors are the largest found against <see cref="SpecialFunctions"/> and <see cref="Math"/>, over all profiles.</remarks>
static class VectorMath
{
    /// <summary>e^x, for every x: ∞ above 709.8, gradually to 0 from −708.4 to −745.2, NaN for NaN. Relative error below 3e-16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Exp<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => ExpOfSum(x, TLanes.Zero);

    /// <summary>ln x of positive normal numbers, relative error below 3e-16. NaN for 0, negative and subnormal numbers, ∞ and NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Log<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        TLanes one = TLanes.Broadcast(1);
        TLanes exponent = TLanes.Exponent(x);
        TLanes mantissa = TLanes.Mantissa(x);
        TLanes small = TLanes.LessThan(mantissa, TLanes.Broadcast(1.4142135623730951));
        exponent = TLanes.Select(small, exponent, exponent + one);
        mantissa = TLanes.Select(small, mantissa, mantissa * TLanes.Broadcast(0.5));

        // With f = m − 1 and s = f/(2 + f): ln m = 2 artanh s = 2s + R(s), and 2s = f − s f, whose first term is exact.
        TLanes f = mantissa - one;
        TLanes s = f / (f + TLanes.Broadcast(2));
        TLanes square = s * s;
        TLanes odds = TLanes.Broadcast(2.0 / 21);
        odds = TLanes.MultiplyAdd(odds, square, TLanes.Broadcast(2.0 / 19));
        odds = TLanes.MultiplyAdd(odds, square, TLanes.Broadcast(2.0 / 17));
        odds = TLanes.MultiplyAdd(odds, square, TLanes.Broadcast(2.0 / 15));
        odds = TLanes.MultiplyAdd(odds, square, TLanes.Broadcast(2.0 / 13));
        odds = TLanes.MultiplyAdd(odds, square, TLanes.Broadcast(2.0 / 11));
        odds = TLanes.MultiplyAdd(odds, square, TLanes.Broadcast(2.0 / 9));
        odds = TLanes.MultiplyAdd(odds, square, TLanes.Broadcast(2.0 / 7));
        odds = TLanes.MultiplyAdd(odds, square, TLanes.Broadcast(2.0 / 5));
        odds = TLanes.MultiplyAdd(odds, square, TLanes.Broadcast(2.0 / 3));
        TLanes correction = s * (f - square * odds);
        TLanes low = TLanes.MultiplyAdd(exponent, TLanes.Broadcast(-StableMath.Ln2Low), correction);
        TLanes result = TLanes.MultiplyAdd(exponent, TLanes.Broadcast(StableMath.Ln2High), f - low);

        // 0·x is NaN for ∞ and NaN. Below the normal numbers exponent and mantissa mean nothing.
        result = TLanes.MultiplyAdd(x, TLanes.Zero, result);
        return TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(SmallestNormal)), TLanes.Broadcast(double.NaN), result);
    }

    /// <summary>
    /// exp ψ(x) for x ≥ 0, without computing ψ. Relative error below 4e-15 wherever the result is a normal number; it underflows to 0 for x
    /// below about 0.00134. 0 at 0; NaN for NaN. Numbers below 0 are taken for 0, ∞ gives ∞.
    /// </summary>
    /// <remarks>
    /// ψ(x) = ψ(x + 8) − Σ_{i=0}^{7} 1/(x+i) (DLMF 5.5.2), and exp ψ(x + 8) is <see cref="ExpDigammaSeries"/> in t = x + 7½, so
    /// exp ψ(x) = (t + 1/(24 t) − …) exp(−Σ). The first reciprocal can be hundreds, where its rounding error alone would cost two digits of the
    /// exponential, so it is kept in two parts.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes ExpDigamma<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        // Outside these bounds the result is 0 and x − ½ to the last bit; inside them nothing overflows.
        TLanes bounded = TLanes.Min(TLanes.Broadcast(1e30), TLanes.Max(TLanes.Broadcast(1e-4), x));
        Shift(bounded, out TLanes numerator, out TLanes denominator);

        // One division for the three reciprocals of x, of the denominator and of t.
        TLanes boundedT = bounded + TLanes.Broadcast(7.5);
        TLanes denominatorT = denominator * boundedT;
        TLanes inverseAll = TLanes.Broadcast(1) / (bounded * denominatorT);
        TLanes inverseX = inverseAll * denominatorT;
        TLanes rest = numerator * (inverseAll * (bounded * boundedT));
        TLanes inverseT = inverseAll * (bounded * denominator);

        // 1/x = r + (1 − x r)/x for any r; with 26 bits in r and x's upper part the products are exact, fused or not.
        TLanes r = TLanes.HighPart(inverseX);
        TLanes xHigh = TLanes.HighPart(bounded);
        TLanes residual = TLanes.Broadcast(1) - xHigh * r - (bounded - xHigh) * r;
        TLanes low = TLanes.MultiplyAdd(residual, inverseX, rest);

        TLanes shifted = TLanes.MultiplyAdd(inverseT, SeriesRest(inverseT * inverseT), x + TLanes.Broadcast(7.5));
        return shifted * ExpOfSum(-r, -low);
    }

    /// <summary>ψ(x) for normal x &gt; 0. Error below 2e-15, relative or, where |ψ| &lt; 1, absolute. −∞ at 0; NaN for NaN and ∞.</summary>
    /// <remarks>The logarithm of the series that <see cref="ExpDigamma{TLanes}(TLanes)"/> uses, less the same eight reciprocals.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Digamma<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        TLanes one = TLanes.Broadcast(1);
        Shift(TLanes.Min(TLanes.Broadcast(1e30), x), out TLanes numerator, out TLanes denominator);
        TLanes t = x + TLanes.Broadcast(7.5);
        TLanes inverseT = one / t;
        TLanes shifted = TLanes.MultiplyAdd(inverseT, SeriesRest(inverseT * inverseT), t);
        return Log(shifted) - numerator / denominator - one / x;
    }

    /// <summary><see cref="Exp{TLanes}(TLanes)"/> of each number. The count is a multiple of 8; the places may be the same.</summary>
    internal static unsafe void Exp<TLanes>(double* x, double* result, int count) where TLanes : struct, ILanes<TLanes>
    {
        Debug.Assert(count % ILanes<TLanes>.Count == 0, "Callers pad to whole lanes.");
        for (int i = 0; i < count; i += ILanes<TLanes>.Count) TLanes.Store(result + i, Exp(TLanes.Load(x + i)));
    }

    /// <summary><see cref="Log{TLanes}(TLanes)"/> of each number. The count is a multiple of 8; the places may be the same.</summary>
    internal static unsafe void Log<TLanes>(double* x, double* result, int count) where TLanes : struct, ILanes<TLanes>
    {
        Debug.Assert(count % ILanes<TLanes>.Count == 0, "Callers pad to whole lanes.");
        for (int i = 0; i < count; i += ILanes<TLanes>.Count) TLanes.Store(result + i, Log(TLanes.Load(x + i)));
    }

    /// <summary><see cref="ExpDigamma{TLanes}(TLanes)"/> of each number. The count is a multiple of 8; the places may be the same.</summary>
    internal static unsafe void ExpDigamma<TLanes>(double* x, double* result, int count) where TLanes : struct, ILanes<TLanes>
    {
        Debug.Assert(count % ILanes<TLanes>.Count == 0, "Callers pad to whole lanes.");
        for (int i = 0; i < count; i += ILanes<TLanes>.Count) TLanes.Store(result + i, ExpDigamma(TLanes.Load(x + i)));
    }

    /// <summary><see cref="Digamma{TLanes}(TLanes)"/> of each number. The count is a multiple of 8; the places may be the same.</summary>
    internal static unsafe void Digamma<TLanes>(double* x, double* result, int count) where TLanes : struct, ILanes<TLanes>
    {
        Debug.Assert(count % ILanes<TLanes>.Count == 0, "Callers pad to whole lanes.");
        for (int i = 0; i < count; i += ILanes<TLanes>.Count) TLanes.Store(result + i, Digamma(TLanes.Load(x + i)));
    }

    /// <summary><see cref="LogGamma{TLanes}(TLanes)"/> of each number. The count is a multiple of 8; the places may be the same.</summary>
    internal static unsafe void LogGamma<TLanes>(double* x, double* result, int count) where TLanes : struct, ILanes<TLanes>
    {
        Debug.Assert(count % ILanes<TLanes>.Count == 0, "Callers pad to whole lanes.");
        for (int i = 0; i < count; i += ILanes<TLanes>.Count) TLanes.Store(result + i, LogGamma(TLanes.Load(x + i)));
    }

    /// <summary>
    /// log Γ(x) for x in about [1e-8, 1e15]: Stirling's series at y = x + 8 less log of x (x+1) … (x+7) (DLMF 5.11.1, 5.5.1).
    /// Within 1e-13 of <see cref="SpecialFunctions.LogGamma"/>, relative, or absolute where that is below 8.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes LogGamma<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        TLanes y = x + TLanes.Broadcast(8);
        // x (x+1) … (x+7) = u (u+6) (u+10) (u+12) with u = x (x+7).
        TLanes u = x * (x + TLanes.Broadcast(7));
        TLanes product = u * (u + TLanes.Broadcast(6)) * ((u + TLanes.Broadcast(10)) * (u + TLanes.Broadcast(12)));
        TLanes inverse = TLanes.Broadcast(1) / y;
        TLanes v = inverse * inverse;
        TLanes series = TLanes.Broadcast(1.0 / 156);
        series = TLanes.MultiplyAdd(series, v, TLanes.Broadcast(-691.0 / 360360));
        series = TLanes.MultiplyAdd(series, v, TLanes.Broadcast(1.0 / 1188));
        series = TLanes.MultiplyAdd(series, v, TLanes.Broadcast(-1.0 / 1680));
        series = TLanes.MultiplyAdd(series, v, TLanes.Broadcast(1.0 / 1260));
        series = TLanes.MultiplyAdd(series, v, TLanes.Broadcast(-1.0 / 360));
        series = TLanes.MultiplyAdd(series, v, TLanes.Broadcast(1.0 / 12));
        TLanes stirling = TLanes.MultiplyAdd(y - TLanes.Broadcast(0.5), Log(y), TLanes.MultiplyAdd(series, inverse, TLanes.Broadcast(0.91893853320467274178)) - y);
        return stirling - Log(product);
    }

    const double SmallestNormal = 2.2250738585072014e-308;

    /// <summary>
    /// e^(high + low) for a low part that is small, or moderate while the high part has few bits: the high part's distance from a multiple of
    /// ln 2 is then exact.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes ExpOfSum<TLanes>(TLanes high, TLanes low) where TLanes : struct, ILanes<TLanes>
    {
        TLanes rounder = TLanes.Broadcast(LaneBits.Rounder);
        high = TLanes.Min(TLanes.Broadcast(710), TLanes.Max(TLanes.Broadcast(-746), high));
        TLanes n = TLanes.MultiplyAdd(high + low, TLanes.Broadcast(1.4426950408889634), rounder) - rounder;
        TLanes r = TLanes.MultiplyAdd(n, TLanes.Broadcast(-StableMath.Ln2High), high) + TLanes.MultiplyAdd(n, TLanes.Broadcast(-StableMath.Ln2Low), low);

        // e^r = 1 + r + r² (1/2! + r/3! + … + r¹¹/13!), |r| ≤ ln 2 / 2.
        TLanes sum = TLanes.Broadcast(1.0 / 6227020800);
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1.0 / 479001600));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1.0 / 39916800));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1.0 / 3628800));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1.0 / 362880));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1.0 / 40320));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1.0 / 5040));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1.0 / 720));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1.0 / 120));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1.0 / 24));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(1.0 / 6));
        sum = TLanes.MultiplyAdd(sum, r, TLanes.Broadcast(0.5));
        sum = TLanes.MultiplyAdd(sum, r * r, r) + TLanes.Broadcast(1);
        return TLanes.ScaleByPowerOfTwo(sum, n);
    }

    /// <summary>
    /// Σ_{i=1}^{7} 1/(x+i) as one fraction. With m = x + 4 and w = m² the terms pair to 2m/(w−9) + 2m/(w−4) + 2m/(w−1) + 1/m, and with
    /// P(w) = (w−1)(w−4)(w−9) the sum is (2w P'(w) + P(w)) / (m P(w)).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Shift<TLanes>(TLanes x, out TLanes numerator, out TLanes denominator) where TLanes : struct, ILanes<TLanes>
    {
        TLanes m = x + TLanes.Broadcast(4);
        TLanes w = m * m;
        TLanes p = (w - TLanes.Broadcast(1)) * (w - TLanes.Broadcast(4)) * (w - TLanes.Broadcast(9));
        TLanes slope = TLanes.MultiplyAdd(w, TLanes.MultiplyAdd(w, TLanes.Broadcast(3), TLanes.Broadcast(-28)), TLanes.Broadcast(49));
        numerator = TLanes.MultiplyAdd(w + w, slope, p);
        denominator = m * p;
    }

    /// <summary>c₁ + c₂ v + … + c₉ v⁸ of <see cref="ExpDigammaSeries"/>, v = 1/t².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes SeriesRest<TLanes>(TLanes v) where TLanes : struct, ILanes<TLanes>
    {
        TLanes sum = TLanes.Broadcast(ExpDigammaSeries.C9);
        sum = TLanes.MultiplyAdd(sum, v, TLanes.Broadcast(ExpDigammaSeries.C8));
        sum = TLanes.MultiplyAdd(sum, v, TLanes.Broadcast(ExpDigammaSeries.C7));
        sum = TLanes.MultiplyAdd(sum, v, TLanes.Broadcast(ExpDigammaSeries.C6));
        sum = TLanes.MultiplyAdd(sum, v, TLanes.Broadcast(ExpDigammaSeries.C5));
        sum = TLanes.MultiplyAdd(sum, v, TLanes.Broadcast(ExpDigammaSeries.C4));
        sum = TLanes.MultiplyAdd(sum, v, TLanes.Broadcast(ExpDigammaSeries.C3));
        sum = TLanes.MultiplyAdd(sum, v, TLanes.Broadcast(ExpDigammaSeries.C2));
        return TLanes.MultiplyAdd(sum, v, TLanes.Broadcast(ExpDigammaSeries.C1));
    }
}
