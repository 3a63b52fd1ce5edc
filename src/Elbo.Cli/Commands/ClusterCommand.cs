using System.CommandLine;
using System.Globalization;
using Elbo.Cli.Inputs;
using Elbo.Cli.Terminal;
using Elbo.Orleans;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo cluster status</c></summary>
static class ClusterCommand
{
    const double Megabyte = 1 << 20;

    public static Command Create(CliHost host)
    {
        var status = new Verb("status", "Show the workers of a cluster, what they do, and the fits that run there.") { Examples = ["elbo cluster status --cluster redis://10.0.0.1:6379"] };
        var cluster = new ClusterOptions(status, "Which cluster");
        Option<bool> json = CommonOptions.Json();
        status.Add(json);
        status.SetAction(async (parsed, cancellationToken) =>
        {
            ClusterAddress address = cluster.RequiredAddress(parsed);
            await using ElboCluster connection = await ElboCluster.ConnectAsync(address, cluster.Key(parsed), new ClusterTimeouts { Patience = TimeSpan.FromSeconds(15) }, cancellationToken).ConfigureAwait(false);
            ClusterStatus found = await connection.GetStatusAsync(cancellationToken).ConfigureAwait(false);
            var reporter = new Reporter(host, parsed.GetValue(json));
            if (parsed.GetValue(json)) Write(found, reporter);
            else Say(found, reporter);
            return ExitCode.Success;
        });
        return new Command("cluster", "Look at a cluster of workers.") { status };
    }

    static void Say(ClusterStatus status, Reporter reporter)
    {
        reporter.Say($"{Numbers.Plural(status.Workers.Count, "worker")}, {Numbers.Plural(status.Workers.Sum(worker => worker.Threads), "thread")}");
        foreach (WorkerStatus worker in status.Workers)
        {
            reporter.Say(!worker.Answers ? $"  {worker.Silo}  does not answer" : string.Create(CultureInfo.InvariantCulture,
                $"  {worker.Silo}  {Numbers.Plural(worker.Threads, "thread")}, {worker.KernelProfile}, {Numbers.Plural(worker.ShardsDone, "shard")} done ({worker.ShardsPerSecond:0.#} a second), {worker.ResidentBytes / Megabyte:0} MB, Elbo {worker.Version}"));
        }
        foreach (WorkerStatus worker in status.Workers)
            foreach (FitStatus fit in worker.Fits)
                reporter.Say($"fit {fit.Id} ({fit.Kind}) of {fit.Input}: iteration {fit.Iteration}, objective {Numbers.Nats(fit.Objective)}, {Numbers.Time(fit.Elapsed)}, its loop on {worker.Silo}");
    }

    static void Write(ClusterStatus status, Reporter reporter) => JsonOutput.Print(reporter.Output, json =>
    {
        json.WriteStartArray("workers");
        foreach (WorkerStatus worker in status.Workers)
        {
            json.WriteStartObject();
            json.WriteString("silo", worker.Silo);
            json.WriteBoolean("answers", worker.Answers);
            json.WriteNumber("threads", worker.Threads);
            json.WriteString("kernel_profile", worker.KernelProfile);
            json.WriteNumber("shards_done", worker.ShardsDone);
            json.WriteNumber("shards_per_second", worker.ShardsPerSecond);
            json.WriteNumber("resident_bytes", worker.ResidentBytes);
            json.WriteString("version", worker.Version);
            json.WriteStartArray("fits");
            foreach (FitStatus fit in worker.Fits)
            {
                json.WriteStartObject();
                json.WriteString("id", fit.Id);
                json.WriteString("kind", fit.Kind);
                json.WriteString("input", fit.Input);
                json.WriteNumber("iteration", fit.Iteration);
                json.WriteNumber("objective", fit.Objective);
                json.WriteNumber("seconds", fit.Elapsed.TotalSeconds);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
