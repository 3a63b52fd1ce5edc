using System.Globalization;
using System.Net;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Elbo.Orleans;

/// <summary>Where the silos and clients of a cluster meet: a Redis server, or for development a port of this machine.</summary>
public sealed class ClusterAddress
{
    const int RedisPort = 6379, FirstPort = 11111;

    readonly string _text;

    ClusterAddress(string text) => _text = text;

    internal ConfigurationOptions? Redis { get; private init; }

    internal IPEndPoint Primary { get; private init; } = new(IPAddress.Loopback, FirstPort);

    /// <summary>The port of the first worker, where a cluster is one machine's; null where it meets at Redis.</summary>
    public int? DevelopmentPort => Redis is null ? Primary.Port : null;

    /// <summary>
    /// Reads <c>redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]</c>, the same with <c>rediss</c> for TLS, or <c>localhost[:PORT]</c>: there the first worker has PORT (11111) and the gateway
    /// PORT + 1, and when it ends so does the cluster.
    /// </summary>
    /// <exception cref="FormatException">It is none of these; the message says what is expected.</exception>
    public static ClusterAddress Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (text == "localhost" || text.StartsWith("localhost:", StringComparison.Ordinal))
        {
            int port = text.Contains(':', StringComparison.Ordinal) && int.TryParse(text["localhost:".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : text == "localhost" ? FirstPort : 0;
            return port is > 0 and < 65535 ? new ClusterAddress(text) { Primary = new IPEndPoint(IPAddress.Loopback, port) } : throw Bad(text);
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0 || uri.Query.Length > 0) throw Bad(text);
        string database = uri.AbsolutePath.Trim('/');
        int number = 0;
        if (database.Length > 0 && !int.TryParse(database, NumberStyles.None, CultureInfo.InvariantCulture, out number)) throw Bad(text);
        var redis = new ConfigurationOptions { Ssl = uri.Scheme == "rediss", DefaultDatabase = number, ConnectTimeout = 2000, ConnectRetry = 1 };
        redis.EndPoints.Add(uri.Host, uri.Port > 0 ? uri.Port : RedisPort);
        string[] user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0) redis.User = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) redis.Password = Uri.UnescapeDataString(user[1]);
        // Never the password: this is printed.
        return new ClusterAddress($"{uri.Scheme}://{uri.Host}:{(uri.Port > 0 ? uri.Port : RedisPort)}{(number == 0 ? "" : $"/{number}")}") { Redis = redis };
    }

    /// <summary>The address without a password.</summary>
    public override string ToString() => _text;

    internal static void Name(ClusterOptions options) => options.ClusterId = options.ServiceId = "elbo";

    static FormatException Bad(string text) => new($"'{text}' is no address of a cluster. Give redis://HOST:PORT, or localhost for workers on this machine alone.");
}
