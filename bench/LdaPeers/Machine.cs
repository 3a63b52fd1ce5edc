using System.Globalization;

namespace LdaPeers;

/// <summary>Where and with what it was measured.</summary>
static class Machine
{
    public static string Describe()
    {
        string processor = Field("/proc/cpuinfo", "model name", ':'), system = Field("/etc/os-release", "PRETTY_NAME", '=').Trim('"');
        return $"{Environment.ProcessorCount} cores of {processor}, {system}, .NET {Environment.Version}";
    }

    /// <summary>How many processes were running or waiting in the last minute: who measures on a busy machine shall be seen to.</summary>
    public static double Load => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>The commit that is checked out, and whether anything was changed since.</summary>
    public static string Commit(string repository)
    {
        string commit = Child.Run("git", ["-C", repository, "rev-parse", "--short", "HEAD"]).Trim();
        return Child.Run("git", ["-C", repository, "status", "--porcelain", "--", "src", "bench/LdaPeers", "bench/MlNetLda", "bench/peers"]).Length == 0 ? commit : $"{commit} with changes";
    }

    static string Field(string file, string name, char separator) =>
        File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(separator, 2)[1].Trim();
}
