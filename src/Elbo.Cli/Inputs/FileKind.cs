using Elbo.Files;
using Elbo.Fitting;

namespace Elbo.Cli.Inputs;

/// <summary>What kind of model a model file or a checkpoint is of.</summary>
static class FileKind
{
    /// <summary>Whether it is a mixture or a hidden Markov model.</summary>
    public static bool IsOfTable(string path) => SafeTensors.ReadMetadata(path).GetValueOrDefault("kind") is FittedModelFile.Mixture or FittedModelFile.HiddenMarkov;
}
