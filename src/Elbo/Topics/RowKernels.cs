using System.Runtime.CompilerServices;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>
/// Dot products of one vector with many rows, and their weighted sum: the inner loops of a document. Rows are taken several at a time, so that sums overlap
/// and the vector is read once for all; how many does not change a bit, since every row has its own sum and rows are added in order.
/// </summary>
/// <remarks>The methods stay apart from their callers: values that are alive across another call would be spilled in every round of a loop.</remarks>
static unsafe class RowKernels<TLanes> where TLanes : struct, ILanes<TLanes>
{
    static int Width => ILanes<TLanes>.Count;

    /// <summary>Rows at a time: as many as registers hold without spilling.</summary>
    public static int Block => TLanes.Profile == KernelProfile.Avx512 ? 8 : 4;

    /// <summary>results[i] = vector · rows[i], for <see cref="Block"/> rows.</summary>
    public static void DotBlock(double* vector, double** rows, int stride, double* results)
    {
        if (Block == 8) DotEight(vector, rows, stride, results);
        else DotFour(vector, rows, stride, results);
    }

    /// <summary>sum += Σ_i factors[i] rows[i], for <see cref="Block"/> rows.</summary>
    public static void AddBlock(double* sum, double** rows, int stride, double* factors)
    {
        if (Block == 8) AddEight(sum, rows, stride, factors);
        else AddFour(sum, rows, stride, factors);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static double Dot(double* vector, double* row, int stride)
    {
        TLanes sum = TLanes.Zero;
        for (nint k = 0; k < stride; k += Width) sum = TLanes.MultiplyAdd(TLanes.Load(vector + k), TLanes.Load(row + k), sum);
        return TLanes.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Add(double* sum, double* row, int stride, double factor)
    {
        TLanes all = TLanes.Broadcast(factor);
        for (nint k = 0; k < stride; k += Width) TLanes.Store(sum + k, TLanes.MultiplyAdd(all, TLanes.Load(row + k), TLanes.Load(sum + k)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void DotFour(double* vector, double** rows, int stride, double* results)
    {
        double* row0 = rows[0], row1 = rows[1], row2 = rows[2], row3 = rows[3];
        TLanes dot0 = TLanes.Zero, dot1 = TLanes.Zero, dot2 = TLanes.Zero, dot3 = TLanes.Zero;
        for (nint k = 0; k < stride; k += Width)
        {
            TLanes value = TLanes.Load(vector + k);
            dot0 = TLanes.MultiplyAdd(value, TLanes.Load(row0 + k), dot0);
            dot1 = TLanes.MultiplyAdd(value, TLanes.Load(row1 + k), dot1);
            dot2 = TLanes.MultiplyAdd(value, TLanes.Load(row2 + k), dot2);
            dot3 = TLanes.MultiplyAdd(value, TLanes.Load(row3 + k), dot3);
        }
        results[0] = TLanes.Sum(dot0);
        results[1] = TLanes.Sum(dot1);
        results[2] = TLanes.Sum(dot2);
        results[3] = TLanes.Sum(dot3);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void AddFour(double* sum, double** rows, int stride, double* factors)
    {
        double* row0 = rows[0], row1 = rows[1], row2 = rows[2], row3 = rows[3];
        TLanes factor0 = TLanes.Broadcast(factors[0]), factor1 = TLanes.Broadcast(factors[1]), factor2 = TLanes.Broadcast(factors[2]), factor3 = TLanes.Broadcast(factors[3]);
        for (nint k = 0; k < stride; k += Width)
        {
            TLanes value = TLanes.MultiplyAdd(factor0, TLanes.Load(row0 + k), TLanes.Load(sum + k));
            value = TLanes.MultiplyAdd(factor1, TLanes.Load(row1 + k), value);
            value = TLanes.MultiplyAdd(factor2, TLanes.Load(row2 + k), value);
            TLanes.Store(sum + k, TLanes.MultiplyAdd(factor3, TLanes.Load(row3 + k), value));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void DotEight(double* vector, double** rows, int stride, double* results)
    {
        double* row0 = rows[0], row1 = rows[1], row2 = rows[2], row3 = rows[3], row4 = rows[4], row5 = rows[5], row6 = rows[6], row7 = rows[7];
        TLanes dot0 = TLanes.Zero, dot1 = TLanes.Zero, dot2 = TLanes.Zero, dot3 = TLanes.Zero;
        TLanes dot4 = TLanes.Zero, dot5 = TLanes.Zero, dot6 = TLanes.Zero, dot7 = TLanes.Zero;
        for (nint k = 0; k < stride; k += Width)
        {
            TLanes value = TLanes.Load(vector + k);
            dot0 = TLanes.MultiplyAdd(value, TLanes.Load(row0 + k), dot0);
            dot1 = TLanes.MultiplyAdd(value, TLanes.Load(row1 + k), dot1);
            dot2 = TLanes.MultiplyAdd(value, TLanes.Load(row2 + k), dot2);
            dot3 = TLanes.MultiplyAdd(value, TLanes.Load(row3 + k), dot3);
            dot4 = TLanes.MultiplyAdd(value, TLanes.Load(row4 + k), dot4);
            dot5 = TLanes.MultiplyAdd(value, TLanes.Load(row5 + k), dot5);
            dot6 = TLanes.MultiplyAdd(value, TLanes.Load(row6 + k), dot6);
            dot7 = TLanes.MultiplyAdd(value, TLanes.Load(row7 + k), dot7);
        }
        results[0] = TLanes.Sum(dot0);
        results[1] = TLanes.Sum(dot1);
        results[2] = TLanes.Sum(dot2);
        results[3] = TLanes.Sum(dot3);
        results[4] = TLanes.Sum(dot4);
        results[5] = TLanes.Sum(dot5);
        results[6] = TLanes.Sum(dot6);
        results[7] = TLanes.Sum(dot7);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void AddEight(double* sum, double** rows, int stride, double* factors)
    {
        double* row0 = rows[0], row1 = rows[1], row2 = rows[2], row3 = rows[3], row4 = rows[4], row5 = rows[5], row6 = rows[6], row7 = rows[7];
        TLanes factor0 = TLanes.Broadcast(factors[0]), factor1 = TLanes.Broadcast(factors[1]), factor2 = TLanes.Broadcast(factors[2]), factor3 = TLanes.Broadcast(factors[3]);
        TLanes factor4 = TLanes.Broadcast(factors[4]), factor5 = TLanes.Broadcast(factors[5]), factor6 = TLanes.Broadcast(factors[6]), factor7 = TLanes.Broadcast(factors[7]);
        for (nint k = 0; k < stride; k += Width)
        {
            TLanes value = TLanes.MultiplyAdd(factor0, TLanes.Load(row0 + k), TLanes.Load(sum + k));
            value = TLanes.MultiplyAdd(factor1, TLanes.Load(row1 + k), value);
            value = TLanes.MultiplyAdd(factor2, TLanes.Load(row2 + k), value);
            value = TLanes.MultiplyAdd(factor3, TLanes.Load(row3 + k), value);
            value = TLanes.MultiplyAdd(factor4, TLanes.Load(row4 + k), value);
            value = TLanes.MultiplyAdd(factor5, TLanes.Load(row5 + k), value);
            value = TLanes.MultiplyAdd(factor6, TLanes.Load(row6 + k), value);
            TLanes.Store(sum + k, TLanes.MultiplyAdd(factor7, TLanes.Load(row7 + k), value));
        }
    }
}
