using System.Text;

namespace Elbo.Cli.Terminal;

/// <summary>What the tool stands on: its two outputs and what they can show. Tests give their own.</summary>
sealed record CliHost
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether the output is a terminal that moves its cursor and shows colours.</summary>
    public bool OutputIsRich { get; init; }

    public bool ErrorIsRich { get; init; }

    /// <summary>Whether errors come with their stack traces.</summary>
    public bool Debug { get; init; }

    public static CliHost OfProcess()
    {
        // https://no-color.org: set and not empty, whatever the value.
        bool colors = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";
        // Sparklines and minus signs are no ASCII; without a byte order mark, because programs may read this.
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new CliHost
        {
            Output = Console.Out,
            Error = Console.Error,
            OutputIsRich = colors && !Console.IsOutputRedirected,
            ErrorIsRich = colors && !Console.IsErrorRedirected,
            Debug = Environment.GetEnvironmentVariable("ELBO_DEBUG") == "1",
        };
    }
}
