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
        bool outputIsRich = colors && !Console.IsOutputRedirected, errorIsRich = colors && !Console.IsErrorRedirected;
        // Sparklines and minus signs are no ASCII.
        if (outputIsRich || errorIsRich) Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new CliHost
        {
            Output = outputIsRich ? Console.Out : Plain(Console.OpenStandardOutput()),
            Error = errorIsRich ? Console.Error : Plain(Console.OpenStandardError()),
            OutputIsRich = outputIsRich,
            ErrorIsRich = errorIsRich,
            Debug = Environment.GetEnvironmentVariable("ELBO_DEBUG") == "1",
        };
    }

    // The runtime's own writers send control codes to a terminal before anything is written.
    static StreamWriter Plain(Stream stream) => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
}
