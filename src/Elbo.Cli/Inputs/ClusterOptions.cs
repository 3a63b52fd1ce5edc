using System.CommandLine;
using Elbo.Cli.Commands;
using Elbo.Cli.Terminal;
using Elbo.Orleans;

namespace Elbo.Cli.Inputs;

/// <summary>The options that say which cluster, and show it its key.</summary>
sealed class ClusterOptions
{
    public const string KeyVariable = "ELBO_CLUSTER_KEY";

    readonly Option<string?> _address;
    readonly Option<string?> _keyFile = OptionOf.Path("--cluster-key", "file", $"A file with the cluster's key; without it {KeyVariable} in the environment is looked at.");

    /// <param name="command">Gets the options.</param>
    /// <param name="purpose">What the cluster is for.</param>
    public ClusterOptions(Command command, string purpose)
    {
        _address = new Option<string?>("--cluster") { Description = $"{purpose}: redis://HOST:PORT (rediss:// for TLS), or localhost for workers on this machine alone.", HelpName = "address" };
        command.Add(_address);
        command.Add(_keyFile);
    }

    /// <summary>The address; null where none is given.</summary>
    public ClusterAddress? Address(ParseResult parsed)
    {
        if (parsed.GetValue(_address) is not { } text)
        {
            if (parsed.GetValue(_keyFile) is not null) throw new UsageException("--cluster-key needs a --cluster address.");
            return null;
        }
        try
        {
            return ClusterAddress.Parse(text);
        }
        catch (FormatException error)
        {
            throw new UsageException(error.Message);
        }
    }

    public ClusterAddress RequiredAddress(ParseResult parsed) => Address(parsed) ?? throw new UsageException("say which cluster: --cluster redis://HOST:PORT, or --cluster localhost.");

    /// <exception cref="InvalidDataException">The file is empty.</exception>
    public string? Key(ParseResult parsed)
    {
        string? key = parsed.GetValue(_keyFile) is { } file ? File.ReadAllText(file).Trim() : Environment.GetEnvironmentVariable(KeyVariable);
        if (parsed.GetValue(_keyFile) is { } empty && key!.Length == 0) throw new InvalidDataException($"'{empty}' is empty, and should hold the cluster's key.");
        return string.IsNullOrEmpty(key) ? null : key;
    }

}

/// <summary>The options of a fit that may run on a cluster.</summary>
sealed class ClusterFitOptions
{
    readonly ClusterOptions _cluster;
    readonly Option<bool> _verbose = OptionOf.Flag("--verbose", "Say how many bytes every E-step on a cluster moved.");

    public ClusterFitOptions(Command command)
    {
        _cluster = new ClusterOptions(command, "Run the E-steps on a cluster of workers, to the same bits");
        command.Add(_verbose);
    }

    /// <summary>Which cluster to fit on; null fits here.</summary>
    public ClusterTarget? Read(ParseResult parsed)
    {
        bool isVerbose = parsed.GetValue(_verbose);
        if (_cluster.Address(parsed) is { } address) return new ClusterTarget(address, _cluster.Key(parsed), isVerbose);
        return isVerbose ? throw new UsageException("--verbose tells of a cluster, and needs a --cluster address.") : null;
    }
}

/// <summary>A cluster, its key where it has one, and whether to tell what is moved.</summary>
sealed record ClusterTarget(ClusterAddress Address, string? Key, bool IsVerbose);
