using Elbo.Cli.Inputs;
using Elbo.Fitting;
using Elbo.Text;

namespace Elbo.Cli.Commands;

/// <summary>A fit of a mixture or a hidden Markov model that was asked for.</summary>
sealed record TableFitJob
{
    const string PathKey = "path";

    public required string InputPath { get; init; }

    public required ObservationColumns Columns { get; init; }

    public required FitOptions Options { get; init; }

    public required FitTarget Target { get; init; }

    /// <summary>The cluster to fit on; null fits here.</summary>
    public ClusterTarget? Cluster { get; init; }

    /// <summary>Where to go on from; null begins.</summary>
    public FitCheckpoint? From { get; init; }

    /// <summary>What a checkpoint keeps besides the state of the fit.</summary>
    public Dictionary<string, string> ToProperties()
    {
        var properties = new Dictionary<string, string>(Columns.ToProperties()) { [PathKey] = Path.GetFullPath(InputPath) };
        Target.Write(properties);
        return properties;
    }

    /// <summary>The fit that wrote a checkpoint, from there on; it goes on writing the same checkpoint.</summary>
    public static TableFitJob FromCheckpoint(string path)
    {
        (FitCheckpoint checkpoint, IReadOnlyDictionary<string, string> properties) = FitCheckpointFile.Load(path);
        return new TableFitJob
        {
            Target = FitTarget.FromCheckpoint(path, properties),
            InputPath = properties.GetValueOrDefault(PathKey) ?? throw new InvalidDataException($"'{path}' does not say what the fit reads: it was not written by 'elbo fit'."),
            Columns = ObservationColumns.FromProperties(properties),
            Options = checkpoint.Options,
            From = checkpoint,
        };
    }
}
