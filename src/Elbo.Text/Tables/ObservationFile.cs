using Elbo.Observations;

namespace Elbo.Text;

/// <summary>Reads rows of numbers and categories from a table: CSV, TSV, JSON (each gzipped or not) or Parquet. All of it is in memory afterwards.</summary>
public static class ObservationFile
{
    /// <summary>Columns that number or name the rows, as other programs write them; R leaves the name empty.</summary>
    static readonly string[] RowNames = ["rownames", "row.names", "row_names", "Unnamed: 0", "id"];

    /// <summary>Reads a table.</summary>
    /// <param name="path">
    /// One file; or a pattern, in which <c>*</c> and <c>?</c> stand for any characters of one name and <c>**</c> for folders of any depth: its files, in ordinal order of their names, are read as one table. They must have
    /// the same columns.
    /// </param>
    /// <param name="columns">Which columns, and as what.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or none fits the pattern.</exception>
    /// <exception cref="InvalidDataException">A file is no table, a column is missing, or a value is missing or not what the column must hold; the message names file, row and column.</exception>
    /// <exception cref="ArgumentException">A column is given two uses.</exception>
    public static ObservationData Read(string path, ObservationColumns? columns = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        columns ??= new ObservationColumns();
        bool isFile = File.Exists(path);
        if (!isFile && !Glob.IsPattern(path)) throw new FileNotFoundException($"Cannot read '{path}': there is no such file.", path);
        IReadOnlyList<SourceFile> files = FileFinder.Find(path, columns.Format);
        Reading? reading = null;
        foreach (SourceFile file in files)
        {
            using TableReader table = Open(file, isFile ? path : file.Name, columns.Format);
            reading ??= new Reading(files.Count == 1 ? file.Name : path, file.Name, table, columns);
            reading.Add(file.Name, table, cancellationToken);
        }
        return reading!.Finish();
    }

    static TableReader Open(SourceFile file, string name, TextFormat format)
    {
        if (format == TextFormat.Auto) format = Formats.Of(file.Name);
        if (format == TextFormat.Text) throw new InvalidDataException($"Cannot tell by its name what table '{name}' is. Name it .csv, .tsv, .jsonl or .parquet, or say its format.");
        return TableReader.Open(file, format);
    }

    /// <summary>One table on its way in, from one file or several.</summary>
    sealed class Reading
    {
        readonly string _file, _first;
        readonly IReadOnlyList<string> _header;
        readonly ObservationColumns _options;
        readonly TableRows _rows = new();
        readonly List<ColumnBuilder> _all = [];
        readonly List<ColumnBuilder> _values;
        readonly ColumnBuilder? _response, _weights, _labels, _comparison, _sequence;
        readonly List<string> _leftOut = [];

        /// <param name="name">What was asked for, for messages about all of it.</param>
        /// <param name="file">The first file, whose columns the others must have.</param>
        /// <param name="table">It, opened.</param>
        /// <param name="options">Which columns.</param>
        public Reading(string name, string file, TableReader table, ObservationColumns options)
        {
            IReadOnlyList<string> header = table.Columns;
            if (header.Count == 0) throw new InvalidDataException($"'{file}' is empty: it has no columns.");
            (_file, _first, _header, _options) = (name, file, header, options);
            bool keepsText = options.Categories != CategoryReading.None;
            _response = Role(options.Response, false);
            _weights = Role(options.Weights, false);
            _labels = Role(options.Labels, true);
            _sequence = Role(options.Sequence, true);
            List<ColumnBuilder> roles = [.. _all];
            string? compared = options.Comparison is null ? null : TableColumns.Find(header, options.Comparison, file);
            _values = options.Values is { } names
                ? [.. names.Select(name => Role(name, keepsText)!)]
                : [.. header.Where(name => roles.TrueForAll(role => role.Name != name) && name != compared && !NamesRows(name)).Select(name => Role(name, keepsText)!)];
            if (compared is not null) _comparison = Role(compared, true, again: true);

            ColumnBuilder? Role(string? wanted, bool text, bool again = false)
            {
                if (wanted is null) return null;
                string name = TableColumns.Find(header, wanted, file);
                if (!again && _all.Exists(column => column.Name == name)) throw new ArgumentException($"The column '{name}' is named twice; a column has one use.", nameof(options));
                var column = new ColumnBuilder(name, text, _rows);
                _all.Add(column);
                return column;
            }

            bool NamesRows(string name)
            {
                bool row = RowNames.Contains(name, StringComparer.OrdinalIgnoreCase) || table.FirstIsUnnamed && name == header[0];
                if (row) _leftOut.Add($"{name} (names the rows)");
                return row;
            }
        }

        public void Add(string file, TableReader table, CancellationToken cancellationToken)
        {
            string[] missing = [.. _header.Except(table.Columns)], more = [.. table.Columns.Except(_header)];
            if (missing.Length > 0) throw new InvalidDataException($"'{file}' has no column '{missing[0]}', and '{_first}' has. Files that are read as one table must have the same columns.");
            if (more.Length > 0) throw new InvalidDataException($"'{file}' has a column '{more[0]}', and '{_first}' has none. Files that are read as one table must have the same columns.");
            _rows.Begin(file);
            foreach (string?[] row in table.Rows([.. _all.Select(column => column.Name)], cancellationToken))
            {
                _rows.Add();
                for (int column = 0; column < row.Length; column++) _all[column].Add(row[column]);
            }
        }

        public ObservationData Finish()
        {
            int rows = _rows.Count;
            if (rows == 0) throw new InvalidDataException($"'{_file}' has no rows.");
            List<ColumnBuilder> observed = Observed();
            if (_options.KnownCategories is { } known && known.Count != observed.Count)
                throw new InvalidDataException($"{_file}: the model has {known.Count} columns, and {observed.Count} were read: {string.Join(", ", observed.Select(column => column.Name))}.");
            string[]?[] categories = [.. observed.Select(CategoriesOf)];
            var values = new double[checked(rows * observed.Count)];
            for (int column = 0; column < observed.Count; column++)
            {
                double[] own = categories[column] is { } names ? [.. observed[column].Indices(names).Select(index => (double)index)] : observed[column].Numbers();
                for (int row = 0; row < rows; row++) values[row * observed.Count + column] = own[row];
            }
            var observations = new ObservationTable(values, observed.Count, [.. observed.Select(column => column.Name)]);
            if (_weights is not null) observations = observations.WithWeights(Weights(_weights));
            (int[] lengths, string[] sequences) = _sequence is null ? ([], []) : Sequences(_sequence);
            if (lengths.Length > 0) observations = observations.WithSequences(lengths);
            string[] labels = _labels?.Categories ?? [];
            return new ObservationData
            {
                Table = observations,
                Categories = categories,
                LabelNames = labels,
                Labels = _labels?.Indices(labels, mayBeMissing: true) ?? [],
                Comparison = _comparison?.Indices(_comparison.Categories, mayBeMissing: true) ?? [],
                SequenceNames = sequences,
                LeftOut = _leftOut,
            };
        }

        /// <summary>The columns of the table that comes out. By default those that can be observed; what is named must be.</summary>
        List<ColumnBuilder> Observed()
        {
            var observed = new List<ColumnBuilder>();
            foreach (ColumnBuilder column in _values)
            {
                if (_options.Values is not null || _options.Categories != CategoryReading.None || column.IsNumeric) observed.Add(column);
                else _leftOut.Add($"{column.Name} (text: {_rows.ShortOf(column.FirstText.Row)} is '{column.FirstText.Value}')");
            }
            if (_response is not null) observed.Add(_response);
            if (observed.Count == 0) throw new InvalidDataException($"'{_file}' has no column of numbers to read. Left out: {string.Join(", ", _leftOut)}.");
            return observed;
        }

        string[]? CategoriesOf(ColumnBuilder column, int place)
        {
            if (_options.KnownCategories is { } known) return known[place] is { } names ? [.. names] : null;
            return column != _response && (_options.Categories == CategoryReading.All || _options.Categories == CategoryReading.Text && !column.IsNumeric) ? column.Categories : null;
        }

        double[] Weights(ColumnBuilder column)
        {
            double[] weights = column.Numbers();
            int negative = Array.FindIndex(weights, weight => weight < 0);
            if (negative >= 0) throw new InvalidDataException(FormattableString.Invariant($"{_rows.Of(negative + 1)}, column '{column.Name}' is {weights[negative]:R}, and a weight must be 0 or more."));
            return weights;
        }

        (int[] Lengths, string[] Names) Sequences(ColumnBuilder column)
        {
            string[] names = column.Categories;
            int[] rows = column.Indices(names);
            var lengths = new List<int>();
            var order = new List<int>();
            var ended = new HashSet<int>();
            for (int row = 0; row < rows.Length; row++)
            {
                if (row > 0 && rows[row] == rows[row - 1])
                {
                    lengths[^1]++;
                    continue;
                }
                if (!ended.Add(rows[row]))
                    throw new InvalidDataException($"{_rows.Of(row + 1)} goes on with the sequence '{names[rows[row]]}' of column '{column.Name}', which had ended before. Sort the rows so that those of one sequence stand together.");
                order.Add(rows[row]);
                lengths.Add(1);
            }
            return ([.. lengths], [.. order.Select(sequence => names[sequence])]);
        }
    }
}
