using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Elbo.Numerics;

/// <summary>Eight doubles in one 512-bit register. Needs AVX-512 F.</summary>
readonly struct Lanes512 : ILanes<Lanes512>
{
    readonly Vector512<double> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Lanes512(Vector512<double> v) => _v = v;

    public static KernelProfile Profile => KernelProfile.Avx512;

    public static Lanes512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<double>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Lanes512 Load(double* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(double* target, Lanes512 value) => Vector512.Store(value._v, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a) => new(-a._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 a, Lanes512 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Avx512F.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Avx512F.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 a, Lanes512 b) => new(Avx512F.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LessThan(Lanes512 a, Lanes512 b) => new(Vector512.LessThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Select(Lanes512 mask, Lanes512 a, Lanes512 b) => new(Vector512.ConditionalSelect(mask._v, a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 HighPart(Lanes512 value) => new((value._v.AsInt64() & Vector512.Create(LaneBits.HighPartMask)).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ScaleByPowerOfTwo(Lanes512 value, Lanes512 n) => new(Avx512F.Scale(value._v, n._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Exponent(Lanes512 value) => new(Avx512F.GetExponent(value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Mantissa(Lanes512 value) => new(Avx512F.GetMantissa(value._v, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Lanes512 value)
    {
        Vector256<double> four = value._v.GetLower() + value._v.GetUpper();
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two.ToScalar() + two.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void AddSums(double* target, Lanes512 v0, Lanes512 v1, Lanes512 v2, Lanes512 v3, Lanes512 v4, Lanes512 v5, Lanes512 v6, Lanes512 v7)
    {
        Vector512<double> even = Quarters(Halves(v0, v2), Halves(v4, v6)), odd = Quarters(Halves(v1, v3), Halves(v5, v7));
        Vector512.Store(Vector512.Load(target) + (Avx512F.UnpackLow(even, odd) + Avx512F.UnpackHigh(even, odd)), target);

        // Each lane plus the one four further on: the four sums of a, then those of b.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector512<double> Halves(Lanes512 a, Lanes512 b) => Avx512F.Shuffle4x128(a._v, b._v, 0x44) + Avx512F.Shuffle4x128(a._v, b._v, 0xEE);

        // Of four vectors two sums each: those of their even and of their odd lanes.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector512<double> Quarters(Vector512<double> a, Vector512<double> b) => Avx512F.Shuffle4x128(a, b, 0x88) + Avx512F.Shuffle4x128(a, b, 0xDD);
    }
}
