namespace Elbo.Observations;

/// <summary>What is independent in a table, and may be left out or come in another order: its rows, or whole sequences.</summary>
sealed class TableUnits
{
    readonly ObservationTable _table;
    readonly bool _areSequences;
    readonly (int First, int Rows)[] _units;

    public TableUnits(ObservationTable table, bool areSequences)
    {
        (_table, _areSequences) = (table, areSequences);
        int[] lengths = !areSequences ? [.. Enumerable.Repeat(1, table.RowCount)] : table.SequenceLengths.IsEmpty ? [table.RowCount] : table.SequenceLengths.ToArray();
        _units = new (int, int)[lengths.Length];
        for (int i = 0, first = 0; i < lengths.Length; first += lengths[i++]) _units[i] = (first, lengths[i]);
    }

    public int Count => _units.Length;

    public int RowsOf(int unit) => _units[unit].Rows;

    /// <summary>The weight of a unit's first row, which for a sequence is that of all.</summary>
    public double WeightOf(int unit) => _table.Weights.IsEmpty ? 1 : _table.Weights[_units[unit].First];

    /// <summary>A table of some units in a given order, with what is known of them.</summary>
    public ObservationTable Take(IEnumerable<int> units)
    {
        int[] taken = [.. units];
        int columns = _table.ColumnCount, components = _table.Responsibilities.Length / _table.RowCount;
        int[] rows = [.. taken.SelectMany(unit => Enumerable.Range(_units[unit].First, _units[unit].Rows))];
        var values = new double[checked(rows.Length * columns)];
        for (int i = 0; i < rows.Length; i++) _table.Row(rows[i]).CopyTo(values.AsSpan(i * columns));
        var table = new ObservationTable(values, columns, _table.ColumnNames);
        if (!_table.Weights.IsEmpty) table = table.WithWeights([.. rows.Select(row => _table.Weights[row])]);
        if (components > 0) table = table.WithResponsibilities([.. rows.SelectMany(row => _table.Responsibilities.Slice(row * components, components).ToArray())], components);
        return _areSequences ? table.WithSequences([.. taken.Select(RowsOf)]) : table;
    }
}
