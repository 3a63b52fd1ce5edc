using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Terminal;
using Elbo.Fitting;
using Elbo.Text;

namespace Elbo.Cli.Outputs;

/// <summary>What a model says of rows, as a table.</summary>
sealed class PredictionRows(Prediction prediction, ObservationData data, TableSchema schema)
{
    /// <summary>A row whose component is less certain than this is counted as doubtful in the summary.</summary>
    const double Doubtful = 0.1;

    public IReadOnlyList<(string Name, Type Type)> Columns =>
    [
        ("row", typeof(int)),
        .. HasSequences ? [("sequence", typeof(string))] : None,
        ("component", typeof(int)),
        .. HasNames ? [("component_name", typeof(string))] : None,
        .. prediction.Path is null ? None : [("state", typeof(int))],
        ("uncertainty", typeof(double)),
        ("log_density", typeof(double)),
        .. Enumerable.Range(0, prediction.Components).Select(k => ($"responsibility_{k}", typeof(double))),
    ];

    static (string, Type)[] None => [];

    bool HasSequences => data.SequenceNames.Count > 0;

    bool HasNames => schema.ComponentNames.Count > 0;

    public IEnumerable<object?[]> Values(CancellationToken cancellationToken)
    {
        int sequence = 0, left = HasSequences ? data.Table.SequenceLengths[0] : 0;
        for (int row = 0; row < prediction.Rows; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (HasSequences && left-- == 0) left = data.Table.SequenceLengths[++sequence] - 1;
            int component = prediction.MostLikely(row);
            yield return
            [
                row + 1,
                .. HasSequences ? [data.SequenceNames[sequence]] : Array.Empty<object?>(),
                component,
                .. HasNames ? [NameOf(component)] : Array.Empty<object?>(),
                .. prediction.Path is { } path ? [path[row]] : Array.Empty<object?>(),
                prediction.Uncertainty(row),
                prediction.LogDensities[row],
                .. prediction.Of(row).ToArray().Cast<object?>(),
            ];
        }
    }

    public IEnumerable<string> Summary()
    {
        int doubtful = Enumerable.Range(0, prediction.Rows).Count(row => prediction.Uncertainty(row) > Doubtful);
        int[] sizes = Sizes();
        yield return string.Join("   ", sizes.Select((size, k) => $"component {k}{(NameOf(k) is { } name ? $" {name}" : "")}: {Numbers.Plural(size, "row")}"));
        yield return $"{Numbers.Plural(doubtful, "row")} belong{(doubtful == 1 ? "s" : "")} to another component than the likeliest with a probability above {Doubtful.ToString(CultureInfo.InvariantCulture)}";
    }

    public void WriteSizes(Utf8JsonWriter json)
    {
        json.WriteStartArray("component_rows");
        foreach (int size in Sizes()) json.WriteNumberValue(size);
        json.WriteEndArray();
    }

    string? NameOf(int component) => component < schema.ComponentNames.Count ? schema.ComponentNames[component] : null;

    int[] Sizes()
    {
        var sizes = new int[prediction.Components];
        for (int row = 0; row < prediction.Rows; row++) sizes[prediction.MostLikely(row)]++;
        return sizes;
    }
}
