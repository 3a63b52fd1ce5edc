using Elbo.Engine;
using Elbo.Observations;

namespace Elbo.HiddenMarkov;

/// <summary>
/// The rows of a table in groups of whole sequences, for models in which the rows of a sequence belong together. Without sequence lengths all rows are one sequence.
/// </summary>
public sealed class SequenceShards : IShards<ObservationBatch>
{
    /// <summary>A group is closed when it has this many rows. It decides in which order sums are formed, so another number gives other last bits.</summary>
    const int RowsPerShard = 4096;

    readonly ObservationTable _table;
    readonly List<(int FirstRow, int Rows, int FirstSequence, int Sequences)> _groups = [];

    /// <summary>Cuts a table between sequences, and checks what the rows of a sequence must have in common.</summary>
    /// <param name="table">The rows.</param>
    /// <exception cref="ArgumentException">The rows of a sequence differ in weight, or the state of a row is known in part only; the message names the place.</exception>
    public SequenceShards(ObservationTable table) : this(table, ignoreWeights: false)
    {
    }

    internal SequenceShards(ObservationTable table, bool ignoreWeights)
    {
        ArgumentNullException.ThrowIfNull(table);
        _table = table;
        ReadOnlySpan<int> lengths = table.SequenceLengths.IsEmpty ? [table.RowCount] : table.SequenceLengths;
        if (!ignoreWeights) CheckWeights(table, lengths);
        CheckKnown(table);
        int row = 0, rows = 0, first = 0;
        for (int sequence = 0; sequence < lengths.Length; sequence++)
        {
            rows += lengths[sequence];
            if (rows < RowsPerShard && sequence + 1 < lengths.Length) continue;
            _groups.Add((row, rows, first, sequence + 1 - first));
            (row, rows, first) = (row + rows, 0, sequence + 1);
        }
    }

    /// <inheritdoc/>
    public int Count => _groups.Count;

    /// <inheritdoc/>
    public ObservationBatch Read(int shard)
    {
        (int first, int rows, int firstSequence, int sequences) = _groups[shard];
        int columns = _table.ColumnCount, states = _table.Responsibilities.Length / _table.RowCount;
        return new ObservationBatch(_table.Values.Slice(first * columns, rows * columns), columns)
        {
            Weights = _table.Weights.IsEmpty ? default : _table.Weights.Slice(first, rows),
            Responsibilities = states == 0 ? default : _table.Responsibilities.Slice(first * states, rows * states),
            SequenceLengths = _table.SequenceLengths.IsEmpty ? default : _table.SequenceLengths.Slice(firstSequence, sequences),
        };
    }

    static void CheckWeights(ObservationTable table, ReadOnlySpan<int> lengths)
    {
        if (table.Weights.IsEmpty) return;
        for (int sequence = 0, first = 0; sequence < lengths.Length; first += lengths[sequence++])
        {
            int other = table.Weights.Slice(first, lengths[sequence]).IndexOfAnyExcept(table.Weights[first]);
            if (other >= 0)
                throw new ArgumentException($"Sequence {sequence + 1} has rows of different weights ({table.Weights[first]:R} in row {first + 1}, {table.Weights[first + other]:R} in row {first + other + 1}). A sequence has one weight: give it to all of its rows.", nameof(table));
        }
    }

    static void CheckKnown(ObservationTable table)
    {
        int states = table.Responsibilities.Length / table.RowCount;
        for (int row = 0; states > 0 && row < table.RowCount; row++)
        {
            ReadOnlySpan<double> known = table.Responsibilities.Slice(row * states, states);
            if (double.IsNaN(known[0])) continue;
            if (known.Count(1.0) != 1 || known.Count(0.0) != states - 1)
                throw new ArgumentException($"Row {row + 1} has responsibilities for more than one state. In a hidden Markov model the state of a row is known (a single 1) or not known (NaN).", nameof(table));
        }
    }
}
