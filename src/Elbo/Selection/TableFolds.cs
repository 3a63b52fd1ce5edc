using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Selection;

/// <summary>A table cut into folds by a seed: rows, or whole sequences where it has any.</summary>
sealed class TableFolds
{
    readonly ObservationTable _table;
    readonly bool _areSequences;

    /// <summary>The rows of each unit: its first, and how many.</summary>
    readonly (int First, int Count)[] _units;

    readonly int[] _foldOf;

    public TableFolds(ObservationTable table, int folds, ulong seed, bool areSequences)
    {
        (_table, _areSequences, Count) = (table, areSequences, folds);
        _units = areSequences ? Sequences(table) : [.. Enumerable.Range(0, table.RowCount).Select(row => (row, 1))];
        if (_units.Length < folds)
        {
            throw new ArgumentException(areSequences
                ? $"Held-out likelihood of a hidden Markov model leaves out whole sequences, and there are {_units.Length} for {folds} folds. Name a sequence column, or take another criterion."
                : $"There are {_units.Length} rows for {folds} folds.");
        }
        // Folds in turn, then shuffled (Fisher and Yates), so that they are of one size.
        _foldOf = [.. Enumerable.Range(0, _units.Length).Select(unit => unit % folds)];
        var random = new Philox(seed);
        for (int unit = _units.Length - 1; unit > 0; unit--)
        {
            int other = random.NextInt32(unit + 1);
            (_foldOf[unit], _foldOf[other]) = (_foldOf[other], _foldOf[unit]);
        }
    }

    /// <summary>How many folds there are.</summary>
    public int Count { get; }

    /// <summary>The rows to fit when a fold is left out, with what is known of them.</summary>
    public ObservationTable Training(int fold) => Take([.. _units.Where((_, unit) => _foldOf[unit] != fold)]);

    /// <summary>The rows that are left out.</summary>
    public ObservationTable HeldOut(int fold) => Take([.. _units.Where((_, unit) => _foldOf[unit] == fold)]);

    static (int First, int Count)[] Sequences(ObservationTable table)
    {
        int[] lengths = table.SequenceLengths.IsEmpty ? [table.RowCount] : table.SequenceLengths.ToArray();
        var units = new (int, int)[lengths.Length];
        for (int i = 0, first = 0; i < lengths.Length; first += lengths[i++]) units[i] = (first, lengths[i]);
        return units;
    }

    ObservationTable Take((int First, int Count)[] units)
    {
        int columns = _table.ColumnCount, components = _table.Responsibilities.Length / _table.RowCount;
        int[] rows = [.. units.SelectMany(unit => Enumerable.Range(unit.First, unit.Count))];
        var taken = new ObservationTable([.. rows.SelectMany(row => _table.Row(row).ToArray())], columns, _table.ColumnNames);
        if (!_table.Weights.IsEmpty) taken = taken.WithWeights([.. rows.Select(row => _table.Weights[row])]);
        if (components > 0) taken = taken.WithResponsibilities([.. rows.SelectMany(row => _table.Responsibilities.Slice(row * components, components).ToArray())], components);
        return _areSequences ? taken.WithSequences([.. units.Select(unit => unit.Count)]) : taken;
    }
}
