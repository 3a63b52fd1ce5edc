using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Elbo.Numerics;

/// <summary>Sixteen single-precision numbers in one 512-bit register. Needs AVX-512 F.</summary>
readonly struct SingleLanes512 : ISingleLanes<SingleLanes512>
{
    readonly Vector512<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    SingleLanes512(Vector512<float> v) => _v = v;

    public static KernelProfile Profile => KernelProfile.Avx512;

    public static SingleLanes512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleLanes512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleLanes512 Gather(float* source, int* places) => new(Vector512.Create(
        Avx2.GatherVector256(source, Vector256.Load(places), sizeof(float)),
        Avx2.GatherVector256(source, Vector256.Load(places + 8), sizeof(float))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleLanes512 LoadFractions(ushort* source) =>
        new(Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector256.Load(source))) * Vector512.Create(SingleLaneBits.Fraction));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleLanes512 StoreFractions(ushort* target, SingleLanes512 value)
    {
        Vector512<int> rounded = Avx512F.ConvertToVector512Int32(value._v * Vector512.Create(SingleLaneBits.Fractions));
        Vector256.Store(Avx512F.ConvertToVector256UInt16(rounded), target);
        return new(Avx512F.ConvertToVector512Single(rounded) * Vector512.Create(SingleLaneBits.Fraction));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(float* target, SingleLanes512 value) => Vector512.Store(value._v, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes512 operator +(SingleLanes512 a, SingleLanes512 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes512 operator -(SingleLanes512 a, SingleLanes512 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes512 operator -(SingleLanes512 a) => new(-a._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes512 operator *(SingleLanes512 a, SingleLanes512 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes512 operator /(SingleLanes512 a, SingleLanes512 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes512 MultiplyAdd(SingleLanes512 a, SingleLanes512 b, SingleLanes512 c) => new(Avx512F.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes512 Max(SingleLanes512 a, SingleLanes512 b) => new(Avx512F.Max(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes512 Min(SingleLanes512 a, SingleLanes512 b) => new(Avx512F.Min(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes512 LessThan(SingleLanes512 a, SingleLanes512 b) => new(Vector512.LessThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes512 Select(SingleLanes512 mask, SingleLanes512 a, SingleLanes512 b) => new(Vector512.ConditionalSelect(mask._v, a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes512 ScaleByPowerOfTwo(SingleLanes512 value, SingleLanes512 n) => new(Avx512F.Scale(value._v, n._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes512 Exponent(SingleLanes512 value) => new(Avx512F.GetExponent(value._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes512 Mantissa(SingleLanes512 value) => new(Avx512F.GetMantissa(value._v, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(SingleLanes512 value)
    {
        Vector256<float> eight = value._v.GetLower() + value._v.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        Vector128<float> two = four + Sse.MoveHighToLow(four, four);
        return two.ToScalar() + two.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StoreSums(float* target, SingleLanes512 v0, SingleLanes512 v1, SingleLanes512 v2, SingleLanes512 v3,
        SingleLanes512 v4, SingleLanes512 v5, SingleLanes512 v6, SingleLanes512 v7)
    {
        // Blocks of four lanes: w of two vectors side by side, then x of four; within each block of x the pairs (0, 2) and (1, 3), then both.
        Vector512<float> x0246 = Blocks(Halves(v0, v2), Halves(v4, v6)), x1357 = Blocks(Halves(v1, v3), Halves(v5, v7));
        Vector512<float> pairs = Avx512F.Shuffle(x0246, x1357, 0b01_00_01_00) + Avx512F.Shuffle(x0246, x1357, 0b11_10_11_10);
        Vector512<float> sums = Avx512F.Shuffle(pairs, pairs, 0b10_00_10_00) + Avx512F.Shuffle(pairs, pairs, 0b11_01_11_01);
        // Every block now holds the sums of an even and an odd vector, twice.
        Vector256<float> low = sums.GetLower(), high = sums.GetUpper();
        Vector128.Store(Sse.Shuffle(low.GetLower(), low.GetUpper(), 0b01_00_01_00), target);
        Vector128.Store(Sse.Shuffle(high.GetLower(), high.GetUpper(), 0b01_00_01_00), target + 4);

        // Each lane plus the one eight further on: eight sums of a, then of b.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector512<float> Halves(SingleLanes512 a, SingleLanes512 b) => Avx512F.Shuffle4x128(a._v, b._v, 0x44) + Avx512F.Shuffle4x128(a._v, b._v, 0xEE);

        // Each lane plus the one four further on: four sums of each of the four vectors.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector512<float> Blocks(Vector512<float> a, Vector512<float> b) => Avx512F.Shuffle4x128(a, b, 0x88) + Avx512F.Shuffle4x128(a, b, 0xDD);
    }
}
