using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Elbo.Orleans.Tests;

/// <summary>A Redis server of the test's own, on loopback, that writes everything down. Where there is none installed, the test is skipped.</summary>
sealed class RedisServer : IAsyncDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("elbo-redis");
    Process? _process;

    RedisServer() => Port = FreePort();

    public int Port { get; }

    public string Address => $"redis://127.0.0.1:{Port}";

    public static async Task<RedisServer> StartAsync()
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "There is no redis-server here. Debian has it as 'redis-server'.");
        var server = new RedisServer();
        await server.RunAsync();
        return server;
    }

    /// <summary>Starts the process, with what the one before wrote down.</summary>
    public async Task RunAsync()
    {
        _process = Process.Start(new ProcessStartInfo("redis-server", ["--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder.FullName, "--appendonly", "yes", "--appendfsync", "always", "--save", ""])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = _process.StandardOutput.ReadToEndAsync();
        _ = _process.StandardError.ReadToEndAsync();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (attempt < 100)
            {
                await Task.Delay(50);
            }
        }
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await KillAsync();
        _folder.Delete(recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
