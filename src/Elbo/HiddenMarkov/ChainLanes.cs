using System.Runtime.CompilerServices;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.HiddenMarkov;

/// <summary>The recursions along a sequence, on the lanes of one profile. Rows are one step each, <see cref="ChainTables.Stride"/> numbers.</summary>
unsafe interface IChainLanes
{
    /// <summary>Turns a block of log-densities into rows of densities over the row's largest one, whose logarithm goes into <paramref name="peaks"/>.</summary>
    void Exponentiate(double* logs, int states, int count, double* scratch, double* rows, int stride, double* peaks);

    /// <summary>Turns densities into p(z_t | x_1 … x_t); the scales are p(x_t | x_1 … x_t−1) over e^peak. False where a scale is too small to go on.</summary>
    bool Forward(ChainTables tables, double* rows, int length, double* scales);

    /// <summary>
    /// Goes back over a run of steps with β, scaled to a largest number of 1. False where p(z_t | x_1 … x_t) and β hardly overlap: then a state that the
    /// forward pass lost to underflow may matter after all.
    /// </summary>
    bool Overlap(ChainTables tables, double* filtered, double* densities, int count, double* beta, double* scratch);

    /// <summary>Turns p(z_t | x_1 … x_t) into γ, and adds Σ_t ξ_t over A to <paramref name="steps"/>. The entropy of q(z_1 … z_T).</summary>
    double Backward(ChainTables tables, double* rows, int length, double* scratch, double* steps);

    /// <summary>Turns log-densities into max over z_1 … z_t−1 of log p(z_1 … z_t, x_1 … x_t), less its largest. How many steps are possible.</summary>
    int Maximize(ChainTables tables, double* rows, int length);

    /// <summary>Σ ln x.</summary>
    double SumOfLogs(double* values, int length);
}

sealed class ChainLanesMaker : ILanesVisitor<IChainLanes>
{
    public IChainLanes Visit<TLanes>() where TLanes : struct, ILanes<TLanes> => new ChainLanes<TLanes>();
}

/// <inheritdoc/>
/// <remarks>
/// Backward there is no β: γ_t−1(i) = α_t−1(i) Σ_j A_ij r_t(j) with r_t = γ_t / p(z_t | x_1 … x_t−1), and ξ_ij = α_t−1(i) A_ij r_t(j). Densities are not
/// needed again, and what would have to be scaled is not there. q(z_t = j | z_t−1 = i) is A_ij r_t(j) / s_t−1(i), with s_t−1(i) the sum above.
/// What waits for the step before (two products with a matrix a step) is kept apart from what does not, which runs over blocks of steps.
/// </remarks>
sealed unsafe class ChainLanes<TLanes> : IChainLanes where TLanes : struct, ILanes<TLanes>
{
    const int Capacity = RowBlock.Capacity;

    /// <summary>A scale below this may have lost digits to underflow.</summary>
    const double LeastScale = 1e-60;

    /// <summary>
    /// What forward passes lose in a step is below 1e-200 of what they keep, and no later row can favour it by more than one over the overlap: so it stays
    /// below 1e-100 of the evidence.
    /// </summary>
    const double LeastOverlap = 1e-100;

    const double SmallestNormal = 2.2250738585072014e-308;

    static int Width => ILanes<TLanes>.Count;

    public void Exponentiate(double* logs, int states, int count, double* scratch, double* rows, int stride, double* peaks)
    {
        for (int i = 0; i < Capacity; i += Width)
        {
            // Finite, so that a row that no state can have made gives zeros and not ∞ − ∞.
            TLanes peak = TLanes.Broadcast(-double.MaxValue);
            for (int k = 0; k < states; k++) peak = TLanes.Max(TLanes.Load(logs + k * Capacity + i), peak);
            TLanes.Store(peaks + i, peak);
            for (int k = 0; k < states; k++) TLanes.Store(scratch + k * Capacity + i, VectorMath.Exp(TLanes.Load(logs + k * Capacity + i) - peak));
        }
        for (int k = 0; k < stride; k++)
        {
            double* to = rows + k;
            double* from = scratch + k * Capacity;
            for (nint i = 0; i < count; i++) to[i * stride] = k < states ? from[i] : 0;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Forward(ChainTables tables, double* rows, int length, double* scales)
    {
        int stride = tables.Stride;
        double* matrix = tables.From;
        for (int step = 0; step < length; step++, rows += stride)
        {
            TLanes sum = TLanes.Zero;
            for (nint k = 0; k < stride; k += Width)
            {
                TLanes predicted = step == 0 ? TLanes.Load(tables.Initial + k) : Multiply(rows - stride, matrix + k, stride);
                TLanes joint = predicted * TLanes.Load(rows + k);
                TLanes.Store(rows + k, joint);
                sum += joint;
            }
            double scale = TLanes.Sum(sum);
            scales[step] = scale;
            if (!(scale >= LeastScale)) return false;
            TLanes inverse = TLanes.Broadcast(1 / scale);
            for (nint k = 0; k < stride; k += Width) TLanes.Store(rows + k, TLanes.Load(rows + k) * inverse);
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Overlap(ChainTables tables, double* filtered, double* densities, int count, double* beta, double* scratch)
    {
        nint stride = tables.Stride;
        for (nint i = count - 1; i >= 0; i--)
        {
            TLanes overlap = TLanes.Zero;
            for (nint k = 0; k < stride; k += Width)
            {
                TLanes own = TLanes.Load(beta + k);
                overlap = TLanes.MultiplyAdd(TLanes.Load(filtered + i * stride + k), own, overlap);
                TLanes.Store(scratch + k, TLanes.Load(densities + i * stride + k) * own);
            }
            if (!(TLanes.Sum(overlap) >= LeastOverlap)) return false;
            double peak = 0;
            for (nint k = 0; k < stride; k += Width) TLanes.Store(beta + k, Multiply(scratch, tables.To + k, stride));
            for (nint k = 0; k < stride; k++) peak = Math.Max(peak, beta[k]);
            // With a peak of 0 the next overlap is NaN, unless there is no next.
            TLanes inverse = TLanes.Broadcast(1 / peak);
            for (nint k = 0; k < stride; k += Width) TLanes.Store(beta + k, TLanes.Load(beta + k) * inverse);
        }
        return true;
    }

    public double Backward(ChainTables tables, double* rows, int length, double* scratch, double* steps)
    {
        int stride = tables.Stride, room = Capacity * stride;
        double* predicted = scratch, sums = scratch + room, ratios = scratch + 2 * room;
        double entropy = 0;
        for (int end = length; end > 0;)
        {
            int first = (end - 1) / Capacity * Capacity, count = end - first;
            bool last = end == length;
            double* block = rows + (nint)first * stride;
            Predict(tables, block, first == 0 ? 1 : 0, count, predicted);
            entropy -= Return(tables, block, first == 0, count, last, predicted, sums, ratios);
            AddSteps(block, ratios + stride, stride, last ? count - 1 : count, steps);
            entropy -= Smooth(block, ratios, sums, count * stride);
            // The sum of γ is kept at 1, so that rounding does not grow with the length.
            double total = 0;
            for (int k = 0; k < stride; k++) total += block[k];
            for (int k = 0; k < stride; k++) ratios[room + k] = ratios[k] / total;
            end = first;
        }
        return entropy;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Maximize(ChainTables tables, double* rows, int length)
    {
        int stride = tables.Stride;
        double* lanes = stackalloc double[ILanes<TLanes>.Count];
        for (int step = 0; step < length; step++, rows += stride)
        {
            TLanes largest = TLanes.Broadcast(double.NegativeInfinity);
            for (nint k = 0; k < stride; k += Width)
            {
                TLanes best = TLanes.Load(tables.LogInitial + k);
                if (step > 0)
                {
                    best = TLanes.Broadcast(double.NegativeInfinity);
                    for (nint i = 0; i < stride; i++) best = TLanes.Max(TLanes.Broadcast((rows - stride)[i]) + TLanes.Load(tables.LogFrom + i * stride + k), best);
                }
                best += TLanes.Load(rows + k);
                TLanes.Store(rows + k, best);
                largest = TLanes.Max(largest, best);
            }
            TLanes.Store(lanes, largest);
            double peak = lanes[0];
            for (int i = 1; i < Width; i++) peak = Math.Max(peak, lanes[i]);
            if (double.IsNegativeInfinity(peak)) return step;
            for (nint k = 0; k < stride; k += Width) TLanes.Store(rows + k, TLanes.Load(rows + k) - TLanes.Broadcast(peak));
        }
        return length;
    }

    public double SumOfLogs(double* values, int length)
    {
        TLanes sum = TLanes.Zero;
        int whole = length / Width * Width;
        for (nint i = 0; i < whole; i += Width) sum += VectorMath.Log(TLanes.Load(values + i));
        double* rest = stackalloc double[ILanes<TLanes>.Count];
        for (int i = 0; i < Width; i++) rest[i] = whole + i < length ? values[whole + i] : 1;
        return TLanes.Sum(sum + VectorMath.Log(TLanes.Load(rest)));
    }

    /// <summary>Σ_i vector_i (row i of a square matrix), eight of its columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes Multiply(double* vector, double* matrix, nint stride)
    {
        TLanes even = TLanes.Zero, odd = TLanes.Zero, third = TLanes.Zero, fourth = TLanes.Zero;
        for (nint i = 0; i < stride; i += 4, matrix += 4 * stride)
        {
            even = TLanes.MultiplyAdd(TLanes.Broadcast(vector[i]), TLanes.Load(matrix), even);
            odd = TLanes.MultiplyAdd(TLanes.Broadcast(vector[i + 1]), TLanes.Load(matrix + stride), odd);
            third = TLanes.MultiplyAdd(TLanes.Broadcast(vector[i + 2]), TLanes.Load(matrix + 2 * stride), third);
            fourth = TLanes.MultiplyAdd(TLanes.Broadcast(vector[i + 3]), TLanes.Load(matrix + 3 * stride), fourth);
        }
        return even + odd + (third + fourth);
    }

    /// <summary>p(z_t | x_1 … x_t−1) of the steps of a block, once more from the row before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Predict(ChainTables tables, double* block, int from, int count, double* predicted)
    {
        nint stride = tables.Stride;
        for (nint i = from; i < count; i++)
            for (nint k = 0; k < stride; k += Width)
                TLanes.Store(predicted + i * stride + k, Multiply(block + (i - 1) * stride, tables.From + k, stride));
    }

    /// <summary>s and r of a block, from its last step to its first. Σ ξ ln A.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static double Return(ChainTables tables, double* block, bool begins, int count, bool last, double* predicted, double* sums, double* ratios)
    {
        nint stride = tables.Stride;
        TLanes expected = TLanes.Zero, tiny = TLanes.Broadcast(SmallestNormal);
        for (nint i = count - 1; i >= 0; i--)
        {
            double* next = ratios + (i + 1) * stride;
            for (nint k = 0; k < stride; k += Width)
            {
                TLanes filtered = TLanes.Load(block + i * stride + k), sum = TLanes.Broadcast(1);
                if (!last || i < count - 1)
                {
                    sum = Multiply(next, tables.To + k, stride);
                    expected = TLanes.MultiplyAdd(filtered, Multiply(next, tables.EntropyTo + k, stride), expected);
                }
                TLanes smoothed = filtered * sum;
                TLanes.Store(sums + i * stride + k, sum);
                // A state that cannot be reached has 0 over 0, which is to be 0.
                TLanes.Store(ratios + i * stride + k, begins && i == 0 ? smoothed : smoothed / TLanes.Max(TLanes.Load(predicted + i * stride + k), tiny));
            }
        }
        return TLanes.Sum(expected);
    }

    /// <summary>steps_ij += Σ_t α_t(i) r_t+1(j).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void AddSteps(double* filtered, double* ratios, nint stride, int count, double* steps)
    {
        for (nint i = 0; i < stride; i += 4)
        {
            for (nint k = 0; k < stride; k += Width)
            {
                double* to = steps + i * stride + k;
                TLanes sum0 = TLanes.Zero, sum1 = TLanes.Zero, sum2 = TLanes.Zero, sum3 = TLanes.Zero;
                double* from = filtered + i;
                double* ratio = ratios + k;
                for (int t = 0; t < count; t++, from += stride, ratio += stride)
                {
                    TLanes value = TLanes.Load(ratio);
                    sum0 = TLanes.MultiplyAdd(TLanes.Broadcast(from[0]), value, sum0);
                    sum1 = TLanes.MultiplyAdd(TLanes.Broadcast(from[1]), value, sum1);
                    sum2 = TLanes.MultiplyAdd(TLanes.Broadcast(from[2]), value, sum2);
                    sum3 = TLanes.MultiplyAdd(TLanes.Broadcast(from[3]), value, sum3);
                }
                TLanes.Store(to, TLanes.Load(to) + sum0);
                TLanes.Store(to + stride, TLanes.Load(to + stride) + sum1);
                TLanes.Store(to + 2 * stride, TLanes.Load(to + 2 * stride) + sum2);
                TLanes.Store(to + 3 * stride, TLanes.Load(to + 3 * stride) + sum3);
            }
        }
    }

    /// <summary>γ = α s in place. Σ γ ln(r / s).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static double Smooth(double* block, double* ratios, double* sums, int length)
    {
        TLanes expected = TLanes.Zero, tiny = TLanes.Broadcast(SmallestNormal);
        for (nint i = 0; i < length; i += Width)
        {
            TLanes sum = TLanes.Load(sums + i), smoothed = TLanes.Load(block + i) * sum;
            TLanes.Store(block + i, smoothed);
            // Where γ is 0 the quotient may be anything finite.
            TLanes quotient = TLanes.Max(TLanes.Load(ratios + i), tiny) / TLanes.Max(sum, tiny);
            expected = TLanes.MultiplyAdd(smoothed, VectorMath.Log(TLanes.Max(quotient, tiny)), expected);
        }
        return TLanes.Sum(expected);
    }
}
