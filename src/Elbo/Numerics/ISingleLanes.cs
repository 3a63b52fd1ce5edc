namespace Elbo.Numerics;

/// <summary>
/// Sixteen single-precision numbers that are worked on together: <see cref="ILanes{TSelf}"/> for kernels whose results need no more than six digits.
/// They run on every <see cref="KernelProfile"/>: <see cref="SingleLanes512"/>, <see cref="SingleLanes256"/>, <see cref="SingleLanesPortable"/>.
/// </summary>
/// <remarks>
/// All profiles do the same IEEE operations in the same order, sums over lanes included; they differ only in that the portable one rounds
/// twice in <see cref="MultiplyAdd"/>. Pointers need no alignment; they run fastest when aligned to 64 bytes.
/// </remarks>
interface ISingleLanes<TSelf> where TSelf : struct, ISingleLanes<TSelf>
{
    /// <summary>How many numbers there are: in every profile the same, so that padding does not depend on the profile.</summary>
    const int Count = 16;

    /// <summary>The profile that this type implements.</summary>
    static abstract KernelProfile Profile { get; }

    /// <summary>Sixteen zeros.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>One number in all lanes.</summary>
    static abstract TSelf Broadcast(float value);

    /// <summary>Reads sixteen numbers.</summary>
    static abstract unsafe TSelf Load(float* source);

    /// <summary>Reads source[places[0]], …, source[places[15]].</summary>
    static abstract unsafe TSelf Gather(float* source, int* places);

    /// <summary>Reads sixteen numbers of [0, 1] that <see cref="StoreFractions"/> wrote.</summary>
    static abstract unsafe TSelf LoadFractions(ushort* source);

    /// <summary>Writes sixteen numbers of [0, 1] as the nearest multiples of 1/65,535; gives what was written.</summary>
    static abstract unsafe TSelf StoreFractions(ushort* target, TSelf value);

    /// <summary>Writes sixteen numbers.</summary>
    static abstract unsafe void Store(float* target, TSelf value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a·b + c: rounded once, but for the portable profile on x86, which rounds the product too.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The larger one. When <paramref name="b"/> is NaN the result is NaN; a NaN in <paramref name="a"/> alone may be lost.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The smaller one. When <paramref name="b"/> is NaN the result is NaN; a NaN in <paramref name="a"/> alone may be lost.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>A mask for <see cref="Select"/>: set where a &lt; b, not set where one is NaN.</summary>
    static abstract TSelf LessThan(TSelf a, TSelf b);

    /// <summary><paramref name="a"/> where the mask is set, <paramref name="b"/> elsewhere.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    /// <summary>value·2^n, for integral n in [−126, 127]: exact, or ∞, unless the result is subnormal.</summary>
    static abstract TSelf ScaleByPowerOfTwo(TSelf value, TSelf n);

    /// <summary>⌊log₂ value⌋ of positive normal numbers.</summary>
    static abstract TSelf Exponent(TSelf value);

    /// <summary>value / 2^<see cref="Exponent"/>, in [1, 2), of positive normal numbers.</summary>
    static abstract TSelf Mantissa(TSelf value);

    /// <summary>
    /// The sum of all lanes: with w_i = v_i + v_(i+8) and x_i = w_i + w_(i+4), always (x₀ + x₂) + (x₁ + x₃).
    /// </summary>
    static abstract float Sum(TSelf value);

    /// <summary>target[i] = <see cref="Sum"/> of the i-th of eight, with the same bits; eight at once cost far less than one after another.</summary>
    static abstract unsafe void StoreSums(float* target, TSelf v0, TSelf v1, TSelf v2, TSelf v3, TSelf v4, TSelf v5, TSelf v6, TSelf v7);
}
