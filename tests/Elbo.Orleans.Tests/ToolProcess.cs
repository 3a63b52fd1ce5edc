using System.Diagnostics;
using System.Text;

namespace Elbo.Orleans.Tests;

/// <summary>The built tool as a process of its own, with all that it has said so far.</summary>
class ToolProcess : IAsyncDisposable
{
    readonly StringBuilder _said = new();
    readonly Process _process;

    public ToolProcess(string[] arguments, params (string Name, string? Value)[] environment)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, "Elbo.Cli.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ELBO_DEBUG"] = "0";
        foreach ((string name, string? value) in environment) start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    /// <summary>Both outputs, line by line.</summary>
    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <summary>Waits until it has said something.</summary>
    public async Task HeardAsync(string words, TimeSpan limit)
    {
        long began = Stopwatch.GetTimestamp();
        while (!Said.Contains(words, StringComparison.Ordinal))
        {
            Assert.False(HasExited, $"It ended with {(HasExited ? ExitCode : 0)} before it said '{words}':\n{Said}");
            Assert.True(Stopwatch.GetElapsedTime(began) < limit, $"It has not said '{words}' in {limit}:\n{Said}");
            await Task.Delay(20);
        }
    }

    public async Task<int> EndAsync(TimeSpan limit)
    {
        using var stop = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It has not ended in {limit}:\n{Said}");
        }
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: it has no say in it.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill();
    }

    /// <summary>Sends a signal: STOP, CONT, INT, TERM.</summary>
    public void Signal(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        GC.SuppressFinalize(this);
    }

    void Hear(string? line)
    {
        if (line is null) return;
        lock (_said) _said.AppendLine(line);
    }
}

/// <summary>A worker of one thread that has joined a cluster.</summary>
sealed class WorkerProcess : ToolProcess
{
    static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    WorkerProcess(string[] arguments, (string, string?)[] environment) : base(arguments, environment)
    {
    }

    /// <summary>Its address as Orleans has it.</summary>
    public string Silo => Said.Split('\n').First(line => line.StartsWith("worker ", StringComparison.Ordinal)).Split(' ')[1];

    public static async Task<WorkerProcess> StartAsync(string cluster, string[]? arguments = null, params (string, string?)[] environment)
    {
        var worker = new WorkerProcess(["worker", "--cluster", cluster, "--threads", "1", .. arguments ?? []], environment);
        try
        {
            await worker.HeardAsync(", listens at ", _limit);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }
}
