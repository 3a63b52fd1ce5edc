using Elbo.Engine;

namespace Elbo.Families;

/// <summary>
/// Σ q, Σ q (x − o) and the scatter Σ q (x − o)(x − o)ᵀ of K Gaussian components, in the form that the covariance structure needs, about origins o that are
/// the means of the parameters they were made for. Not thread-safe.
/// </summary>
public sealed class GaussianStatistics : IStatistics<GaussianStatistics>
{
    /// <summary>Scatter matrices are held as their lower triangle of tiles, so that kernels write whole vectors: Tile × Tile numbers each, row-major, diagonal tiles whole.</summary>
    internal const int Tile = 4;

    readonly double[] _origin, _counts, _sums, _scatters;

    internal GaussianStatistics(CovarianceStructure structure, int columns, ReadOnlySpan<double> origin)
    {
        Structure = structure;
        Columns = columns;
        _origin = origin.ToArray();
        _counts = new double[origin.Length / columns];
        _sums = new double[origin.Length];
        _scatters = new double[checked(structure.Groups(_counts.Length) * StoredLength(structure, columns))];
    }

    internal CovarianceStructure Structure { get; }

    internal int Columns { get; }

    internal int Components => _counts.Length;

    internal int Groups => Structure.Groups(Components);

    internal int ScatterLength => _scatters.Length / Groups;

    /// <summary>Σ q of each component.</summary>
    internal Span<double> Counts => _counts;

    /// <summary>Σ q (x − o), K × d.</summary>
    internal Span<double> Sums => _sums;

    /// <summary>The scatter about the origin, one group after another: tiles for matrices, else d numbers or 1.</summary>
    internal Span<double> Scatters => _scatters;

    /// <summary>o, K × d.</summary>
    internal ReadOnlySpan<double> Origin => _origin;

    internal static int StoredLength(CovarianceStructure structure, int columns) =>
        structure.IsMatrix() ? Place(RoundUp(columns), 0) : structure.Length(columns);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">They are of another model, or about another origin.</exception>
    public void Add(GaussianStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Structure != Structure || other.Columns != Columns || other.Components != Components)
            throw new ArgumentException($"Statistics of {other.Components} components of {other.Columns} columns ({other.Structure}) cannot be added to those of {Components} of {Columns} ({Structure}).", nameof(other));
        if (!System.Runtime.InteropServices.MemoryMarshal.AsBytes(_origin.AsSpan()).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(other._origin.AsSpan())))
            throw new ArgumentException("Statistics about different origins cannot be added; recentre one of them.", nameof(other));
        AddTo(_counts, other._counts);
        AddTo(_sums, other._sums);
        AddTo(_scatters, other._scatters);
    }

    /// <inheritdoc/>
    public void Scale(double factor)
    {
        foreach (double[] values in (ReadOnlySpan<double[]>)[_counts, _sums, _scatters])
            foreach (ref double value in values.AsSpan()) value *= factor;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        Array.Clear(_counts);
        Array.Clear(_sums);
        Array.Clear(_scatters);
    }

    /// <inheritdoc/>
    public void Describe(ITensorVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit("structure", [1], [(int)Structure]);
        visitor.Visit("origin", [Components, Columns], _origin, TensorConstraint.Fixed);
        visitor.Visit("counts", [Components], _counts, TensorConstraint.Fixed);
        visitor.Visit("sums", [Components, Columns], _sums, TensorConstraint.Fixed);
        visitor.Visit("scatters", [Groups, ScatterLength], _scatters, TensorConstraint.Fixed);
    }

    /// <inheritdoc/>
    public static GaussianStatistics FromTensors(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var structure = (CovarianceStructure)tensors.Integers("structure", 1)[0];
        if (!Enum.IsDefined(structure)) throw new InvalidDataException($"Tensor 'structure' has {(int)structure}, which is no covariance structure.");
        int columns = tensors.Length("origin", 1);
        var statistics = new GaussianStatistics(structure, columns, tensors.Doubles("origin", TensorConstraint.Fixed, -1, columns));
        tensors.Doubles("counts", TensorConstraint.Fixed, statistics.Components).CopyTo(statistics._counts, 0);
        tensors.Doubles("sums", TensorConstraint.Fixed, statistics.Components, columns).CopyTo(statistics._sums, 0);
        tensors.Doubles("scatters", TensorConstraint.Fixed, statistics.Groups, statistics.ScatterLength).CopyTo(statistics._scatters, 0);
        return statistics;
    }

    /// <summary>Whether they are laid out as statistics of these components are.</summary>
    internal bool IsOf(GaussianComponents components) => Structure == components.Structure && Columns == components.Columns && Components == components.Count;

    /// <summary>Empties the statistics and moves the origin; false where they do not fit.</summary>
    internal bool TryReset(CovarianceStructure structure, int columns, ReadOnlySpan<double> origin)
    {
        if (structure != Structure || columns != Columns || origin.Length != _origin.Length) return false;
        origin.CopyTo(_origin);
        Clear();
        return true;
    }

    /// <summary>Gives a component of matrix structure rows of a weight that have their mean at the origin, and this scatter about it.</summary>
    internal void Set(int component, double weight, ReadOnlySpan<double> scatter)
    {
        _counts[component] = weight;
        Span<double> into = _scatters.AsSpan(component * ScatterLength, ScatterLength);
        for (int row = 0; row < Columns; row++)
            for (int column = 0; column < Columns; column++)
                if (column / Tile <= row / Tile) into[Place(row, column)] = scatter[row * Columns + column];
    }

    /// <summary>The same statistics about another origin.</summary>
    internal GaussianStatistics About(ReadOnlySpan<double> origin)
    {
        var moved = new GaussianStatistics(Structure, Columns, origin);
        _counts.CopyTo(moved._counts, 0);
        for (int i = 0; i < _sums.Length; i++) moved._sums[i] = _sums[i] - _counts[i / Columns] * (origin[i] - _origin[i]);
        var scatter = new double[Structure.Length(Columns)];
        for (int group = 0; group < Groups; group++)
        {
            ScatterAbout(group, origin, scatter);
            Span<double> into = moved._scatters.AsSpan(group * ScatterLength, ScatterLength);
            if (!Structure.IsMatrix()) scatter.CopyTo(into);
            else
                for (int row = 0; row < Columns; row++)
                    for (int column = 0; column < Columns; column++)
                        if (column / Tile <= row / Tile) into[Place(row, column)] = scatter[row * Columns + column];
        }
        return moved;
    }

    /// <summary>Σ q of a group.</summary>
    internal double GroupCount(int group)
    {
        double sum = 0;
        foreach (double count in _counts.AsSpan(Structure.MembersOf(group, Components))) sum += count;
        return sum;
    }

    /// <summary>
    /// Σ q (x − m)(x − m)ᵀ of a group, each component about its own m, in the structure's form: with δ = m − o it is
    /// Σ q (x − o)(x − o)ᵀ − s δᵀ − δ sᵀ + n δ δᵀ for n = Σ q and s = Σ q (x − o).
    /// </summary>
    internal void ScatterAbout(int group, ReadOnlySpan<double> means, Span<double> into)
    {
        ReadOnlySpan<double> stored = _scatters.AsSpan(group * ScatterLength, ScatterLength);
        if (!Structure.IsMatrix()) stored.CopyTo(into);
        else
            for (int row = 0; row < Columns; row++)
                for (int column = 0; column <= row; column++)
                    into[row * Columns + column] = into[column * Columns + row] = stored[Place(row, column)];
        Span<double> shift = Columns <= 128 ? stackalloc double[Columns] : new double[Columns], factor = Columns <= 128 ? stackalloc double[Columns] : new double[Columns];
        (int first, int count) = Structure.MembersOf(group, Components).GetOffsetAndLength(Components);
        for (int k = first; k < first + count; k++)
        {
            // With δ the factor n δ − 2 s makes both terms at once.
            for (int i = 0; i < Columns; i++)
            {
                shift[i] = means[k * Columns + i] - _origin[k * Columns + i];
                factor[i] = _counts[k] * shift[i] - 2 * _sums[k * Columns + i];
            }
            Structure.AddOuter(shift, factor, into);
        }
    }

    /// <summary>Where a scatter matrix's number lies; tile (i, j) of the lower triangle is number i (i + 1) / 2 + j. Rows that are a multiple of the tile's size also tell the length.</summary>
    internal static int Place(int row, int column)
    {
        int tileRow = row / Tile, tile = checked(tileRow * (tileRow + 1)) / 2 + column / Tile;
        return checked(tile * Tile * Tile + row % Tile * Tile + column % Tile);
    }

    static int RoundUp(int columns) => (columns + Tile - 1) / Tile * Tile;

    static void AddTo(double[] target, double[] source)
    {
        for (int i = 0; i < target.Length; i++) target[i] += source[i];
    }
}
