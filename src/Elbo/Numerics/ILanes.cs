namespace Elbo.Numerics;

/// <summary>
/// Eight doubles that are worked on together. Kernels are written once over this interface and run on every <see cref="KernelProfile"/>:
/// <see cref="Lanes512"/>, <see cref="Lanes256"/>, <see cref="LanesPortable"/>.
/// </summary>
/// <remarks>
/// All profiles do the same IEEE operations in the same order, sums over lanes included; they differ only in that the portable one rounds
/// twice in <see cref="MultiplyAdd"/>. Pointers need no alignment; they run fastest when aligned to 64 bytes.
/// </remarks>
interface ILanes<TSelf> where TSelf : struct, ILanes<TSelf>
{
    /// <summary>How many doubles there are: in every profile the same, so that padding and shards do not depend on the profile.</summary>
    const int Count = 8;

    /// <summary>The profile that this type implements.</summary>
    static abstract KernelProfile Profile { get; }

    /// <summary>Eight zeros.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>One number in all lanes.</summary>
    static abstract TSelf Broadcast(double value);

    /// <summary>Reads eight doubles.</summary>
    static abstract unsafe TSelf Load(double* source);

    /// <summary>Writes eight doubles.</summary>
    static abstract unsafe void Store(double* target, TSelf value);

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

    /// <summary>The number with its last 27 bits cleared, so that 26 significant ones are left and the product of two such numbers is exact.</summary>
    static abstract TSelf HighPart(TSelf value);

    /// <summary>value·2^n, for integral n in [−1076, 1024] and |value| in [½, 2]; rounded once where the result is subnormal.</summary>
    static abstract TSelf ScaleByPowerOfTwo(TSelf value, TSelf n);

    /// <summary>⌊log₂ value⌋ of positive normal numbers.</summary>
    static abstract TSelf Exponent(TSelf value);

    /// <summary>value / 2^<see cref="Exponent"/>, in [1, 2), of positive normal numbers.</summary>
    static abstract TSelf Mantissa(TSelf value);

    /// <summary>The sum of all lanes, always as ((v₀+v₄)+(v₂+v₆)) + ((v₁+v₅)+(v₃+v₇)).</summary>
    static abstract double Sum(TSelf value);

    /// <summary>target[i] += <see cref="Sum"/> of the i-th of eight, with the same bits; eight at once may cost far less than one after another.</summary>
    static abstract unsafe void AddSums(double* target, TSelf v0, TSelf v1, TSelf v2, TSelf v3, TSelf v4, TSelf v5, TSelf v6, TSelf v7);
}

/// <summary>The bits of doubles that lanes without AVX-512 take numbers apart with.</summary>
static class LaneBits
{
    /// <summary>1.5·2⁵²: a number of moderate size added to it is rounded to an integer, which is then found in its low bits.</summary>
    internal const double Rounder = 6755399441055744;

    internal const long HighPartMask = -1L << 27;
    internal const long MantissaMask = (1L << 52) - 1;
    internal const long BitsOfOne = 1023L << 52;

    /// <summary>The bits of 2⁵²: an integer below 2⁵² put in the low bits makes the double 2⁵² + integer.</summary>
    internal const long BitsOfTwoTo52 = 1075L << 52;

    internal const double TwoTo52 = 1L << 52;
}
