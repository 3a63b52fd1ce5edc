using System.Runtime.CompilerServices;
using Elbo.Numerics;

namespace Kernels;

/// <summary>
/// As many multiply-adds as a core can do: in registers, and enough of them independent of each other that none waits for the one before. The portable
/// profile on x86 multiplies and adds one after the other, so its peak is that of the two.
/// </summary>
static class FmaPeak
{
    /// <summary>A multiple of how many sums each profile has, so that all do the same work.</summary>
    const int Unit = 60;

    /// <summary>Multiply-adds of single numbers in a run of this many units.</summary>
    public const int Units = 1000, Numbers = Units * Unit * ISingleLanes<SingleLanesPortable>.Count;

    /// <summary>Each branch has as many sums as there are registers for, with the factor and the term; ten where there are more than enough.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static float Run<TLanes>(int units) where TLanes : struct, ISingleLanes<TLanes>
    {
        // Sums tend to 1: nothing overflows, and nothing becomes subnormal.
        TLanes factor = TLanes.Broadcast(0.5f), term = TLanes.Broadcast(0.5f);
        TLanes sum0 = TLanes.Broadcast(0), sum1 = TLanes.Broadcast(0.1f), sum2 = TLanes.Broadcast(0.2f);
        if (TLanes.Profile == KernelProfile.Portable)
        {
            for (int i = units * (Unit / 3); i > 0; i--)
            {
                sum0 = TLanes.MultiplyAdd(sum0, factor, term);
                sum1 = TLanes.MultiplyAdd(sum1, factor, term);
                sum2 = TLanes.MultiplyAdd(sum2, factor, term);
            }
            return TLanes.Sum(sum0 + sum1 + sum2);
        }
        TLanes sum3 = TLanes.Broadcast(0.3f), sum4 = TLanes.Broadcast(0.4f);
        if (TLanes.Profile == KernelProfile.Avx2)
        {
            for (int i = units * (Unit / 5); i > 0; i--)
            {
                sum0 = TLanes.MultiplyAdd(sum0, factor, term);
                sum1 = TLanes.MultiplyAdd(sum1, factor, term);
                sum2 = TLanes.MultiplyAdd(sum2, factor, term);
                sum3 = TLanes.MultiplyAdd(sum3, factor, term);
                sum4 = TLanes.MultiplyAdd(sum4, factor, term);
            }
            return TLanes.Sum(sum0 + sum1 + sum2 + sum3 + sum4);
        }
        TLanes sum5 = TLanes.Broadcast(0.5f), sum6 = TLanes.Broadcast(0.6f), sum7 = TLanes.Broadcast(0.7f), sum8 = TLanes.Broadcast(0.8f), sum9 = TLanes.Broadcast(0.9f);
        for (int i = units * (Unit / 10); i > 0; i--)
        {
            sum0 = TLanes.MultiplyAdd(sum0, factor, term);
            sum1 = TLanes.MultiplyAdd(sum1, factor, term);
            sum2 = TLanes.MultiplyAdd(sum2, factor, term);
            sum3 = TLanes.MultiplyAdd(sum3, factor, term);
            sum4 = TLanes.MultiplyAdd(sum4, factor, term);
            sum5 = TLanes.MultiplyAdd(sum5, factor, term);
            sum6 = TLanes.MultiplyAdd(sum6, factor, term);
            sum7 = TLanes.MultiplyAdd(sum7, factor, term);
            sum8 = TLanes.MultiplyAdd(sum8, factor, term);
            sum9 = TLanes.MultiplyAdd(sum9, factor, term);
        }
        return TLanes.Sum(sum0 + sum1 + sum2 + sum3 + sum4 + sum5 + sum6 + sum7 + sum8 + sum9);
    }
}
