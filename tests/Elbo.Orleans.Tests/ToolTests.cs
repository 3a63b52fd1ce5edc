using System.Text.Json;
using System.Text.RegularExpressions;

namespace Elbo.Orleans.Tests;

/// <summary>The command line on a cluster: the same options, output and files as without one.</summary>
public sealed partial class ToolTests : IDisposable
{
    static readonly TimeSpan _limit = TimeSpan.FromMinutes(3);

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("elbo-cluster");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Fits_say_and_write_the_same_with_a_cluster_as_without()
    {
        await SayAsync(0, "generate", "lda", "-k", "4", "--terms", "200", "--documents", "1500", "--length", "60", "-o", this["drawn.elboc"]);
        using var table = new TableCase(TableCase.HiddenMarkov, sequences: true);
        await using TestCluster cluster = await TestCluster.StartAsync(2);
        string[] remote = ["--cluster", cluster.Redis.Address];
        foreach (string[] fit in new string[][]
        {
            ["fit", "lda", this["drawn.elboc"], "-k", "4", "--document-start", "cold", "--max-iterations", "6", "--restarts", "2"],
            ["fit", "gmm", table.Path, "--columns", "x,y", "-k", "3", "--restarts", "2"],
            ["fit", "hmm", table.Path, "--columns", "x,y", "--family", "gaussian", "--sequence", "walk", "-k", "3", "--restarts", "1", "--max-iterations", "5"],
        })
        {
            string here = await SayAsync(0, [.. fit, "-o", this["model.elbo"]]);
            byte[] expected = await File.ReadAllBytesAsync(this["model.elbo"], TestContext.Current.CancellationToken);
            File.Delete(this["model.elbo"]);
            string there = await SayAsync(0, [.. fit, "-o", this["model.elbo"], .. remote]);
            Assert.Equal(expected, await File.ReadAllBytesAsync(this["model.elbo"], TestContext.Current.CancellationToken));
            Assert.Equal(Seconds().Replace(here, "s"), Seconds().Replace(there, "s"));
        }
        Assert.Contains("bytes of parameters to 2 workers", await SayAsync(0, "fit", "gmm", table.Path, "--columns", "x,y", "-k", "2", "--restarts", "1", "-o", this["m.elbo"], "--verbose", "--cluster", cluster.Redis.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_shows_the_workers_and_the_fit()
    {
        await SayAsync(0, "generate", "lda", "-k", "4", "--terms", "200", "--documents", "1500", "--length", "60", "-o", this["drawn.elboc"]);
        await using TestCluster cluster = await TestCluster.StartAsync(2);
        await using var fit = new ToolProcess(["fit", "lda", this["drawn.elboc"], "-k", "4", "--document-start", "cold", "--tolerance", "0", "--max-iterations", "100000", "-o", this["m.elbo"], "--cluster", cluster.Redis.Address]);
        await fit.HeardAsync("iteration   3", _limit);
        string status = await SayAsync(0, "cluster", "status", "--cluster", cluster.Redis.Address);
        Assert.Contains("2 workers, 2 threads", status, StringComparison.Ordinal);
        Assert.Contains($"(lda) of {this["drawn.elboc"]}: iteration ", status, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(await SayAsync(0, "cluster", "status", "--json", "--cluster", cluster.Redis.Address));
        JsonElement[] workers = [.. json.RootElement.GetProperty("workers").EnumerateArray()];
        Assert.Equal(2, workers.Length);
        Assert.All(workers, worker => Assert.True(worker.GetProperty("answers").GetBoolean() && worker.GetProperty("shards_done").GetInt64() > 0));
        Assert.Single(workers.SelectMany(worker => worker.GetProperty("fits").EnumerateArray()));
    }

    [Fact]
    public async Task When_the_workers_are_gone_it_says_so_and_resumes_here()
    {
        await SayAsync(0, "generate", "lda", "-k", "4", "--terms", "200", "--documents", "2000", "--length", "60", "-o", this["drawn.elboc"]);
        string[] fit = ["fit", "lda", this["drawn.elboc"], "-k", "4", "--document-start", "cold", "--tolerance", "0", "--max-iterations", "150", "-o", this["m.elbo"]];
        await using TestCluster cluster = await TestCluster.StartAsync(1);
        await using var running = new ToolProcess([.. fit, "--cluster", cluster.Redis.Address]);
        await running.HeardAsync("iteration   5", _limit);
        await cluster.KillAsync(cluster.Workers[0]);
        Assert.Equal(1, await running.EndAsync(_limit));
        Assert.Contains("All workers", running.Said, StringComparison.Ordinal);
        Assert.Contains($"elbo fit --resume {this["m.elbo"]}.checkpoint", running.Said, StringComparison.Ordinal);
        Assert.False(File.Exists(this["m.elbo"]));
        await SayAsync(0, "fit", "--resume", $"{this["m.elbo"]}.checkpoint");
        byte[] resumed = await File.ReadAllBytesAsync(this["m.elbo"], TestContext.Current.CancellationToken);
        await SayAsync(0, fit);
        Assert.Equal(await File.ReadAllBytesAsync(this["m.elbo"], TestContext.Current.CancellationToken), resumed);
    }

    [Theory]
    [InlineData("--document-start cold", "fit", "lda", "c.elboc")]
    [InlineData("--document-start cold", "fit", "lda", "c.elboc", "--e-step", "mean-field")]
    [InlineData("--document-start cold", "fit", "lda", "c.elboc", "--e-step", "mean-field", "--document-start", "warm")]
    [InlineData("--document-start cold", "fit", "lda", "c.elboc", "--e-step", "mean-field", "--document-start", "guarded")]
    [InlineData("--document-start cold", "fit", "lda", "c.elboc", "--e-step", "cvb0")]
    [InlineData("--document-start cold", "fit", "lda", "c.elboc", "--e-step", "online-map")]
    [InlineData("--document-start cold", "fit", "lda", "c.elboc", "--e-step", "mean-field", "--precision", "single")]
    [InlineData("elbo corpus", "fit", "lda", "texts.jsonl", "--document-start", "cold")]
    public async Task What_a_cluster_cannot_do_is_refused_with_what_it_can(string words, params string[] fit)
    {
        await SayAsync(0, "generate", "lda", "-k", "2", "--terms", "20", "--documents", "30", "--length", "20", "-o", this["c.elboc"]);
        await File.WriteAllTextAsync(this["texts.jsonl"], """{"text": "to be or not to be"}""", TestContext.Current.CancellationToken);
        // Nobody is asked: no worker is there.
        string said = await SayAsync(null, [.. fit.Select(word => word.Contains('.', StringComparison.Ordinal) ? this[word] : word), "-o", this["m.elbo"], "--cluster", "redis://127.0.0.1:1"]);
        Assert.Contains(words, said, StringComparison.Ordinal);
        Assert.False(File.Exists(this["m.elbo"]));
    }

    [Fact]
    public async Task A_worker_answers_for_its_health()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        int port = RedisServer.FreePort();
        await using WorkerProcess worker = await WorkerProcess.StartAsync(redis.Address, ["--health", $"127.0.0.1:{port}"]);
        using var client = new HttpClient();
        foreach ((string path, int code) in new[] { ("live", 200), ("ready", 200), ("other", 404) })
            foreach (string name in new[] { "127.0.0.1", "localhost" })
                Assert.Equal(code, (int)(await client.GetAsync(new Uri($"http://{name}:{port}/health/{path}"), TestContext.Current.CancellationToken)).StatusCode);
        worker.Signal("TERM");
        Assert.Equal(0, await worker.EndAsync(_limit));
        Assert.Contains("worker stopped", worker.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_has_one_worker()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        int port = RedisServer.FreePort(), health = RedisServer.FreePort();
        string[] arguments = ["--listen", $"127.0.0.1:{port}", "--health", $"127.0.0.1:{health}"];
        await using WorkerProcess worker = await WorkerProcess.StartAsync(redis.Address, arguments);
        Assert.Contains("is taken", await SayAsync(1, "worker", "--cluster", redis.Address, "--listen", $"127.0.0.1:{port}"), StringComparison.Ordinal);
        Assert.Contains("health", await SayAsync(1, "worker", "--cluster", redis.Address, "--health", $"127.0.0.1:{health}"), StringComparison.Ordinal);
        Assert.Contains("1 worker, 1 thread", await SayAsync(0, "cluster", "status", "--cluster", redis.Address), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_written_ends_the_fit_and_says_why()
    {
        await SayAsync(0, "generate", "lda", "-k", "4", "--terms", "200", "--documents", "1500", "--length", "60", "-o", this["drawn.elboc"]);
        await using TestCluster cluster = await TestCluster.StartAsync(1);
        string folder = Directory.CreateDirectory(this["kept"]).FullName;
        await using var fit = new ToolProcess(["fit", "lda", this["drawn.elboc"], "-k", "4", "--document-start", "cold", "--tolerance", "0", "--max-iterations", "100000", "-o", this["m.elbo"],
            "--checkpoint", Path.Combine(folder, "fit.checkpoint"), "--checkpoint-every", "1", "--cluster", cluster.Redis.Address]);
        await fit.HeardAsync("iteration   3", _limit);
        Directory.Delete(folder, recursive: true);
        Assert.Equal(1, await fit.EndAsync(_limit));
        Assert.Contains("Cannot write", fit.Said, StringComparison.Ordinal);
        // And its loop has ended with it.
        while ((await cluster.Client.GetStatusAsync(TestContext.Current.CancellationToken)).Workers.Any(worker => worker.Fits.Count > 0)) await Task.Delay(100, TestContext.Current.CancellationToken);
    }

    string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Runs the tool to its end, which must be as expected; null is any but success.</summary>
    static async Task<string> SayAsync(int? exitCode, params string[] arguments)
    {
        await using var tool = new ToolProcess(arguments);
        int code = await tool.EndAsync(_limit);
        Assert.True(exitCode is { } expected ? code == expected : code != 0, $"It ended with {code}:\n{tool.Said}");
        return tool.Said;
    }

    [GeneratedRegex(@"\d[\d,.]* (s|ms|min)\b")]
    private static partial Regex Seconds();
}
