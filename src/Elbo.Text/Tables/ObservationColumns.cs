namespace Elbo.Text;

/// <summary>Which columns of a table are read, and as what. A column has one use; only <see cref="Comparison"/> may name one that has another.</summary>
public sealed partial record ObservationColumns
{
    /// <summary>What the file holds. Default: by its extension.</summary>
    public TextFormat Format { get; init; } = TextFormat.Auto;

    /// <summary>The observed columns, in this order. Default: in the order of the file all that hold numbers (and text, where that makes categories) and have no other use, but none that numbers or names the rows (rownames, id).</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>The response of a regression, which becomes the last column.</summary>
    public string? Response { get; init; }

    /// <summary>A weight of 0 or more for each row.</summary>
    public string? Weights { get; init; }

    /// <summary>The component of each row, by any name; nothing where it is not known.</summary>
    public string? Labels { get; init; }

    /// <summary>A partition of the rows to compare with; nothing where it is not known.</summary>
    public string? Comparison { get; init; }

    /// <summary>The sequence of each row, by any name. Rows of one sequence stand together, in their order.</summary>
    public string? Sequence { get; init; }

    /// <summary>What becomes of columns of text.</summary>
    public CategoryReading Categories { get; init; }

    /// <summary>Categories that are known, one list for each column of the table that comes out and null for columns of numbers: those of a model. Default: found in the file.</summary>
    public IReadOnlyList<IReadOnlyList<string>?>? KnownCategories { get; init; }
}

/// <summary>Which columns hold categories, which become their indices: in ordinal order, or in the order of the numbers where all are numbers.</summary>
public enum CategoryReading
{
    /// <summary>None: a column of text cannot be observed.</summary>
    None,

    /// <summary>Columns of text.</summary>
    Text,

    /// <summary>Every column.</summary>
    All,
}
