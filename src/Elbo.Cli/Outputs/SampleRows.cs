using System.Globalization;
using Elbo.Fitting;

namespace Elbo.Cli.Outputs;

/// <summary>Drawn rows as a table that can be read again: categories under their names, sequences numbered from 1.</summary>
sealed class SampleRows(Sample sample, TableSchema schema, IReadOnlyList<int> lengths, bool withComponent)
{
    public IReadOnlyList<(string Name, Type Type)> Columns =>
    [
        .. HasSequences ? [(schema.SequenceColumn ?? "sequence", typeof(int))] : Array.Empty<(string, Type)>(),
        .. sample.Table.ColumnNames.Select((name, column) => (name, schema.CategoriesOf(column) is null ? typeof(double) : typeof(string))),
        .. withComponent ? [("component", typeof(int))] : Array.Empty<(string, Type)>(),
    ];

    bool HasSequences => lengths.Count > 1 || schema.SequenceColumn is not null;

    public IEnumerable<object?[]> Values(CancellationToken cancellationToken)
    {
        int row = 0;
        for (int sequence = 0; sequence < lengths.Count; sequence++)
        {
            for (int end = row + lengths[sequence]; row < end; row++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return
                [
                    .. HasSequences ? [sequence + 1] : Array.Empty<object?>(),
                    .. sample.Table.Row(row).ToArray().Select(Value),
                    .. withComponent ? [sample.Components[row]] : Array.Empty<object?>(),
                ];
            }
        }
    }

    object? Value(double value, int column)
    {
        if (schema.CategoriesOf(column) is not { } categories) return value;
        return value < categories.Count ? categories[(int)value] : value.ToString("R", CultureInfo.InvariantCulture);
    }
}
