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
}
