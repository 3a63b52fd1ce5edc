using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Elbo.Numerics;

/// <summary>Sixteen single-precision numbers in two 256-bit registers. Needs AVX2 and FMA.</summary>
readonly struct SingleLanes256 : ISingleLanes<SingleLanes256>
{
    readonly Vector256<float> _low, _high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    SingleLanes256(Vector256<float> low, Vector256<float> high)
    {
        _low = low;
        _high = high;
    }

    public static KernelProfile Profile => KernelProfile.Avx2;

    public static SingleLanes256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Broadcast(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes256 Broadcast(float value)
    {
        Vector256<float> v = Vector256.Create(value);
        return new(v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleLanes256 Load(float* source) =>
        new(Vector256.Load(source), Vector256.Load(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleLanes256 Gather(float* source, int* places) => new(
        Avx2.GatherVector256(source, Vector256.Load(places), sizeof(float)),
        Avx2.GatherVector256(source, Vector256.Load(places + 8), sizeof(float)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleLanes256 LoadFractions(ushort* source)
    {
        Vector256<float> fraction = Vector256.Create(SingleLaneBits.Fraction);
        return new(
            Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(Vector128.Load(source))) * fraction,
            Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(Vector128.Load(source + 8))) * fraction);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleLanes256 StoreFractions(ushort* target, SingleLanes256 value)
    {
        Vector256<float> fractions = Vector256.Create(SingleLaneBits.Fractions), fraction = Vector256.Create(SingleLaneBits.Fraction);
        Vector256<int> low = Avx.ConvertToVector256Int32(value._low * fractions), high = Avx.ConvertToVector256Int32(value._high * fractions);
        // Packing takes the quarters of both in turn.
        Vector256.Store(Avx2.Permute4x64(Avx2.PackUnsignedSaturate(low, high).AsInt64(), 0b11_01_10_00).AsUInt16(), target);
        return new(Avx.ConvertToVector256Single(low) * fraction, Avx.ConvertToVector256Single(high) * fraction);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(float* target, SingleLanes256 value)
    {
        Vector256.Store(value._low, target);
        Vector256.Store(value._high, target + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes256 operator +(SingleLanes256 a, SingleLanes256 b) => new(a._low + b._low, a._high + b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes256 operator -(SingleLanes256 a, SingleLanes256 b) => new(a._low - b._low, a._high - b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes256 operator -(SingleLanes256 a) => new(-a._low, -a._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes256 operator *(SingleLanes256 a, SingleLanes256 b) => new(a._low * b._low, a._high * b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes256 operator /(SingleLanes256 a, SingleLanes256 b) => new(a._low / b._low, a._high / b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes256 MultiplyAdd(SingleLanes256 a, SingleLanes256 b, SingleLanes256 c) =>
        new(Fma.MultiplyAdd(a._low, b._low, c._low), Fma.MultiplyAdd(a._high, b._high, c._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes256 Max(SingleLanes256 a, SingleLanes256 b) => new(Vector256.MaxNative(a._low, b._low), Vector256.MaxNative(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes256 Min(SingleLanes256 a, SingleLanes256 b) => new(Vector256.MinNative(a._low, b._low), Vector256.MinNative(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes256 LessThan(SingleLanes256 a, SingleLanes256 b) => new(Vector256.LessThan(a._low, b._low), Vector256.LessThan(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes256 Select(SingleLanes256 mask, SingleLanes256 a, SingleLanes256 b) =>
        new(Vector256.ConditionalSelect(mask._low, a._low, b._low), Vector256.ConditionalSelect(mask._high, a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes256 ScaleByPowerOfTwo(SingleLanes256 value, SingleLanes256 n) => new(value._low * PowerOfTwo(n._low), value._high * PowerOfTwo(n._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes256 Exponent(SingleLanes256 value) => new(Exponent(value._low), Exponent(value._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanes256 Mantissa(SingleLanes256 value) => new(Mantissa(value._low), Mantissa(value._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(SingleLanes256 value)
    {
        Vector256<float> eight = value._low + value._high;
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        Vector128<float> two = four + Sse.MoveHighToLow(four, four);
        return two.ToScalar() + two.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StoreSums(float* target, SingleLanes256 v0, SingleLanes256 v1, SingleLanes256 v2, SingleLanes256 v3,
        SingleLanes256 v4, SingleLanes256 v5, SingleLanes256 v6, SingleLanes256 v7)
    {
        // The lower half works on the first four vectors, the upper half on the others.
        Vector256<float> pairs01 = Pairs(Quarters(v0, v4), Quarters(v1, v5)), pairs23 = Pairs(Quarters(v2, v6), Quarters(v3, v7));
        Vector256.Store(Avx.Shuffle(pairs01, pairs23, 0b10_00_10_00) + Avx.Shuffle(pairs01, pairs23, 0b11_01_11_01), target);

        // The four x of a, then those of b.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<float> Quarters(SingleLanes256 a, SingleLanes256 b)
        {
            Vector256<float> wa = a._low + a._high, wb = b._low + b._high;
            return Avx.Permute2x128(wa, wb, 0x20) + Avx.Permute2x128(wa, wb, 0x31);
        }

        // In each half x₀ + x₂ and x₁ + x₃ of a, then of b.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<float> Pairs(Vector256<float> a, Vector256<float> b) => Avx.Shuffle(a, b, 0b01_00_01_00) + Avx.Shuffle(a, b, 0b11_10_11_10);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Exponent(Vector256<float> value)
    {
        Vector256<int> biased = Vector256.ShiftRightLogical(value.AsInt32(), 23) | Vector256.Create(SingleLaneBits.BitsOfTwoTo23);
        return biased.AsSingle() - Vector256.Create(SingleLaneBits.TwoTo23 + 127);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Mantissa(Vector256<float> value) =>
        ((value.AsInt32() & Vector256.Create(SingleLaneBits.MantissaMask)) | Vector256.Create(SingleLaneBits.BitsOfOne)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> PowerOfTwo(Vector256<float> n) =>
        Vector256.ShiftLeft((n + Vector256.Create(SingleLaneBits.Rounder + 127)).AsInt32(), 23).AsSingle();
}
