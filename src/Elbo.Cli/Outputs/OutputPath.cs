using Elbo.Cli.Terminal;
using Elbo.Files;

namespace Elbo.Cli.Outputs;

static class OutputPath
{
    /// <summary>Checks before the work begins that its results can be written: the folders are there, nothing is in the way, and no name is used twice.</summary>
    /// <param name="input">What is read: it must not be replaced.</param>
    /// <param name="outputs">What is written; null for what is not.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Check(IEnumerable<string> input, params ReadOnlySpan<string?> outputs)
    {
        HashSet<string> inputs = [.. input.Select(Path.GetFullPath)], seen = [];
        foreach (string? path in outputs)
        {
            if (path is null) continue;
            if (path.Length == 0) throw new UsageException("the name of an output is empty.");
            if (inputs.Contains(Path.GetFullPath(path))) throw new UsageException($"'{path}' is an input and an output. Give the output another name.");
            if (!seen.Add(Path.GetFullPath(path))) throw new UsageException($"'{path}' is given for two outputs. Give two names.");
            // Begun and thrown away: all that could be wrong with the name shows now.
            AtomicFile.Create(path).Dispose();
        }
    }
}
