using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Elbo.Orleans;

namespace Cluster;

/// <summary>A Redis server and workers of one thread each, processes of this machine.</summary>
sealed class LocalCluster : IAsyncDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("elbo-cluster");
    readonly int _port = FreePort();
    readonly Process _redis;
    readonly Dictionary<string, Process> _workers = [];

    LocalCluster() => _redis = Start("redis-server", ["--port", $"{_port}", "--bind", "127.0.0.1", "--dir", _folder.FullName, "--appendonly", "yes", "--save", ""], null);

    public ElboCluster Client { get; private set; } = null!;

    public IReadOnlyCollection<string> Silos => _workers.Keys;

    public static async Task<LocalCluster> StartAsync(int workers)
    {
        var cluster = new LocalCluster();
        await Task.Delay(500);
        for (int i = 0; i < workers; i++) await cluster.AddAsync();
        cluster.Client = await ElboCluster.ConnectAsync(ClusterAddress.Parse($"redis://127.0.0.1:{cluster._port}"));
        return cluster;
    }

    public async Task AddAsync()
    {
        var silo = new TaskCompletionSource<string>();
        Process worker = Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "Elbo.Cli.dll"), "worker", "--cluster", $"redis://127.0.0.1:{_port}", "--threads", "1"], line =>
        {
            if (line.StartsWith("worker ", StringComparison.Ordinal) && line.Contains("listens", StringComparison.Ordinal)) silo.TrySetResult(line.Split(' ')[1]);
        });
        _workers.Add(await silo.Task.WaitAsync(TimeSpan.FromMinutes(1)), worker);
    }

    /// <summary>The silo on which the loop of a fit runs.</summary>
    public async Task<string> OwnerAsync()
    {
        while (true)
        {
            ClusterStatus status = await Client.GetStatusAsync();
            if (status.Workers.FirstOrDefault(worker => worker.Fits.Count > 0) is { } owner) return owner.Silo;
            await Task.Delay(10);
        }
    }

    public async Task SignalAsync(string silo, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{_workers[silo].Id}"]);
        await kill.WaitForExitAsync();
    }

    public async Task KillAsync(string silo)
    {
        Process worker = _workers[silo];
        worker.Kill();
        await worker.WaitForExitAsync();
        _workers.Remove(silo);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        foreach (Process process in _workers.Values.Append(_redis))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        _folder.Delete(recursive: true);
    }

    static Process Start(string program, string[] arguments, Action<string>? hear)
    {
        var process = new Process { StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        process.OutputDataReceived += (_, line) => hear?.Invoke(line.Data ?? "");
        process.ErrorDataReceived += (_, _) => { };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
