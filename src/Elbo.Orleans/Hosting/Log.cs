using Microsoft.Extensions.Logging;

namespace Elbo.Orleans.Hosting;

/// <summary>What workers log: names and numbers, no data.</summary>
static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "opened {Data}: {Shards} shards in {Elapsed}")]
    public static partial void Opened(ILogger logger, string data, int shards, TimeSpan elapsed);

    [LoggerMessage(2, LogLevel.Error, "cannot open {Data}")]
    public static partial void NotOpened(ILogger logger, string data, Exception error);

    [LoggerMessage(3, LogLevel.Information, "gave up {Data}, which nobody has asked for in a while")]
    public static partial void Forgotten(ILogger logger, string data);

    [LoggerMessage(4, LogLevel.Information, "fit {Fit} of {Kind} begins {From}")]
    public static partial void FitBegins(ILogger logger, string fit, string kind, string from);

    [LoggerMessage(5, LogLevel.Information, "fit {Fit} ends: {How}")]
    public static partial void FitEnds(ILogger logger, string fit, string how);

    [LoggerMessage(6, LogLevel.Warning, "fit {Fit} failed")]
    public static partial void FitFailed(ILogger logger, string fit, Exception error);

    [LoggerMessage(7, LogLevel.Warning, "refused a call of {Method} from {Client}: {Why}")]
    public static partial void Refused(ILogger logger, string method, string client, string why);
}
