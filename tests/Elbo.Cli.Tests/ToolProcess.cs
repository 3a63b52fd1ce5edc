using System.Diagnostics;

namespace Elbo.Cli.Tests;

/// <summary>The built tool as a process of its own.</summary>
static class ToolProcess
{
    public static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static string[] Arguments(string[] args) => [typeof(ElboTool).Assembly.Location, .. args];

    /// <summary>Skips a test where signals do not reach a child: a job that a script starts in the background ignores SIGINT, and so do its children.</summary>
    public static void NeedsSignals()
    {
        const int Interrupt = 2;
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent by kill.");
        string? ignored = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) : null;
        Assert.SkipWhen(ignored is not null && (Convert.ToUInt64(ignored["SigIgn:".Length..].Trim(), 16) >> (Interrupt - 1) & 1) == 1, "SIGINT is ignored here.");
    }

    /// <summary>Starts it; both its outputs are to be read.</summary>
    public static Process Start(string[] args, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Host, Arguments(args)) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ELBO_DEBUG"] = "0";
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
