using System.CommandLine;
using Elbo.Cli.Commands;
using Elbo.Cli.Terminal;
using Elbo.Text;

namespace Elbo.Cli.Inputs;

/// <summary>The options that say which table is read, and which of its columns as what.</summary>
sealed class TableOptions
{
    readonly Choice<TextFormat> _format = new("--format", "What the input is; auto tells by its name.", TextFormat.Auto,
        ("auto", TextFormat.Auto), ("csv", TextFormat.Csv), ("tsv", TextFormat.Tsv), ("jsonl", TextFormat.Json), ("parquet", TextFormat.Parquet));
    readonly Option<string[]> _columns = CommonOptions.Names("--columns", "a,b,c", "The columns to fit, in this order; by default every column of numbers that has no other use and does not just name the rows.");
    readonly Option<string?> _response = Column("--response", "The column that a regression explains by the others.");
    readonly Option<string?> _weights = Column("--weights", "A column of weights: a row of weight 2 counts as two rows.");
    readonly Option<string?> _labels = Column("--labels", "A column that names the component of a row where that is known, and is empty where it is not. Known components stay as they are.");
    readonly Option<string?> _sequence = Column("--sequence", "The column that tells sequences apart; their rows stand together, in order. By default all rows are one sequence.");
    readonly Option<string?> _compare = Column("--compare", "A column to compare the components with, by the adjusted Rand index. It does not enter the fit.");

    /// <param name="command">The verb.</param>
    /// <param name="choosesColumns">Whether columns are chosen; else a model knows them.</param>
    /// <param name="hasSequences">Whether rows may form sequences.</param>
    /// <param name="hasLabels">Whether components may be known.</param>
    /// <param name="compares">Whether components are compared with a column.</param>
    public TableOptions(Command command, bool choosesColumns, bool hasSequences, bool hasLabels = false, bool compares = true)
    {
        Option[] options = [_format.Option, .. If(choosesColumns, _columns, _response), _weights, .. If(hasLabels, _labels), .. If(hasSequences, _sequence), .. If(compares, _compare)];
        command.Add(Input);
        foreach (Option option in options) command.Add(option);

        static Option[] If(bool there, params Option[] options) => there ? options : [];
    }

    public Argument<string> Input { get; } = new("INPUT") { Description = "A table: .csv, .tsv, .jsonl (each also as .gz) or .parquet; or a pattern of several with the same columns, such as \"parts/*.csv\"." };

    /// <param name="parsed">The command line.</param>
    /// <param name="families">The families that are fitted; none where a model knows its columns.</param>
    public ObservationColumns Read(ParseResult parsed, params IReadOnlyCollection<string> families)
    {
        bool explains = families.Contains(TableFitOptions.Regression);
        if (explains && parsed.GetValue(_response) is null) throw new UsageException("the family regression needs the column that it explains: --response COLUMN.");
        if (parsed.GetValue(_response) is not null && families.Any(family => family != TableFitOptions.Regression)) throw new UsageException($"--response is for the family {TableFitOptions.Regression}. Leave the option out, or name the family.");
        return new ObservationColumns
        {
            Categories = families.Select(TableFitOptions.CategoriesOf).DefaultIfEmpty().Max(),
            Format = _format.Read(parsed),
            Values = parsed.GetValue(_columns) is { Length: > 0 } columns ? columns : null,
            Response = parsed.GetValue(_response),
            Weights = parsed.GetValue(_weights),
            Labels = parsed.GetValue(_labels),
            Sequence = parsed.GetValue(_sequence),
            Comparison = parsed.GetValue(_compare),
        };
    }

    /// <summary>Reads a table, and says what was read and what was not.</summary>
    public static ObservationData Open(string path, ObservationColumns columns, Reporter reporter, CancellationToken cancellationToken)
    {
        ObservationData data = reporter.Working($"reading {path}", _ => ObservationFile.Read(path, columns, cancellationToken));
        if (data.Comparison.Count > 0 && data.Comparison.All(group => group < 0)) throw new InvalidDataException($"The column '{columns.Comparison}' to compare with is empty.");
        string weight = data.Table.Weights.IsEmpty ? "" : $" (weight {Numbers.Short(data.Table.TotalWeight)})";
        string sequences = data.SequenceNames.Count == 0 ? "" : $", {Numbers.Plural(data.SequenceNames.Count, "sequence")}";
        reporter.Say($"{path}: {Numbers.Plural(data.Table.RowCount, "row")}{weight}{sequences}, {Numbers.Plural(data.Table.ColumnCount, "column")}: {string.Join(", ", data.Table.ColumnNames)}");
        if (data.LeftOut.Count > 0) reporter.Say($"left out: {string.Join(", ", data.LeftOut)}");
        return data;
    }

    static Option<string?> Column(string name, string description) => new(name) { Description = description, HelpName = "column" };
}
