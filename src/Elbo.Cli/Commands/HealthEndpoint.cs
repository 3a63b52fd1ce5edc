using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Elbo.Cli.Terminal;
using Elbo.Orleans;
using Orleans.Runtime;

namespace Elbo.Cli.Commands;

/// <summary>Answers whether a worker lives, and whether it is a member of the cluster and takes work.</summary>
sealed class HealthEndpoint : IDisposable
{
    readonly HttpListener _listener;

    HealthEndpoint(HttpListener listener) => _listener = listener;

    /// <exception cref="UsageException">There is no port.</exception>
    /// <exception cref="ElboClusterException">It cannot listen there.</exception>
    public static HealthEndpoint Open(IPEndPoint at)
    {
        if (at.Port == 0) throw new UsageException("--health needs a port, such as 127.0.0.1:8080.");
        // By whatever name it is asked for: the address alone says who can ask.
        bool isAll = at.Address.Equals(IPAddress.Any) || at.Address.Equals(IPAddress.IPv6Any);
        var listener = new HttpListener();
        listener.Prefixes.Add(isAll ? string.Create(CultureInfo.InvariantCulture, $"http://*:{at.Port}/health/") : $"http://{at}/health/");
        if (IPAddress.IsLoopback(at.Address)) listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{at.Port}/health/"));
        try
        {
            listener.Start();
            return new HealthEndpoint(listener);
        }
        catch (Exception error) when (error is HttpListenerException or SocketException)
        {
            throw new ElboClusterException($"The worker cannot answer for its health at {at}: {error.Message}. Give another address with --health.", error);
        }
    }

    /// <summary>Answers until it is disposed of.</summary>
    public void Serve(IClusterMembershipService membership, SiloAddress silo) => _ = Task.Run(async () =>
    {
        while (true)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync().ConfigureAwait(false);
                bool isActive = membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Active;
                context.Response.StatusCode = context.Request.Url?.AbsolutePath switch
                {
                    "/health/live" => 200,
                    "/health/ready" => isActive ? 200 : 503,
                    _ => 404,
                };
                context.Response.Close();
            }
            catch (Exception) when (!_listener.IsListening)
            {
                return;
            }
            catch (HttpListenerException)
            {
                // Who asked has gone.
            }
        }
    });

    public void Dispose() => _listener.Close();
}
