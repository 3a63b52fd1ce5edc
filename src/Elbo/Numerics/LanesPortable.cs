using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Elbo.Numerics;

/// <summary>Eight doubles in four 128-bit vectors, which .NET has on every processor.</summary>
readonly struct LanesPortable : ILanes<LanesPortable>
{
    readonly Vector128<double> _a, _b, _c, _d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    LanesPortable(Vector128<double> a, Vector128<double> b, Vector128<double> c, Vector128<double> d)
    {
        // One by one, not as a tuple: the compiler's temporaries would push the larger kernels past the locals that it keeps in registers.
        _a = a;
        _b = b;
        _c = c;
        _d = d;
    }

    public static KernelProfile Profile => KernelProfile.Portable;

    public static LanesPortable Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Broadcast(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Broadcast(double value)
    {
        Vector128<double> v = Vector128.Create(value);
        return new(v, v, v, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe LanesPortable Load(double* source) =>
        new(Vector128.Load(source), Vector128.Load(source + 2), Vector128.Load(source + 4), Vector128.Load(source + 6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(double* target, LanesPortable value)
    {
        Vector128.Store(value._a, target);
        Vector128.Store(value._b, target + 2);
        Vector128.Store(value._c, target + 4);
        Vector128.Store(value._d, target + 6);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable operator +(LanesPortable a, LanesPortable b) => new(a._a + b._a, a._b + b._b, a._c + b._c, a._d + b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable operator -(LanesPortable a, LanesPortable b) => new(a._a - b._a, a._b - b._b, a._c - b._c, a._d - b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable operator -(LanesPortable a) => new(-a._a, -a._b, -a._c, -a._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable operator *(LanesPortable a, LanesPortable b) => new(a._a * b._a, a._b * b._b, a._c * b._c, a._d * b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable operator /(LanesPortable a, LanesPortable b) => new(a._a / b._a, a._b / b._b, a._c / b._c, a._d / b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable MultiplyAdd(LanesPortable a, LanesPortable b, LanesPortable c) =>
        new(MultiplyAdd(a._a, b._a, c._a), MultiplyAdd(a._b, b._b, c._b), MultiplyAdd(a._c, b._c, c._c), MultiplyAdd(a._d, b._d, c._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Max(LanesPortable a, LanesPortable b) =>
        new(Vector128.MaxNative(a._a, b._a), Vector128.MaxNative(a._b, b._b), Vector128.MaxNative(a._c, b._c), Vector128.MaxNative(a._d, b._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Min(LanesPortable a, LanesPortable b) =>
        new(Vector128.MinNative(a._a, b._a), Vector128.MinNative(a._b, b._b), Vector128.MinNative(a._c, b._c), Vector128.MinNative(a._d, b._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable LessThan(LanesPortable a, LanesPortable b) =>
        new(Vector128.LessThan(a._a, b._a), Vector128.LessThan(a._b, b._b), Vector128.LessThan(a._c, b._c), Vector128.LessThan(a._d, b._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Select(LanesPortable mask, LanesPortable a, LanesPortable b) =>
        new(
            Vector128.ConditionalSelect(mask._a, a._a, b._a),
            Vector128.ConditionalSelect(mask._b, a._b, b._b),
            Vector128.ConditionalSelect(mask._c, a._c, b._c),
            Vector128.ConditionalSelect(mask._d, a._d, b._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable HighPart(LanesPortable value) => new(HighPart(value._a), HighPart(value._b), HighPart(value._c), HighPart(value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable ScaleByPowerOfTwo(LanesPortable value, LanesPortable n) =>
        new(Scale(value._a, n._a), Scale(value._b, n._b), Scale(value._c, n._c), Scale(value._d, n._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Exponent(LanesPortable value) => new(Exponent(value._a), Exponent(value._b), Exponent(value._c), Exponent(value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Mantissa(LanesPortable value) => new(Mantissa(value._a), Mantissa(value._b), Mantissa(value._c), Mantissa(value._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(LanesPortable value)
    {
        Vector128<double> two = (value._a + value._c) + (value._b + value._d);
        return two.ToScalar() + two.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void AddSums(double* target, LanesPortable v0, LanesPortable v1, LanesPortable v2, LanesPortable v3, LanesPortable v4, LanesPortable v5, LanesPortable v6, LanesPortable v7)
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

    /// <summary>
    /// Fused where every processor of the architecture fuses (Arm64). Not on x86, even if this processor could: the profile must give the same
    /// bits on all processors of one architecture, and it is then the same arithmetic that is tested everywhere.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<double> MultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c) =>
        AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.FusedMultiplyAdd(c, a, b) : a * b + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<double> HighPart(Vector128<double> value) => (value.AsInt64() & Vector128.Create(LaneBits.HighPartMask)).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<double> Exponent(Vector128<double> value)
    {
        Vector128<long> biased = Vector128.ShiftRightLogical(value.AsInt64(), 52) | Vector128.Create(LaneBits.BitsOfTwoTo52);
        return biased.AsDouble() - Vector128.Create(LaneBits.TwoTo52 + 1023);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<double> Mantissa(Vector128<double> value) =>
        ((value.AsInt64() & Vector128.Create(LaneBits.MantissaMask)) | Vector128.Create(LaneBits.BitsOfOne)).AsDouble();

    /// <summary>In two steps, each by a normal power of two: the first is exact, so that there is one rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<double> Scale(Vector128<double> value, Vector128<double> n)
    {
        Vector128<double> rounder = Vector128.Create(LaneBits.Rounder);
        Vector128<double> half = (n * Vector128.Create(0.5) + rounder) - rounder;
        return value * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<double> PowerOfTwo(Vector128<double> n) =>
        Vector128.ShiftLeft((n + Vector128.Create(LaneBits.Rounder + 1023)).AsInt64(), 52).AsDouble();
}
