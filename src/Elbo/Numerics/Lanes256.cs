using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Elbo.Numerics;

/// <summary>Eight doubles in two 256-bit registers. Needs AVX2 and FMA.</summary>
readonly struct Lanes256 : ILanes<Lanes256>
{
    readonly Vector256<double> _low, _high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Lanes256(Vector256<double> low, Vector256<double> high)
    {
        _low = low;
        _high = high;
    }

    public static KernelProfile Profile => KernelProfile.Avx2;

    public static Lanes256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Broadcast(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(double value)
    {
        Vector256<double> v = Vector256.Create(value);
        return new(v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Lanes256 Load(double* source) =>
        new(Vector256.Load(source), Vector256.Load(source + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(double* target, Lanes256 value)
    {
        Vector256.Store(value._low, target);
        Vector256.Store(value._high, target + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a._low + b._low, a._high + b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a._low - b._low, a._high - b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a) => new(-a._low, -a._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a._low * b._low, a._high * b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 a, Lanes256 b) => new(a._low / b._low, a._high / b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) =>
        new(Fma.MultiplyAdd(a._low, b._low, c._low), Fma.MultiplyAdd(a._high, b._high, c._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b) => new(Vector256.MaxNative(a._low, b._low), Vector256.MaxNative(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Min(Lanes256 a, Lanes256 b) => new(Vector256.MinNative(a._low, b._low), Vector256.MinNative(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LessThan(Lanes256 a, Lanes256 b) => new(Vector256.LessThan(a._low, b._low), Vector256.LessThan(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Select(Lanes256 mask, Lanes256 a, Lanes256 b) =>
        new(Vector256.ConditionalSelect(mask._low, a._low, b._low), Vector256.ConditionalSelect(mask._high, a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 HighPart(Lanes256 value) => new(HighPart(value._low), HighPart(value._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ScaleByPowerOfTwo(Lanes256 value, Lanes256 n) => new(Scale(value._low, n._low), Scale(value._high, n._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Exponent(Lanes256 value) => new(Exponent(value._low), Exponent(value._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Mantissa(Lanes256 value) => new(Mantissa(value._low), Mantissa(value._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Lanes256 value)
    {
        Vector256<double> four = value._low + value._high;
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two.ToScalar() + two.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void AddSums(double* target, Lanes256 v0, Lanes256 v1, Lanes256 v2, Lanes256 v3, Lanes256 v4, Lanes256 v5, Lanes256 v6, Lanes256 v7)
    {
        target[0] += Sum(v0);
        target[1] += Sum(v1);
        target[2] += Sum(v2);
        target[3] += Sum(v3);
        target[4] += Sum(v4);
        target[5] += Sum(v5);
        target[6] += Sum(v6);
        target[7] += Sum(v7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> HighPart(Vector256<double> value) => (value.AsInt64() & Vector256.Create(LaneBits.HighPartMask)).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Exponent(Vector256<double> value)
    {
        Vector256<long> biased = Vector256.ShiftRightLogical(value.AsInt64(), 52) | Vector256.Create(LaneBits.BitsOfTwoTo52);
        return biased.AsDouble() - Vector256.Create(LaneBits.TwoTo52 + 1023);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Mantissa(Vector256<double> value) =>
        ((value.AsInt64() & Vector256.Create(LaneBits.MantissaMask)) | Vector256.Create(LaneBits.BitsOfOne)).AsDouble();

    /// <summary>In two steps, each by a normal power of two: the first is exact, so that there is one rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Scale(Vector256<double> value, Vector256<double> n)
    {
        Vector256<double> rounder = Vector256.Create(LaneBits.Rounder);
        Vector256<double> half = (n * Vector256.Create(0.5) + rounder) - rounder;
        return value * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> PowerOfTwo(Vector256<double> n) =>
        Vector256.ShiftLeft((n + Vector256.Create(LaneBits.Rounder + 1023)).AsInt64(), 52).AsDouble();
}
