namespace Elbo.Observations;

/// <summary>
/// Up to <see cref="Capacity"/> rows turned into columns, so that a family can work on several rows at once. Matrices that belong to a block
/// (a log-density or a responsibility for each component and row) have <see cref="Capacity"/> numbers for each component, one component after another.
/// </summary>
/// <param name="values">Column after column, <see cref="Capacity"/> numbers each; those beyond <paramref name="count"/> are 0.</param>
/// <param name="columns">How many columns there are.</param>
/// <param name="count">How many rows there are.</param>
public readonly ref struct RowBlock(ReadOnlySpan<double> values, int columns, int count)
{
    /// <summary>How many rows a block has room for: a whole number of vectors on every machine.</summary>
    public const int Capacity = 64;

    /// <summary>How many rows there are, 1 to <see cref="Capacity"/>.</summary>
    public int Count { get; } = count;

    /// <summary>How many columns there are.</summary>
    public int Columns { get; } = columns;

    /// <summary>Column after column, <see cref="Capacity"/> numbers each; those beyond <see cref="Count"/> are 0.</summary>
    public ReadOnlySpan<double> Values { get; } = values;

    /// <summary>The values of one column.</summary>
    public ReadOnlySpan<double> Column(int column) => Values.Slice(column * Capacity, Count);

    /// <summary>One component's part of a matrix that belongs to the block.</summary>
    public Span<double> Of(Span<double> matrix, int component) => matrix.Slice(component * Capacity, Count);

    /// <inheritdoc cref="Of(Span{double}, int)"/>
    public ReadOnlySpan<double> Of(ReadOnlySpan<double> matrix, int component) => matrix.Slice(component * Capacity, Count);

    /// <summary>Turns rows into a block.</summary>
    /// <param name="rows">1 to <see cref="Capacity"/> rows, one after another.</param>
    /// <param name="columns">How many columns a row has.</param>
    /// <param name="into">Room for <see cref="Capacity"/> numbers a column.</param>
    public static RowBlock Transpose(ReadOnlySpan<double> rows, int columns, Span<double> into)
    {
        int count = rows.Length / columns;
        for (int column = 0; column < columns; column++)
        {
            Span<double> target = into.Slice(column * Capacity, Capacity);
            for (int row = 0, from = column; row < count; row++, from += columns) target[row] = rows[from];
            target[count..].Clear();
        }
        return new RowBlock(into[..(columns * Capacity)], columns, count);
    }
}
