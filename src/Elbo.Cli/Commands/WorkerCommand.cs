using System.CommandLine;
using System.Globalization;
using System.Net;
using Elbo.Cli.Inputs;
using Elbo.Cli.Terminal;
using Elbo.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo worker</c>: a silo that knows Elbo's own models.</summary>
static class WorkerCommand
{
    public static Command Create(CliHost host)
    {
        var command = new Verb("worker", "Work for the fits of a cluster, until it is stopped.")
        {
            Examples =
            [
                "elbo worker --cluster redis://127.0.0.1:6379",
                "elbo worker --cluster redis://10.0.0.1:6379 --listen 10.0.0.7:11111 --cluster-key cluster.key --health 127.0.0.1:8080",
                "elbo worker --cluster localhost",
            ],
        };
        var cluster = new ClusterOptions(command, "Where the workers meet");
        Option<IPEndPoint?> listen = Endpoint("--listen", "Where other workers and clients reach this one; clients at the next port. Without a port free ones are taken. Beyond this machine a key is needed. [default: 127.0.0.1]");
        Option<int> threads = OptionOf.Integer("--threads", "n", "How many threads to work with.", 1, Environment.ProcessorCount);
        Option<IPEndPoint?> health = Endpoint("--health", "Where to answer GET /health/live and /health/ready.");
        Choice<bool> log = new("--log", "How the log is written, to the error output.", false, ("text", false), ("json", true));
        foreach (Option option in (ReadOnlySpan<Option>)[listen, threads, health, log.Option]) command.Add(option);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ClusterAddress address = cluster.RequiredAddress(parsed);
            IPEndPoint at = parsed.GetValue(listen) ?? new IPEndPoint(IPAddress.Loopback, 0);
            if (at.Address.Equals(IPAddress.Any) || at.Address.Equals(IPAddress.IPv6Any))
                throw new UsageException("--listen needs the address by which the others reach this machine, not one that stands for all.");
            string? key = cluster.Key(parsed);
            if (!IPAddress.IsLoopback(at.Address) && key is null)
                throw new UsageException($"to listen at {at.Address}, where others can reach it, a worker needs a key: --cluster-key FILE, or {ClusterOptions.KeyVariable} in the environment. Give every worker and client the same.");
            using WorkerPorts ports = WorkerPorts.Take(at, address.DevelopmentPort);
            using HealthEndpoint? endpoint = parsed.GetValue(health) is { } asked ? HealthEndpoint.Open(asked) : null;
            var options = new ElboWorkerOptions { Threads = parsed.GetValue(threads), Key = key };
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
            Log(builder, log.Read(parsed));
            builder.UseOrleans(orleans => orleans.UseElboCluster(address).ConfigureEndpoints(at.Address, ports.Silo, ports.Gateway).AddElboWorker(options));
            // E-steps have threads of their own; M-steps and starts may hold one of the pool for seconds, and Orleans must not wait for it.
            ThreadPool.GetMinThreads(out int least, out int completing);
            ThreadPool.SetMinThreads(Math.Max(least, Environment.ProcessorCount + 8), completing);
            using IHost running = builder.Build();
            await StartAsync(running, address, cancellationToken).ConfigureAwait(false);
            endpoint?.Serve(running.Services.GetRequiredService<IClusterMembershipService>(), running.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress);
            host.Output.WriteLine($"worker {running.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString()} of {address}: {Numbers.Plural(options.Threads, "thread")}, listens at {at.Address}, ports {ports.Silo} and {ports.Gateway}{(key is null ? "" : ", asks for a key")}");
            host.Output.Flush();
            await running.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
            host.Output.WriteLine("worker stopped");
            return ExitCode.Success;
        });
        return command;
    }

    static async Task StartAsync(IHost host, ClusterAddress address, CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new ElboClusterException($"The worker cannot join the cluster at {address}: {error.GetBaseException().Message}", error);
        }
    }

    static void Log(HostApplicationBuilder builder, bool json)
    {
        // What Orleans has to say of silos that come and go is long, and its end is said in one line by us.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Elbo", LogLevel.Information);
        foreach (string talkative in (ReadOnlySpan<string>)["Orleans", "Polly", "Microsoft"]) builder.Logging.AddFilter(talkative, LogLevel.Critical);
        if (json) builder.Logging.AddJsonConsole(console => console.TimestampFormat = "O");
        else builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
        // The output belongs to what the command says.
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    static Option<IPEndPoint?> Endpoint(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "address[:port]",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65535) return new IPEndPoint(IPAddress.Loopback, port);
            if (IPEndPoint.TryParse(text, out IPEndPoint? endpoint)) return endpoint;
            result.AddError($"{name} must be an IP address with or without a port, such as 10.0.0.7:11111, not '{text}'.");
            return null;
        },
    };
}
