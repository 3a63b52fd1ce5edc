using System.Diagnostics;

namespace Elbo.Cli.Tests;

/// <summary>The built tool as a process of its own.</summary>
static class ToolProcess
{
    public static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static string[] Arguments(string[] args) => [typeof(ElboTool).Assembly.Location, .. args];

    /// <summary>Starts it; both its outputs are to be read.</summary>
    public static Process Start(string[] args, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Host, Arguments(args)) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ELBO_DEBUG"] = "0";
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
