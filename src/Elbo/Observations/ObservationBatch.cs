namespace Elbo.Observations;

/// <summary>A run of rows, as an E-step reads it.</summary>
/// <param name="values">The values, row after row.</param>
/// <param name="columns">How many columns a row has.</param>
public readonly ref struct ObservationBatch(ReadOnlySpan<double> values, int columns)
{
    /// <summary>The values, row after row.</summary>
    public ReadOnlySpan<double> Values { get; } = values;

    /// <summary>How many columns a row has.</summary>
    public int Columns { get; } = columns;

    /// <summary>How many rows there are.</summary>
    public int Count => Values.Length / Columns;

    /// <summary>One weight for each row; empty where every row counts once.</summary>
    public ReadOnlySpan<double> Weights { get; init; }

    /// <summary>K known responsibilities for each row, NaN where they are not known; empty where none are.</summary>
    public ReadOnlySpan<double> Responsibilities { get; init; }

    /// <summary>The lengths of the sequences that the rows make; empty where all rows are one.</summary>
    public ReadOnlySpan<int> SequenceLengths { get; init; }
}
