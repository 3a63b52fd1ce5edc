namespace Elbo.Observations;

/// <summary>Rows of numbers to fit a mixture or a hidden Markov model to. Immutable; safe to read from many threads.</summary>
/// <remarks>Categories are held as their indices 0, 1, …; a response to be explained is the last column.</remarks>
public sealed class ObservationTable
{
    readonly double[] _values;
    readonly double[] _weights = [];
    readonly double[] _responsibilities = [];
    readonly int[] _sequenceLengths = [];
    string? _checksum;

    /// <summary>A table of rows.</summary>
    /// <param name="values">The values, row after row; the array must not change afterwards.</param>
    /// <param name="columns">How many columns a row has, ≥ 1.</param>
    /// <param name="columnNames">Their names; null calls them x1, x2, …</param>
    /// <exception cref="ArgumentException">A value is not finite (the message names row and column), there is no row, or the names do not fit.</exception>
    public ObservationTable(double[] values, int columns, IReadOnlyList<string>? columnNames = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (values.Length == 0 || values.Length % columns != 0)
            throw new ArgumentException($"{values.Length} values do not make rows of {columns}; at least one row is needed.", nameof(values));
        if (columnNames is not null && columnNames.Count != columns)
            throw new ArgumentException($"There are {columnNames.Count} names for {columns} columns.", nameof(columnNames));
        _values = values;
        ColumnNames = columnNames is null ? [.. Enumerable.Range(1, columns).Select(number => $"x{number}")] : [.. columnNames];
        for (int i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i]))
                throw new ArgumentException($"Row {i / columns + 1}, column '{ColumnNames[i % columns]}' is {values[i]}, which is no number. Leave the row out or fill it in.", nameof(values));
    }

    ObservationTable(ObservationTable other, double[]? weights = null, double[]? responsibilities = null, int[]? sequenceLengths = null)
    {
        _values = other._values;
        ColumnNames = other.ColumnNames;
        _weights = weights ?? other._weights;
        _responsibilities = responsibilities ?? other._responsibilities;
        _sequenceLengths = sequenceLengths ?? other._sequenceLengths;
    }

    /// <summary>One name for each column.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>How many columns a row has.</summary>
    public int ColumnCount => ColumnNames.Count;

    /// <summary>How many rows there are.</summary>
    public int RowCount => _values.Length / ColumnCount;

    /// <summary>All values, row after row.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>One row.</summary>
    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(checked(row * ColumnCount), ColumnCount);

    /// <summary>One weight ≥ 0 for each row; empty where every row counts once.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The sum of all weights.</summary>
    public double TotalWeight => _weights.Length == 0 ? RowCount : _weights.Sum();

    /// <summary>
    /// Responsibilities that are known, K for each row, and NaN in rows where they are not; empty where none are.
    /// They stay as they are in every E-step (semi-supervised fits).
    /// </summary>
    public ReadOnlySpan<double> Responsibilities => _responsibilities;

    /// <summary>The lengths of the sequences that the rows make, in order; empty where all rows are one sequence. Mixtures do not look at them.</summary>
    public ReadOnlySpan<int> SequenceLengths => _sequenceLengths;

    /// <summary>
    /// SHA-256 over column names, values, weights, responsibilities and lengths of sequences, as 64 hexadecimal digits: equal for equal content, whatever file it came from. Computed when first asked for.
    /// </summary>
    public string Checksum => _checksum ??= TableChecksum.Of(this);

    /// <summary>The same rows with weights.</summary>
    /// <exception cref="ArgumentException">A weight is negative or not finite, all are 0, or there is not one for each row.</exception>
    public ObservationTable WithWeights(double[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Length != RowCount) throw new ArgumentException($"There are {weights.Length} weights for {RowCount} rows.", nameof(weights));
        for (int i = 0; i < weights.Length; i++)
            if (!(weights[i] >= 0 && double.IsFinite(weights[i]))) throw new ArgumentException($"The weight of row {i + 1} is {weights[i]}; it must be 0 or more.", nameof(weights));
        if (weights.All(weight => weight == 0)) throw new ArgumentException("Every weight is 0.", nameof(weights));
        return new ObservationTable(this, weights: weights);
    }

    /// <summary>The same rows, with the component of some of them known.</summary>
    /// <param name="labels">A component's index for each row, or −1 where it is not known.</param>
    /// <param name="components">K.</param>
    public ObservationTable WithLabels(ReadOnlySpan<int> labels, int components)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        var responsibilities = new double[checked(labels.Length * components)];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] < -1 || labels[i] >= components)
                throw new ArgumentException($"The label of row {i + 1} is {labels[i]}; it must be a component from 0 to {components - 1}, or -1 for unknown.", nameof(labels));
            Span<double> row = responsibilities.AsSpan(i * components, components);
            if (labels[i] == -1) row.Fill(double.NaN);
            else row[labels[i]] = 1;
        }
        return WithResponsibilities(responsibilities, components);
    }

    /// <summary>The same rows, with the responsibilities of some of them known.</summary>
    /// <param name="responsibilities">K numbers for each row that add up to 1, or all NaN where they are not known.</param>
    /// <param name="components">K.</param>
    /// <exception cref="ArgumentException">A row does not add up to 1, or the lengths do not fit.</exception>
    public ObservationTable WithResponsibilities(double[] responsibilities, int components)
    {
        ArgumentNullException.ThrowIfNull(responsibilities);
        if (responsibilities.Length != (long)RowCount * components)
            throw new ArgumentException($"{responsibilities.Length} responsibilities are not {components} for each of {RowCount} rows.", nameof(responsibilities));
        for (int i = 0; i < RowCount; i++)
        {
            ReadOnlySpan<double> row = responsibilities.AsSpan(i * components, components);
            double sum = 0;
            int missing = 0;
            foreach (double value in row)
            {
                if (double.IsNaN(value)) missing++;
                else if (!(value >= 0)) throw new ArgumentException($"Row {i + 1} has the responsibility {value}.", nameof(responsibilities));
                else sum += value;
            }
            if (missing != components && (missing > 0 || Math.Abs(sum - 1) > 1e-9))
                throw new ArgumentException($"The responsibilities of row {i + 1} add up to {sum:R} and not to 1 (all NaN says that they are not known).", nameof(responsibilities));
        }
        return new ObservationTable(this, responsibilities: responsibilities);
    }

    /// <summary>The same rows, with nothing known of their components.</summary>
    internal ObservationTable WithoutResponsibilities() => _responsibilities.Length == 0 ? this : new ObservationTable(this, responsibilities: []);

    /// <summary>The same rows as sequences, one after another.</summary>
    /// <exception cref="ArgumentException">A length is below 1, or they do not add up to the number of rows.</exception>
    public ObservationTable WithSequences(params int[] lengths)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        for (int i = 0; i < lengths.Length; i++)
            if (lengths[i] < 1) throw new ArgumentException($"Sequence {i + 1} has the length {lengths[i]}.", nameof(lengths));
        if (lengths.Sum(length => (long)length) != RowCount) throw new ArgumentException($"The sequences have {lengths.Sum(length => (long)length)} rows together, and the table has {RowCount}.", nameof(lengths));
        return new ObservationTable(this, sequenceLengths: lengths);
    }
}
