using Elbo.Observations;

namespace Elbo.Text;

/// <summary>Observations from a file.</summary>
public sealed record ObservationData
{
    /// <summary>The rows, with weights and sequences.</summary>
    public required ObservationTable Table { get; init; }

    /// <summary>The categories of each column in the order of their indices; null for a column of numbers.</summary>
    public required IReadOnlyList<IReadOnlyList<string>?> Categories { get; init; }

    /// <summary>The names of known components, in the order of their indices; empty where no label column was read.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>For each row the index of its label, −1 where it is not known; empty where no label column was read.</summary>
    public IReadOnlyList<int> Labels { get; init; } = [];

    /// <summary>For each row the index of its group in the partition to compare with, −1 where it is not known; empty where none was read.</summary>
    public IReadOnlyList<int> Comparison { get; init; } = [];

    /// <summary>The names of the sequences in their order; empty where no sequence column was read.</summary>
    public IReadOnlyList<string> SequenceNames { get; init; } = [];

    /// <summary>Columns that were not read by default, and why.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>The rows with the components that are known of them: the names in their order are components 0, 1, …</summary>
    /// <param name="components">How many components there are.</param>
    /// <exception cref="InvalidDataException">There are more names than components.</exception>
    public ObservationTable Labelled(int components)
    {
        if (Labels.Count == 0) return Table;
        return LabelNames.Count <= components ? Table.WithLabels([.. Labels], components)
            : throw new InvalidDataException($"The column of labels has {LabelNames.Count} labels ({string.Join(", ", LabelNames)}), and there are {components} components. Give more components (-k).");
    }
}
