using Elbo.Engine;
using Elbo.Files;
using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Reports.Fits;
using Elbo.Reports.Pages;

namespace Elbo.Reports.Tables;

/// <summary>
/// A mixture or a hidden Markov model as one self-contained HTML page: its components and their parameters, densities over the data, who belongs where and how surely,
/// paths of states, and why the fit can be trusted. Immutable.
/// </summary>
public sealed class TableReport
{
    /// <summary>More columns than this are not drawn; the tables have all.</summary>
    const int MostColumns = 40;

    /// <summary>So many rows are drawn from a model that comes without any, to see how far its densities reach.</summary>
    const int RangeRows = 2000;

    readonly FittedModel _model;
    readonly TableSchema _schema;
    readonly ObservationTable? _table;
    readonly Prediction? _prediction;
    readonly TableReportOptions _options;

    TableReport(FittedModel model, TableSchema schema, ObservationTable? table, TableReportOptions options)
    {
        (_model, _schema, _table, _options) = (model, schema, table, options);
        _prediction = table is null ? null : model.Predict(table);
        ComponentEntry[] components = Components(out double[] shares, out Emission? emission, out ChainEntry? chain);
        Grids = [.. ParameterGrid.Of(model, schema, [.. components.Select(component => component.Name is null ? $"{component.Id}" : $"{component.Id} {component.Name}")], Unit)];
        int columns = Math.Min(model.Record.ColumnNames.Count, MostColumns);
        Page = new TablePage
        {
            Title = options.Title ?? $"{char.ToUpperInvariant(model.Family.Name[0])}{model.Family.Name[1..]} {(IsChain ? "hidden Markov model" : "mixture")}: {string.Join(", ", model.Record.ColumnNames.Take(4))}{(model.Record.ColumnNames.Count > 4 ? ", …" : "")}",
            Summary = $"{(IsChain ? "Hidden Markov model" : "Mixture")} of {components.Length} {Unit}{(components.Length == 1 ? "" : "s")}, family {model.Family.Name}",
            Unit = Unit,
            Facts = TableFacts.Of(model),
            Settings = TableFacts.Settings(model),
            Warnings = new TableWarnings(model, components, k => components[k].Name is { } name ? $"{Unit} {k} ({name})" : $"{Unit} {k}", Unit).Find(table, _prediction),
            Components = components,
            Grids = [.. Grids.Select(grid => grid.Cut(MostColumns))],
            Columns = Columns(emission, shares, columns),
            ColumnCount = model.Record.ColumnNames.Count,
            Clouds = [.. (emission?.Clouds ?? []).Select(cloud => Cut(cloud, columns))],
            Lines = emission?.Lines ?? [],
            Chain = chain,
            Rows = _prediction is null ? null : RowChoice.Of(table!, _prediction, columns, model.LogLikelihood(table!), options),
            Trust = Trust(model.Record),
        };
    }

    /// <summary>What the page shows.</summary>
    internal TablePage Page { get; }

    /// <summary>All parameters, uncut.</summary>
    internal IReadOnlyList<ParameterGrid> Grids { get; }

    bool IsChain => _model.Record.Options.Structure == LatentStructure.HiddenMarkov;

    string Unit => IsChain ? "state" : "component";

    /// <summary>Every table behind the page, with all rows, columns and parameters.</summary>
    public IReadOnlyList<ReportTable> Tables => TableTables.Of(this, _model, _table, _prediction, _schema, _options);

    /// <summary>Computes what a page shows.</summary>
    /// <param name="model">The model.</param>
    /// <param name="schema">What its columns and components are called.</param>
    /// <param name="table">Rows to show, usually those of the fit, their columns in its order; null shows the model alone.</param>
    /// <param name="options">Everything else; null for the defaults.</param>
    /// <exception cref="ArgumentException">The rows do not fit the model, or an option is out of range.</exception>
    public static TableReport Create(FittedModel model, TableSchema schema, ObservationTable? table = null, TableReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(schema);
        options ??= new TableReportOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Rows, 1, nameof(options));
        int sequences = Math.Max(1, table?.SequenceLengths.Length ?? 1);
        if (options.SequenceNames.Count > 0 && options.SequenceNames.Count != sequences)
            throw new ArgumentException($"There are {options.SequenceNames.Count} names for {sequences} sequences.", nameof(options));
        return new TableReport(model, schema, table, options);
    }

    /// <summary>Writes the page. It is there when it is whole, or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => Pages.Page.Save(path, Page.Title, "tables.html", ["tables.js", "chain.js", "rows.js", "trust.js"], Page, PageJson.Default.TablePage);

    ComponentEntry[] Components(out double[] shares, out Emission? emission, out ChainEntry? chain)
    {
        int count = _model.Components;
        var weights = new double[count];
        var uncertainties = new double[count];
        int[] rows = new int[count], visits = new int[count];
        for (int row = 0; row < _prediction?.Rows; row++)
        {
            double weight = _table!.Weights.IsEmpty ? 1 : _table.Weights[row];
            ReadOnlySpan<double> own = _prediction.Of(row);
            for (int k = 0; k < count; k++) weights[k] += weight * own[k];
            int component = _prediction.MostLikely(row);
            rows[component]++;
            uncertainties[component] += _prediction.Uncertainty(row);
            if (_prediction.Path is { } path) visits[path[row]]++;
        }
        TensorSet parameters = _model.Parameters;
        chain = IsChain ? Chains.Of(parameters) : null;
        shares = !IsChain ? parameters.Doubles("weights", TensorConstraint.Simplex, count) : _prediction is null ? chain!.LongRun : [.. weights.Select(weight => weight / weights.Sum())];
        emission = Emission.Of(_model.Family.Name, parameters, count);
        bool hasNoise = emission?.HasNoise == true;
        double[] share = shares;
        return
        [
            .. Enumerable.Range(0, count).Select(k => new ComponentEntry
            {
                Id = k,
                Name = k < _schema.ComponentNames.Count ? _schema.ComponentNames[k] : hasNoise && k == count - 1 ? "noise" : null,
                Share = share[k],
                Weight = _prediction is null ? null : weights[k],
                Rows = _prediction is null ? null : rows[k],
                PathRows = _prediction?.Path is null ? null : visits[k],
                Uncertainty = rows[k] == 0 ? null : uncertainties[k] / rows[k],
            }),
        ];
    }

    ColumnEntry[] Columns(Emission? emission, double[] shares, int count)
    {
        // A regression does not draw its regressors, and has no densities to draw either.
        if (_table is null && (emission is null || emission.Density is null)) return [];
        ObservationTable range = _table ?? _model.Draw([RangeRows], _options.Seed).Table;
        var entries = new ColumnEntries(emission, shares, range, _table);
        return [.. Enumerable.Range(0, count).Select(column => entries.Of(column, _schema.CategoriesOf(column), count))];
    }

    static Cloud Cut(Cloud cloud, int columns)
    {
        int all = cloud.Mean.Length;
        return cloud with
        {
            Mean = [.. cloud.Mean.Take(columns).Select(value => value.To(Rounding.Digits))],
            Covariance = [.. Enumerable.Range(0, columns * columns).Select(place => cloud.Covariance[place / columns * all + place % columns].To(Rounding.Digits))],
        };
    }

    static TableTrust Trust(FitRecord record) => new(FitWords.Stop(record), FitWords.Certificate(record), FitTrace.Of(record.Traces[record.BestStart], []),
        [.. record.Traces.Select((trace, start) => new StartTrace(start, start == record.BestStart, [.. trace.Select(step => step.Objective)]))], record.Notes);
}
