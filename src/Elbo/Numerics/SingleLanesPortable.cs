using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Elbo.Numerics;

/// <summary>Sixteen single-precision numbers in four 128-bit vectors, which .NET has on every processor.</summary>
readonly struct SingleLanesPortable : ISingleLanes<SingleLanesPortable>
{
    readonly Vector128<float> _a, _b, _c, _d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    SingleLanesPortable(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        // One by one, not as a tuple: the compiler's temporaries would push the larger kernels past the locals that it keeps in registers.
        _a = a;
        _b = b;
        _c = c;
        _d = d;
    }

    public static KernelProfile Profile => KernelProfile.Portable;

    public static SingleLanesPortable Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Broadcast(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanesPortable Broadcast(float value)
    {
        Vector128<float> v = Vector128.Create(value);
        return new(v, v, v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleLanesPortable Load(float* source) =>
        new(Vector128.Load(source), Vector128.Load(source + 4), Vector128.Load(source + 8), Vector128.Load(source + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleLanesPortable Gather(float* source, int* places) =>
        new(Four(source, places), Four(source, places + 4), Four(source, places + 8), Four(source, places + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleLanesPortable LoadFractions(ushort* source)
    {
        (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(Vector128.Load(source));
        (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(Vector128.Load(source + 8));
        return new(Fraction(a.AsInt32()), Fraction(b.AsInt32()), Fraction(c.AsInt32()), Fraction(d.AsInt32()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleLanesPortable StoreFractions(ushort* target, SingleLanesPortable value)
    {
        Vector128<int> a = Round(value._a), b = Round(value._b), c = Round(value._c), d = Round(value._d);
        Vector128.Store(Vector128.Narrow(a.AsUInt32(), b.AsUInt32()), target);
        Vector128.Store(Vector128.Narrow(c.AsUInt32(), d.AsUInt32()), target + 8);
        return new(Fraction(a), Fraction(b), Fraction(c), Fraction(d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(float* target, SingleLanesPortable value)
    {
        Vector128.Store(value._a, target);
        Vector128.Store(value._b, target + 4);
        Vector128.Store(value._c, target + 8);
        Vector128.Store(value._d, target + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanesPortable operator +(SingleLanesPortable a, SingleLanesPortable b) => new(a._a + b._a, a._b + b._b, a._c + b._c, a._d + b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanesPortable operator -(SingleLanesPortable a, SingleLanesPortable b) => new(a._a - b._a, a._b - b._b, a._c - b._c, a._d - b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanesPortable operator -(SingleLanesPortable a) => new(-a._a, -a._b, -a._c, -a._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanesPortable operator *(SingleLanesPortable a, SingleLanesPortable b) => new(a._a * b._a, a._b * b._b, a._c * b._c, a._d * b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanesPortable operator /(SingleLanesPortable a, SingleLanesPortable b) => new(a._a / b._a, a._b / b._b, a._c / b._c, a._d / b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanesPortable MultiplyAdd(SingleLanesPortable a, SingleLanesPortable b, SingleLanesPortable c) =>
        new(MultiplyAdd(a._a, b._a, c._a), MultiplyAdd(a._b, b._b, c._b), MultiplyAdd(a._c, b._c, c._c), MultiplyAdd(a._d, b._d, c._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanesPortable Max(SingleLanesPortable a, SingleLanesPortable b) =>
        new(Vector128.MaxNative(a._a, b._a), Vector128.MaxNative(a._b, b._b), Vector128.MaxNative(a._c, b._c), Vector128.MaxNative(a._d, b._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanesPortable Min(SingleLanesPortable a, SingleLanesPortable b) =>
        new(Vector128.MinNative(a._a, b._a), Vector128.MinNative(a._b, b._b), Vector128.MinNative(a._c, b._c), Vector128.MinNative(a._d, b._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanesPortable LessThan(SingleLanesPortable a, SingleLanesPortable b) =>
        new(Vector128.LessThan(a._a, b._a), Vector128.LessThan(a._b, b._b), Vector128.LessThan(a._c, b._c), Vector128.LessThan(a._d, b._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanesPortable Select(SingleLanesPortable mask, SingleLanesPortable a, SingleLanesPortable b) =>
        new(
            Vector128.ConditionalSelect(mask._a, a._a, b._a),
            Vector128.ConditionalSelect(mask._b, a._b, b._b),
            Vector128.ConditionalSelect(mask._c, a._c, b._c),
            Vector128.ConditionalSelect(mask._d, a._d, b._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanesPortable ScaleByPowerOfTwo(SingleLanesPortable value, SingleLanesPortable n) =>
        new(value._a * PowerOfTwo(n._a), value._b * PowerOfTwo(n._b), value._c * PowerOfTwo(n._c), value._d * PowerOfTwo(n._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanesPortable Exponent(SingleLanesPortable value) => new(Exponent(value._a), Exponent(value._b), Exponent(value._c), Exponent(value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleLanesPortable Mantissa(SingleLanesPortable value) => new(Mantissa(value._a), Mantissa(value._b), Mantissa(value._c), Mantissa(value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(SingleLanesPortable value)
    {
        Vector128<float> four = (value._a + value._c) + (value._b + value._d);
        Vector128<float> two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3));
        return two.ToScalar() + two.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StoreSums(float* target, SingleLanesPortable v0, SingleLanesPortable v1, SingleLanesPortable v2, SingleLanesPortable v3,
        SingleLanesPortable v4, SingleLanesPortable v5, SingleLanesPortable v6, SingleLanesPortable v7)
    {
        target[0] = Sum(v0);
        target[1] = Sum(v1);
        target[2] = Sum(v2);
        target[3] = Sum(v3);
        target[4] = Sum(v4);
        target[5] = Sum(v5);
        target[6] = Sum(v6);
        target[7] = Sum(v7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe Vector128<float> Four(float* source, int* places) => Vector128.Create(source[places[0]], source[places[1]], source[places[2]], source[places[3]]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Fraction(Vector128<int> value) => Vector128.ConvertToSingle(value) * Vector128.Create(SingleLaneBits.Fraction);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Round(Vector128<float> value) =>
        (value * Vector128.Create(SingleLaneBits.Fractions) + Vector128.Create(SingleLaneBits.TwoTo23)).AsInt32() & Vector128.Create(SingleLaneBits.MantissaMask);

    /// <summary>Fused on Arm64 alone, for the reasons that <see cref="LanesPortable"/> states.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        AdvSimd.IsSupported ? AdvSimd.FusedMultiplyAdd(c, a, b) : a * b + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Exponent(Vector128<float> value)
    {
        Vector128<int> biased = Vector128.ShiftRightLogical(value.AsInt32(), 23) | Vector128.Create(SingleLaneBits.BitsOfTwoTo23);
        return biased.AsSingle() - Vector128.Create(SingleLaneBits.TwoTo23 + 127);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Mantissa(Vector128<float> value) =>
        ((value.AsInt32() & Vector128.Create(SingleLaneBits.MantissaMask)) | Vector128.Create(SingleLaneBits.BitsOfOne)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> PowerOfTwo(Vector128<float> n) =>
        Vector128.ShiftLeft((n + Vector128.Create(SingleLaneBits.Rounder + 127)).AsInt32(), 23).AsSingle();
}
