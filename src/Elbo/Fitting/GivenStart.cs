using Elbo.Engine;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>Where a fit begins when that is not left to a <see cref="StartMethod"/>: labels, responsibilities or parameters. Immutable.</summary>
public sealed class GivenStart
{
    readonly int[]? _labels;
    readonly double[]? _responsibilities;

    GivenStart(int[]? labels = null, double[]? responsibilities = null, TensorSet? parameters = null)
    {
        _labels = labels;
        _responsibilities = responsibilities;
        Parameters = parameters;
    }

    internal TensorSet? Parameters { get; }

    /// <summary>An M-step from a component for each row.</summary>
    public static GivenStart FromLabels(ReadOnlySpan<int> labels) => new(labels: labels.ToArray());

    /// <summary>An M-step from K responsibilities for each row, which add up to 1.</summary>
    public static GivenStart FromResponsibilities(ReadOnlySpan<double> responsibilities) => new(responsibilities: responsibilities.ToArray());

    /// <summary>Parameters, such as those of a fitted model. What lies below a floor of the family is raised to it.</summary>
    public static GivenStart FromParameters(TensorSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new(parameters: parameters);
    }

    internal double[] ResponsibilitiesOf(ObservationTable table, int components)
    {
        if (_responsibilities is not null) return _responsibilities;
        if (_labels!.Length != table.RowCount) throw new ArgumentException($"There are {_labels.Length} labels to start from for {table.RowCount} rows.");
        for (int i = 0; i < _labels.Length; i++)
            if (_labels[i] < 0 || _labels[i] >= components) throw new ArgumentException($"Row {i + 1} is to start in component {_labels[i]}; there are 0 to {components - 1}.");
        return Starts.FromLabels(_labels, components);
    }
}
