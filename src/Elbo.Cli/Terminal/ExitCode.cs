namespace Elbo.Cli.Terminal;

static class ExitCode
{
    public const int Success = 0;

    /// <summary>The input, the files or the fit did not allow what was asked for.</summary>
    public const int Failure = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}

/// <summary>The command line makes no sense, which only showed after it was parsed.</summary>
sealed class UsageException(string message) : Exception(message);
