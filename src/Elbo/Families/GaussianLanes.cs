using System.Runtime.CompilerServices;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>Squared distances and scatters of blocks about Gaussian components at fixed parameters: what families with a mean and a covariance spend their time on.</summary>
/// <remarks>Scratch for one thread; allocates nothing. Pointers are to whole blocks (<see cref="RowBlock.Capacity"/> numbers).</remarks>
unsafe interface IGaussianLanes
{
    /// <summary>into[i] = constant − ½ (x_i − μ)ᵀ Σ⁻¹ (x_i − μ); −∞ where that overflows.</summary>
    void LogDensities(RowBlock block, int component, double constant, double* into);

    /// <summary>Adds Σ w, Σ w (x − o) and Σ w (x − o)(x − o)ᵀ of one component, o being its mean. Weights beyond the block's rows must be 0.</summary>
    void AddMoments(RowBlock block, int component, double* weights, GaussianStatistics into);

    /// <summary>Σ w v over <paramref name="count"/> numbers, a multiple of the lanes; where w is 0, v may be −∞.</summary>
    double Expectation(double* weights, double* values, int count);
}

/// <summary>The kernels, eight rows of a block in the lanes of a vector. Hot loops stand in methods of their own, so that no value lives across a call.</summary>
sealed unsafe class GaussianLanes<TLanes> : IGaussianLanes where TLanes : struct, ILanes<TLanes>
{
    const int Capacity = RowBlock.Capacity, Width = ILanes<TLanes>.Count, Tile = GaussianStatistics.Tile;

    readonly GaussianComponents _components;
    readonly int _columns, _inverseLength;

    /// <summary>L⁻¹ of each group in the order of use: rows two by two, of both the numbers of a column side by side. Variances: 1/σ² of every column.</summary>
    readonly AlignedBuffer _inverses = new();

    // x − o and w (x − o), columns of a block, padded with columns of zeros to whole tiles; sums over rows before their lanes are added up.
    readonly AlignedBuffer _scratch = new();
    readonly double* _distances, _weighted, _partial, _sums;
    readonly int _padded, _sumLength;

    public GaussianLanes(GaussianComponents components)
    {
        _components = components;
        _columns = components.Columns;
        _padded = (_columns + Tile - 1) / Tile * Tile;
        _sumLength = AlignedBuffer.Pad(2 * _columns);
        long length = 2L * _padded * Capacity + (long)_sumLength * (Width + 1);
        _scratch.EnsureLength(length);
        _scratch.Span(0, checked((int)length)).Clear();
        _distances = _scratch.Pointer;
        _weighted = _distances + (nint)_padded * Capacity;
        _partial = _weighted + (nint)_padded * Capacity;
        _sums = _partial + (nint)_sumLength * Width;
        _inverseLength = components.Structure.IsMatrix() ? PairsLength(_columns) : _columns;
        _inverses.EnsureLength((long)components.Groups * _inverseLength);
        for (int group = 0; group < components.Groups; group++) Pack(group, _inverses.Span((long)group * _inverseLength, _inverseLength));
    }

    public void LogDensities(RowBlock block, int component, double constant, double* into)
    {
        double* inverse = _inverses.Pointer + (nint)_components.Structure.GroupOf(component) * _inverseLength;
        fixed (double* values = block.Values, mean = _components.Mean(component))
        {
            if (_components.Structure.IsMatrix())
            {
                Subtract(values, mean, _columns, _distances);
                SquaredLengths(_distances, inverse, _columns, into);
            }
            else
            {
                SquaredLengths(values, mean, inverse, _columns, into);
            }
        }
        Finish(into, constant);
        GC.KeepAlive(this);
    }

    public void AddMoments(RowBlock block, int component, double* weights, GaussianStatistics into)
    {
        double count = Total(weights);
        if (count == 0) return;
        into.Counts[component] += count;
        Span<double> scatter = into.Scatters.Slice(_components.Structure.GroupOf(component) * into.ScatterLength, into.ScatterLength), sums = into.Sums.Slice(component * _columns, _columns);
        fixed (double* values = block.Values, mean = _components.Mean(component), tiles = scatter)
        {
            if (_components.Structure.IsMatrix())
            {
                Weigh(values, mean, weights, _columns, _distances, _weighted, _partial);
                AddTiles(_weighted, _distances, _padded, tiles);
            }
            else
            {
                Squares(values, mean, weights, _columns, _partial);
            }
        }
        AddLanes(_partial, _sumLength, _sums);
        for (int j = 0; j < sums.Length; j++) sums[j] += _sums[j];
        if (!_components.Structure.IsMatrix())
            for (int j = 0; j < sums.Length; j++) scatter[scatter.Length == 1 ? 0 : j] += _sums[_columns + j];
        GC.KeepAlive(this);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public double Expectation(double* weights, double* values, int count)
    {
        TLanes sum = TLanes.Zero;
        for (int i = 0; i < count; i += Width)
        {
            TLanes weight = TLanes.Load(weights + i);
            sum += TLanes.Select(TLanes.LessThan(TLanes.Zero, weight), weight * TLanes.Load(values + i), TLanes.Zero);
        }
        return TLanes.Sum(sum);
    }

    static int PairsLength(int columns)
    {
        int pairs = (columns + 1) / 2;
        return checked(2 * pairs * (pairs + 1));
    }

    void Pack(int group, Span<double> into)
    {
        ReadOnlySpan<double> inverse = _components.Inverse(group);
        if (!_components.Structure.IsMatrix())
        {
            for (int j = 0; j < _columns; j++) into[j] = inverse[inverse.Length == 1 ? 0 : j];
            return;
        }
        int place = 0;
        for (int row = 0; row < _columns; row += 2)
        {
            for (int column = 0; column < row + 2; column++)
            {
                bool inside = column < _columns;
                into[place++] = inside ? inverse[row * _columns + column] : 0;
                into[place++] = inside && row + 1 < _columns ? inverse[(row + 1) * _columns + column] : 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static double Total(double* weights)
    {
        TLanes sum = TLanes.Load(weights);
        for (int i = Width; i < Capacity; i += Width) sum += TLanes.Load(weights + i);
        return TLanes.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Subtract(double* values, double* mean, int columns, double* distances)
    {
        for (int j = 0; j < columns; j++)
        {
            TLanes centre = TLanes.Broadcast(mean[j]);
            for (int i = 0; i < Capacity; i += Width) TLanes.Store(distances + i, TLanes.Load(values + i) - centre);
            values += Capacity;
            distances += Capacity;
        }
    }

    /// <summary>Σ_j y_j² with y = L⁻¹ (x − μ), two y_j of all rows at a time.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void SquaredLengths(double* distances, double* inverse, int columns, double* into)
    {
        for (int i = 0; i < Capacity; i += Width) TLanes.Store(into + i, TLanes.Zero);
        for (int row = 0; row < columns; row += 2)
        {
            TLanes a0 = TLanes.Zero, a1 = TLanes.Zero, a2 = TLanes.Zero, a3 = TLanes.Zero, a4 = TLanes.Zero, a5 = TLanes.Zero, a6 = TLanes.Zero, a7 = TLanes.Zero;
            TLanes b0 = TLanes.Zero, b1 = TLanes.Zero, b2 = TLanes.Zero, b3 = TLanes.Zero, b4 = TLanes.Zero, b5 = TLanes.Zero, b6 = TLanes.Zero, b7 = TLanes.Zero;
            double* x = distances, end = distances + (nint)(row + 2) * Capacity;
            for (; x < end; x += Capacity, inverse += 2)
            {
                TLanes a = TLanes.Broadcast(inverse[0]), b = TLanes.Broadcast(inverse[1]);
                TLanes value = TLanes.Load(x);
                a0 = TLanes.MultiplyAdd(a, value, a0);
                b0 = TLanes.MultiplyAdd(b, value, b0);
                value = TLanes.Load(x + Width);
                a1 = TLanes.MultiplyAdd(a, value, a1);
                b1 = TLanes.MultiplyAdd(b, value, b1);
                value = TLanes.Load(x + 2 * Width);
                a2 = TLanes.MultiplyAdd(a, value, a2);
                b2 = TLanes.MultiplyAdd(b, value, b2);
                value = TLanes.Load(x + 3 * Width);
                a3 = TLanes.MultiplyAdd(a, value, a3);
                b3 = TLanes.MultiplyAdd(b, value, b3);
                value = TLanes.Load(x + 4 * Width);
                a4 = TLanes.MultiplyAdd(a, value, a4);
                b4 = TLanes.MultiplyAdd(b, value, b4);
                value = TLanes.Load(x + 5 * Width);
                a5 = TLanes.MultiplyAdd(a, value, a5);
                b5 = TLanes.MultiplyAdd(b, value, b5);
                value = TLanes.Load(x + 6 * Width);
                a6 = TLanes.MultiplyAdd(a, value, a6);
                b6 = TLanes.MultiplyAdd(b, value, b6);
                value = TLanes.Load(x + 7 * Width);
                a7 = TLanes.MultiplyAdd(a, value, a7);
                b7 = TLanes.MultiplyAdd(b, value, b7);
            }
            AddSquares(into, a0, b0);
            AddSquares(into + Width, a1, b1);
            AddSquares(into + 2 * Width, a2, b2);
            AddSquares(into + 3 * Width, a3, b3);
            AddSquares(into + 4 * Width, a4, b4);
            AddSquares(into + 5 * Width, a5, b5);
            AddSquares(into + 6 * Width, a6, b6);
            AddSquares(into + 7 * Width, a7, b7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddSquares(double* into, TLanes a, TLanes b) => TLanes.Store(into, TLanes.MultiplyAdd(b, b, TLanes.MultiplyAdd(a, a, TLanes.Load(into))));

    /// <summary>Σ_j (x_j − μ_j)²/σ_j².</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void SquaredLengths(double* values, double* mean, double* inverse, int columns, double* into)
    {
        for (int i = 0; i < Capacity; i += Width)
        {
            TLanes sum = TLanes.Zero;
            for (int j = 0; j < columns; j++)
            {
                TLanes distance = TLanes.Load(values + (nint)j * Capacity + i) - TLanes.Broadcast(mean[j]);
                sum = TLanes.MultiplyAdd(distance * distance, TLanes.Broadcast(inverse[j]), sum);
            }
            TLanes.Store(into + i, sum);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Finish(double* into, double constant)
    {
        TLanes half = TLanes.Broadcast(-0.5), all = TLanes.Broadcast(constant), infinity = TLanes.Broadcast(double.PositiveInfinity);
        for (int i = 0; i < Capacity; i += Width)
        {
            TLanes square = TLanes.Load(into + i);
            // Overflow may also have made a NaN, of which nothing is less than infinity.
            TLanes.Store(into + i, TLanes.Select(TLanes.LessThan(square, infinity), TLanes.MultiplyAdd(square, half, all), -infinity));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Weigh(double* values, double* mean, double* weights, int columns, double* distances, double* weighted, double* partial)
    {
        for (int j = 0; j < columns; j++)
        {
            TLanes centre = TLanes.Broadcast(mean[j]), even = TLanes.Zero, odd = TLanes.Zero;
            for (int i = 0; i < Capacity; i += 2 * Width)
            {
                TLanes first = TLanes.Load(values + i) - centre, second = TLanes.Load(values + i + Width) - centre;
                TLanes.Store(distances + i, first);
                TLanes.Store(distances + i + Width, second);
                first *= TLanes.Load(weights + i);
                second *= TLanes.Load(weights + i + Width);
                TLanes.Store(weighted + i, first);
                TLanes.Store(weighted + i + Width, second);
                even += first;
                odd += second;
            }
            TLanes.Store(partial, even + odd);
            values += Capacity;
            distances += Capacity;
            weighted += Capacity;
            partial += Width;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Squares(double* values, double* mean, double* weights, int columns, double* partial)
    {
        for (int j = 0; j < columns; j++)
        {
            TLanes centre = TLanes.Broadcast(mean[j]), sum = TLanes.Zero, square = TLanes.Zero;
            for (int i = 0; i < Capacity; i += Width)
            {
                TLanes distance = TLanes.Load(values + i) - centre, weighted = distance * TLanes.Load(weights + i);
                sum += weighted;
                square = TLanes.MultiplyAdd(weighted, distance, square);
            }
            TLanes.Store(partial + (nint)j * Width, sum);
            TLanes.Store(partial + (nint)(columns + j) * Width, square);
            values += Capacity;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void AddLanes(double* partial, int count, double* sums)
    {
        for (int i = 0; i < count; i += Width)
        {
            TLanes.Store(sums + i, TLanes.Zero);
            double* p = partial + (nint)i * Width;
            TLanes.AddSums(sums + i, TLanes.Load(p), TLanes.Load(p + Width), TLanes.Load(p + 2 * Width), TLanes.Load(p + 3 * Width),
                TLanes.Load(p + 4 * Width), TLanes.Load(p + 5 * Width), TLanes.Load(p + 6 * Width), TLanes.Load(p + 7 * Width));
        }
    }

    /// <summary>The lower triangle of Σ a bᵀ over the rows of a block, tile after tile.</summary>
    static void AddTiles(double* a, double* b, int columns, double* tiles)
    {
        for (int row = 0; row < columns; row += Tile)
            for (int column = 0; column <= row; column += Tile, tiles += Tile * Tile)
                AddTile(a + (nint)row * Capacity, b + (nint)column * Capacity, tiles);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void AddTile(double* a, double* b, double* tile)
    {
        TLanes s00 = TLanes.Zero, s01 = TLanes.Zero, s02 = TLanes.Zero, s03 = TLanes.Zero, s10 = TLanes.Zero, s11 = TLanes.Zero, s12 = TLanes.Zero, s13 = TLanes.Zero;
        TLanes s20 = TLanes.Zero, s21 = TLanes.Zero, s22 = TLanes.Zero, s23 = TLanes.Zero, s30 = TLanes.Zero, s31 = TLanes.Zero, s32 = TLanes.Zero, s33 = TLanes.Zero;
        for (double* end = a + Capacity; a < end; a += Width, b += Width)
        {
            TLanes b0 = TLanes.Load(b), b1 = TLanes.Load(b + Capacity), b2 = TLanes.Load(b + 2 * Capacity), b3 = TLanes.Load(b + 3 * Capacity);
            TLanes value = TLanes.Load(a);
            s00 = TLanes.MultiplyAdd(value, b0, s00);
            s01 = TLanes.MultiplyAdd(value, b1, s01);
            s02 = TLanes.MultiplyAdd(value, b2, s02);
            s03 = TLanes.MultiplyAdd(value, b3, s03);
            value = TLanes.Load(a + Capacity);
            s10 = TLanes.MultiplyAdd(value, b0, s10);
            s11 = TLanes.MultiplyAdd(value, b1, s11);
            s12 = TLanes.MultiplyAdd(value, b2, s12);
            s13 = TLanes.MultiplyAdd(value, b3, s13);
            value = TLanes.Load(a + 2 * Capacity);
            s20 = TLanes.MultiplyAdd(value, b0, s20);
            s21 = TLanes.MultiplyAdd(value, b1, s21);
            s22 = TLanes.MultiplyAdd(value, b2, s22);
            s23 = TLanes.MultiplyAdd(value, b3, s23);
            value = TLanes.Load(a + 3 * Capacity);
            s30 = TLanes.MultiplyAdd(value, b0, s30);
            s31 = TLanes.MultiplyAdd(value, b1, s31);
            s32 = TLanes.MultiplyAdd(value, b2, s32);
            s33 = TLanes.MultiplyAdd(value, b3, s33);
        }
        TLanes.AddSums(tile, s00, s01, s02, s03, s10, s11, s12, s13);
        TLanes.AddSums(tile + Width, s20, s21, s22, s23, s30, s31, s32, s33);
    }
}
