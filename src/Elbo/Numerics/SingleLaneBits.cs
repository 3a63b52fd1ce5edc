namespace Elbo.Numerics;

/// <summary>The bits of single-precision numbers that lanes without AVX-512 take numbers apart with: <see cref="LaneBits"/> for <see cref="ISingleLanes{TSelf}"/>.</summary>
static class SingleLaneBits
{
    /// <summary>1.5·2²³: a number of moderate size added to it is rounded to an integer, which is then found in its low bits.</summary>
    internal const float Rounder = 12582912;

    internal const int MantissaMask = (1 << 23) - 1;
    internal const int BitsOfOne = 127 << 23;

    /// <summary>The bits of 2²³: an integer below 2²³ put in the low bits makes the number 2²³ + integer.</summary>
    internal const int BitsOfTwoTo23 = 150 << 23;

    internal const float TwoTo23 = 1 << 23;

    /// <summary>What a whole is in sixteen bits.</summary>
    internal const float Fractions = 65535, Fraction = 1f / 65535;
}
