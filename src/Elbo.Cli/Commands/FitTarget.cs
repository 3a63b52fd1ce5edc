using System.CommandLine;
using System.Globalization;
using Elbo.Cli.Terminal;

namespace Elbo.Cli.Commands;

/// <summary>Where a fit puts its model and its checkpoints. A checkpoint keeps it, to go on in the same way.</summary>
sealed record FitTarget
{
    const string ModelKey = "output.model", EveryKey = "checkpoint_every";

    public required string ModelPath { get; init; }

    /// <summary>Null where no checkpoints are written.</summary>
    public string? CheckpointPath { get; init; }

    public int CheckpointEvery { get; init; } = 1;

    public bool IsDue(int iteration) => iteration % CheckpointEvery == 0;

    public void Write(Dictionary<string, string> into)
    {
        into[ModelKey] = Path.GetFullPath(ModelPath);
        into[EveryKey] = CheckpointEvery.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What a checkpoint says; it is written on to the same file.</summary>
    /// <exception cref="InvalidDataException">It does not say it.</exception>
    public static FitTarget FromCheckpoint(string path, IReadOnlyDictionary<string, string> properties)
    {
        if (!properties.TryGetValue(ModelKey, out string? model)
            || !int.TryParse(properties.GetValueOrDefault(EveryKey), NumberStyles.None, CultureInfo.InvariantCulture, out int every) || every < 1)
            throw new InvalidDataException($"'{path}' does not say where the model goes: it was not written by 'elbo fit'.");
        return new FitTarget { ModelPath = model, CheckpointPath = path, CheckpointEvery = every };
    }
}

/// <summary>The options that say where a fit puts its model and its checkpoints.</summary>
sealed class FitTargetOptions
{
    const int UsualCheckpointEvery = 10;

    readonly Option<string> _output = new("--output", "-o") { Description = "Where to write the model.", HelpName = "file", Required = true };
    readonly Option<string?> _checkpoint = OptionOf.Path("--checkpoint", "file", "Keep a file from which 'elbo fit --resume' goes on, to the same bits.");
    readonly Option<int> _every;

    /// <param name="unit">What is counted between two checkpoints.</param>
    public FitTargetOptions(string unit) => _every = OptionOf.Integer("--checkpoint-every", "n", $"How many {unit} between two checkpoints.", 1, UsualCheckpointEvery);

    public Option<string> Output => _output;

    public IEnumerable<Option> Checkpoints => [_checkpoint, _every];

    public FitTarget Read(ParseResult parsed)
    {
        if (parsed.GetResult(_every) is { Implicit: false } && parsed.GetValue(_checkpoint) is null)
            throw new UsageException("--checkpoint-every needs a --checkpoint file.");
        return new FitTarget { ModelPath = parsed.GetRequiredValue(_output), CheckpointPath = parsed.GetValue(_checkpoint), CheckpointEvery = parsed.GetValue(_every) };
    }
}
