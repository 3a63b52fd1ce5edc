using System.Runtime.CompilerServices;
using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>The inner loop of CVB0: γ_nk ∝ (α_k + n_dk − c γ_nk) (η + n_kv − c γ_nk) / (Vη + n_k), pair after pair.</summary>
static unsafe class CollapsedKernel<TLanes> where TLanes : struct, ISingleLanes<TLanes>
{
    /// <summary>Pairs that see the same n_d: the next ones need not wait for their sums.</summary>
    const int Pairs = 4;

    /// <summary>One sweep over a document's pairs. n_d changes on the way, n_kv does not: what it would change by is left in <paramref name="changes"/>.</summary>
    /// <param name="table">n_kv, rows by term.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="terms">The document's terms.</param>
    /// <param name="counts">c.</param>
    /// <param name="topics">The active topics.</param>
    /// <param name="width">How many, padded.</param>
    /// <param name="alpha">α of the active topics.</param>
    /// <param name="eta">η.</param>
    /// <param name="inverses">1 / (Vη + n_k) of the active topics; 0 for those that are to lose what they have.</param>
    /// <param name="expected">n_dk of the active topics.</param>
    /// <param name="responsibilities">γ, pairs × width.</param>
    /// <param name="changes">Receives c Δγ, pairs × width.</param>
    /// <param name="scratch">4 × width numbers.</param>
    /// <returns>Σ |c Δγ|.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static float Sweep(float* table, nint stride, ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, int* topics, nint width, float* alpha, float eta, float* inverses,
        float* expected, ushort* responsibilities, float* changes, float* scratch)
    {
        TLanes moved = TLanes.Zero, etas = TLanes.Broadcast(eta);
        float* scratch1 = scratch + width, scratch2 = scratch1 + width, scratch3 = scratch2 + width;
        int n = 0;
        for (; n <= counts.Length - Pairs; n += Pairs)
        {
            float* row0 = table + terms[n] * stride, row1 = table + terms[n + 1] * stride, row2 = table + terms[n + 2] * stride, row3 = table + terms[n + 3] * stride;
            TLanes count0 = TLanes.Broadcast(counts[n]), count1 = TLanes.Broadcast(counts[n + 1]), count2 = TLanes.Broadcast(counts[n + 2]), count3 = TLanes.Broadcast(counts[n + 3]);
            ushort* gamma0 = responsibilities, gamma1 = gamma0 + width, gamma2 = gamma1 + width, gamma3 = gamma2 + width;
            TLanes sum0 = TLanes.Zero, sum1 = TLanes.Zero, sum2 = TLanes.Zero, sum3 = TLanes.Zero;
            for (nint j = 0; j < width; j += ISingleLanes<TLanes>.Count)
            {
                TLanes document = TLanes.Load(expected + j), prior = TLanes.Load(alpha + j), inverse = TLanes.Load(inverses + j);
                sum0 += Weigh(row0, topics + j, gamma0 + j, count0, document, prior, etas, inverse, scratch + j);
                sum1 += Weigh(row1, topics + j, gamma1 + j, count1, document, prior, etas, inverse, scratch1 + j);
                sum2 += Weigh(row2, topics + j, gamma2 + j, count2, document, prior, etas, inverse, scratch2 + j);
                sum3 += Weigh(row3, topics + j, gamma3 + j, count3, document, prior, etas, inverse, scratch3 + j);
            }
            TLanes scale0 = TLanes.Broadcast(1 / TLanes.Sum(sum0)), scale1 = TLanes.Broadcast(1 / TLanes.Sum(sum1));
            TLanes scale2 = TLanes.Broadcast(1 / TLanes.Sum(sum2)), scale3 = TLanes.Broadcast(1 / TLanes.Sum(sum3));
            for (nint j = 0; j < width; j += ISingleLanes<TLanes>.Count)
            {
                TLanes change0 = Set(gamma0 + j, scratch + j, scale0, count0, changes + j), change1 = Set(gamma1 + j, scratch1 + j, scale1, count1, changes + width + j);
                TLanes change2 = Set(gamma2 + j, scratch2 + j, scale2, count2, changes + 2 * width + j), change3 = Set(gamma3 + j, scratch3 + j, scale3, count3, changes + 3 * width + j);
                TLanes.Store(expected + j, TLanes.Load(expected + j) + ((change0 + change1) + (change2 + change3)));
                moved += (Size(change0) + Size(change1)) + (Size(change2) + Size(change3));
            }
            responsibilities += Pairs * width;
            changes += Pairs * width;
        }
        for (; n < counts.Length; n++)
        {
            float* row = table + terms[n] * stride;
            TLanes count = TLanes.Broadcast(counts[n]), sum = TLanes.Zero;
            for (nint j = 0; j < width; j += ISingleLanes<TLanes>.Count)
                sum += Weigh(row, topics + j, responsibilities + j, count, TLanes.Load(expected + j), TLanes.Load(alpha + j), etas, TLanes.Load(inverses + j), scratch + j);
            TLanes scale = TLanes.Broadcast(1 / TLanes.Sum(sum));
            for (nint j = 0; j < width; j += ISingleLanes<TLanes>.Count)
            {
                TLanes change = Set(responsibilities + j, scratch + j, scale, count, changes + j);
                TLanes.Store(expected + j, TLanes.Load(expected + j) + change);
                moved += Size(change);
            }
            responsibilities += width;
            changes += width;
        }
        return TLanes.Sum(moved);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes Weigh(float* row, int* topics, ushort* gamma, TLanes count, TLanes document, TLanes alpha, TLanes eta, TLanes inverse, float* weight)
    {
        TLanes own = TLanes.LoadFractions(gamma) * count;
        // Sums that were rounded on their way may be a little less than what they are made of.
        TLanes value = (TLanes.Max(document - own, TLanes.Zero) + alpha) * (TLanes.Max(TLanes.Gather(row, topics) - own, TLanes.Zero) + eta) * inverse;
        TLanes.Store(weight, value);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes Set(ushort* gamma, float* weight, TLanes scale, TLanes count, float* change)
    {
        TLanes before = TLanes.LoadFractions(gamma);
        TLanes difference = (TLanes.StoreFractions(gamma, TLanes.Load(weight) * scale) - before) * count;
        TLanes.Store(change, difference);
        return difference;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes Size(TLanes value) => TLanes.Max(value, -value);
}
