using System.Runtime.CompilerServices;
using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>
/// The inner loops of a document in single precision. Over rows: one row of topics for each of sixteen terms, wherever they are. Over columns: one column
/// of terms for each of a few topics, gathered in one place.
/// </summary>
/// <remarks>The methods stay apart from their callers, so that nothing is spilled in the loops; they are compiled at once, for a fit may be over before a counter has found them.</remarks>
static unsafe class SweepKernels<TLanes> where TLanes : struct, ISingleLanes<TLanes>
{
    const MethodImplOptions Kernel = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    static int Width => ISingleLanes<TLanes>.Count;

    /// <summary>Rows at a time.</summary>
    public const int Rows = 16;

    /// <summary>results[i] = vector · rows[i], for <see cref="Rows"/> rows.</summary>
    [MethodImpl(Kernel)]
    public static void DotRows(float* vector, float** rows, nint stride, float* results)
    {
        for (int i = 0; i < Rows; i += 8)
        {
            TLanes dot0 = TLanes.Zero, dot1 = TLanes.Zero, dot2 = TLanes.Zero, dot3 = TLanes.Zero;
            TLanes dot4 = TLanes.Zero, dot5 = TLanes.Zero, dot6 = TLanes.Zero, dot7 = TLanes.Zero;
            float* row0 = rows[i], row1 = rows[i + 1], row2 = rows[i + 2], row3 = rows[i + 3];
            float* row4 = rows[i + 4], row5 = rows[i + 5], row6 = rows[i + 6], row7 = rows[i + 7];
            if (TLanes.Profile == KernelProfile.Avx512)
            {
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
            }
            else
            {
                // Half as many registers, each half as long: four rows at a time.
                for (nint k = 0; k < stride; k += Width)
                {
                    TLanes value = TLanes.Load(vector + k);
                    dot0 = TLanes.MultiplyAdd(value, TLanes.Load(row0 + k), dot0);
                    dot1 = TLanes.MultiplyAdd(value, TLanes.Load(row1 + k), dot1);
                    dot2 = TLanes.MultiplyAdd(value, TLanes.Load(row2 + k), dot2);
                    dot3 = TLanes.MultiplyAdd(value, TLanes.Load(row3 + k), dot3);
                }
                for (nint k = 0; k < stride; k += Width)
                {
                    TLanes value = TLanes.Load(vector + k);
                    dot4 = TLanes.MultiplyAdd(value, TLanes.Load(row4 + k), dot4);
                    dot5 = TLanes.MultiplyAdd(value, TLanes.Load(row5 + k), dot5);
                    dot6 = TLanes.MultiplyAdd(value, TLanes.Load(row6 + k), dot6);
                    dot7 = TLanes.MultiplyAdd(value, TLanes.Load(row7 + k), dot7);
                }
            }
            TLanes.StoreSums(results + i, dot0, dot1, dot2, dot3, dot4, dot5, dot6, dot7);
        }
    }

    /// <summary>sum += Σ_i factors[i] rows[i], for <see cref="Rows"/> rows.</summary>
    [MethodImpl(Kernel)]
    public static void AddRows(float* sum, float** rows, nint stride, float* factors)
    {
        for (int i = 0; i < Rows; i += 4)
        {
            float* row0 = rows[i], row1 = rows[i + 1], row2 = rows[i + 2], row3 = rows[i + 3];
            TLanes factor0 = TLanes.Broadcast(factors[i]), factor1 = TLanes.Broadcast(factors[i + 1]);
            TLanes factor2 = TLanes.Broadcast(factors[i + 2]), factor3 = TLanes.Broadcast(factors[i + 3]);
            for (nint k = 0; k < stride; k += Width)
            {
                TLanes value = TLanes.MultiplyAdd(factor0, TLanes.Load(row0 + k), TLanes.Load(sum + k));
                value = TLanes.MultiplyAdd(factor1, TLanes.Load(row1 + k), value);
                value = TLanes.MultiplyAdd(factor2, TLanes.Load(row2 + k), value);
                TLanes.Store(sum + k, TLanes.MultiplyAdd(factor3, TLanes.Load(row3 + k), value));
            }
        }
    }

    /// <summary>results[n] = Σ_j vector[j] columns[j][n]: <paramref name="count"/> columns of <paramref name="length"/> terms, whole vectors, one after another.</summary>
    [MethodImpl(Kernel)]
    public static void DotColumns(float* vector, float* columns, nint count, nint length, float* results)
    {
        nint n = 0;
        for (; n <= length - 3 * Width; n += 3 * Width)
        {
            TLanes sum0 = TLanes.Zero, sum1 = TLanes.Zero, sum2 = TLanes.Zero;
            float* column = columns + n;
            for (nint j = 0; j < count; j++, column += length)
            {
                TLanes value = TLanes.Broadcast(vector[j]);
                sum0 = TLanes.MultiplyAdd(value, TLanes.Load(column), sum0);
                sum1 = TLanes.MultiplyAdd(value, TLanes.Load(column + Width), sum1);
                sum2 = TLanes.MultiplyAdd(value, TLanes.Load(column + 2 * Width), sum2);
            }
            TLanes.Store(results + n, sum0);
            TLanes.Store(results + n + Width, sum1);
            TLanes.Store(results + n + 2 * Width, sum2);
        }
        for (; n < length; n += Width)
        {
            TLanes sum = TLanes.Zero;
            float* column = columns + n;
            for (nint j = 0; j < count; j++, column += length) sum = TLanes.MultiplyAdd(TLanes.Broadcast(vector[j]), TLanes.Load(column), sum);
            TLanes.Store(results + n, sum);
        }
    }

    /// <summary>results[j] = Σ_n factors[n] columns[j][n]; <paramref name="count"/> is a multiple of 8.</summary>
    [MethodImpl(Kernel)]
    public static void SumColumns(float* factors, float* columns, nint count, nint length, float* results)
    {
        for (nint j = 0; j < count; j += 8)
        {
            float* column0 = columns + j * length, column1 = column0 + length, column2 = column1 + length, column3 = column2 + length;
            float* column4 = column3 + length, column5 = column4 + length, column6 = column5 + length, column7 = column6 + length;
            TLanes sum0 = TLanes.Zero, sum1 = TLanes.Zero, sum2 = TLanes.Zero, sum3 = TLanes.Zero;
            TLanes sum4 = TLanes.Zero, sum5 = TLanes.Zero, sum6 = TLanes.Zero, sum7 = TLanes.Zero;
            if (TLanes.Profile == KernelProfile.Avx512)
            {
                for (nint n = 0; n < length; n += Width)
                {
                    TLanes factor = TLanes.Load(factors + n);
                    sum0 = TLanes.MultiplyAdd(factor, TLanes.Load(column0 + n), sum0);
                    sum1 = TLanes.MultiplyAdd(factor, TLanes.Load(column1 + n), sum1);
                    sum2 = TLanes.MultiplyAdd(factor, TLanes.Load(column2 + n), sum2);
                    sum3 = TLanes.MultiplyAdd(factor, TLanes.Load(column3 + n), sum3);
                    sum4 = TLanes.MultiplyAdd(factor, TLanes.Load(column4 + n), sum4);
                    sum5 = TLanes.MultiplyAdd(factor, TLanes.Load(column5 + n), sum5);
                    sum6 = TLanes.MultiplyAdd(factor, TLanes.Load(column6 + n), sum6);
                    sum7 = TLanes.MultiplyAdd(factor, TLanes.Load(column7 + n), sum7);
                }
            }
            else
            {
                for (nint n = 0; n < length; n += Width)
                {
                    TLanes factor = TLanes.Load(factors + n);
                    sum0 = TLanes.MultiplyAdd(factor, TLanes.Load(column0 + n), sum0);
                    sum1 = TLanes.MultiplyAdd(factor, TLanes.Load(column1 + n), sum1);
                    sum2 = TLanes.MultiplyAdd(factor, TLanes.Load(column2 + n), sum2);
                    sum3 = TLanes.MultiplyAdd(factor, TLanes.Load(column3 + n), sum3);
                }
                for (nint n = 0; n < length; n += Width)
                {
                    TLanes factor = TLanes.Load(factors + n);
                    sum4 = TLanes.MultiplyAdd(factor, TLanes.Load(column4 + n), sum4);
                    sum5 = TLanes.MultiplyAdd(factor, TLanes.Load(column5 + n), sum5);
                    sum6 = TLanes.MultiplyAdd(factor, TLanes.Load(column6 + n), sum6);
                    sum7 = TLanes.MultiplyAdd(factor, TLanes.Load(column7 + n), sum7);
                }
            }
            TLanes.StoreSums(results + j, sum0, sum1, sum2, sum3, sum4, sum5, sum6, sum7);
        }
    }

    /// <summary>columns[j][n] = (row of term n)[topics[j]], the rows given by their places in the table.</summary>
    [MethodImpl(Kernel)]
    public static void GatherColumns(float* table, int* places, nint length, int* topics, nint count, float* columns)
    {
        for (nint j = 0; j < count; j++, columns += length)
        {
            float* source = table + topics[j];
            for (nint n = 0; n < length; n += Width) TLanes.Store(columns + n, TLanes.Gather(source, places + n));
        }
    }

    /// <summary>
    /// sum = Σ_q ratios[at[q]] proportions[document[q]]: what a term's occurrences expect of the topics, but for the weight of the term itself.
    /// </summary>
    [MethodImpl(Kernel)]
    public static void AddPostings(float* proportions, nint stride, float* ratios, Posting* from, Posting* to, float* sum)
    {
        nint k = 0;
        for (; k <= stride - 3 * Width; k += 3 * Width)
        {
            TLanes sum0 = TLanes.Zero, sum1 = TLanes.Zero, sum2 = TLanes.Zero;
            for (Posting* q = from; q < to; q++)
            {
                TLanes ratio = TLanes.Broadcast(ratios[q->Pair]);
                float* row = proportions + q->Document * stride + k;
                sum0 = TLanes.MultiplyAdd(ratio, TLanes.Load(row), sum0);
                sum1 = TLanes.MultiplyAdd(ratio, TLanes.Load(row + Width), sum1);
                sum2 = TLanes.MultiplyAdd(ratio, TLanes.Load(row + 2 * Width), sum2);
            }
            TLanes.Store(sum + k, sum0);
            TLanes.Store(sum + k + Width, sum1);
            TLanes.Store(sum + k + 2 * Width, sum2);
        }
        for (; k < stride; k += Width)
        {
            TLanes rest = TLanes.Zero;
            for (Posting* q = from; q < to; q++)
                rest = TLanes.MultiplyAdd(TLanes.Broadcast(ratios[q->Pair]), TLanes.Load(proportions + q->Document * stride + k), rest);
            TLanes.Store(sum + k, rest);
        }
    }
}

/// <summary>An occurrence of a term in a chunk: in which of its documents, and which of its pairs of document and term.</summary>
readonly record struct Posting(int Document, int Pair);
