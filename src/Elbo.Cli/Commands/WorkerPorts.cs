using System.Net;
using System.Net.Sockets;
using Elbo.Cli.Terminal;
using Elbo.Orleans;

namespace Elbo.Cli.Commands;

/// <summary>
/// The two ports of a worker, its own for as long as it runs. Orleans listens in a way that lets two processes have one port, and each half of its calls: so a worker locks
/// a file by the name of the port as well, which ends with the process.
/// </summary>
sealed class WorkerPorts : IDisposable
{
    readonly FileStream _lock;

    WorkerPorts(int silo, int gateway, FileStream file) => (Silo, Gateway, _lock) = (silo, gateway, file);

    /// <summary>For other silos.</summary>
    public int Silo { get; }

    /// <summary>For clients.</summary>
    public int Gateway { get; }

    /// <param name="at">The address, and the port of the silo; the gateway gets the next. 0 takes any two that are free.</param>
    /// <param name="first">The port that the first worker of a machine takes where the others look for it there; null where they need not.</param>
    /// <exception cref="UsageException">The port is none, or there is none after it.</exception>
    /// <exception cref="ElboClusterException">The port is taken.</exception>
    public static WorkerPorts Take(IPEndPoint at, int? first)
    {
        if (at.Port == IPEndPoint.MaxPort) throw new UsageException($"--listen needs a port below {IPEndPoint.MaxPort}: the next is for clients.");
        if (at.Port != 0) return TryTake(at.Address, at.Port) ?? throw new ElboClusterException($"The port {at.Port} or {at.Port + 1} of {at.Address} is taken. Give another with --listen, or end what has it.");
        if (first is { } wanted && TryTake(at.Address, wanted) is { } ports) return ports;
        while (true)
        {
            int free;
            using (var listener = new TcpListener(at.Address, 0))
            {
                listener.Start();
                free = ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            if (free < IPEndPoint.MaxPort && TryTake(at.Address, free) is { } taken) return taken;
        }
    }

    public void Dispose() => _lock.Dispose();

    static WorkerPorts? TryTake(IPAddress address, int port)
    {
        FileStream file;
        try
        {
            file = new FileStream(Path.Combine(Path.GetTempPath(), $"elbo-worker-{port}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
        if (IsFree(address, port) && IsFree(address, port + 1)) return new WorkerPorts(port, port + 1, file);
        file.Dispose();
        return null;
    }

    static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port) { ExclusiveAddressUse = true };
            listener.Start();
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
        catch (SocketException error)
        {
            throw new ElboClusterException($"This machine cannot listen at {address}: {error.Message}. Give one of its own addresses with --listen.", error);
        }
    }
}
