using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Terminal;
using Elbo.Engine;
using Elbo.Fitting;
using Elbo.Tests;

namespace Elbo.Cli.Tests;

/// <summary>Fits of tables that are stopped and gone on with.</summary>
public sealed class TableCheckpointTests : IDisposable
{
    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    /// <summary>The arguments of a fit, but for where its files go.</summary>
    static string[] FitOf(string name) => name switch
    {
        "gmm" => ["fit", "gmm", SmallTables.PathOf("iris.csv"), "-k", "3", "--restarts", "3", "--compare", "Species", "--tolerance", "1e-9"],
        "labels" => ["fit", "gmm", SmallTables.PathOf("iris.csv"), "-k", "3", "--restarts", "2", "--labels", "Species", "--columns", "Sepal.Length,Petal.Width"],
        "mixture" => ["fit", "mixture", SmallTables.PathOf("cheating.csv"), "--family", "categorical", "--columns", "LIEEXAM,LIEPAPER,FRAUD", "-k", "2", "--short-iterations", "5"],
        "squarem" => ["fit", "gmm", SmallTables.Faithful, "-k", "3", "--restarts", "2", "--acceleration", "squarem"],
        "hmm" => ["fit", "hmm", SmallTables.PathOf("earthquakes.csv"), "--family", "poisson", "--columns", "count", "-k", "3", "--restarts", "2"],
        _ => throw new ArgumentException(name),
    };

    [Theory]
    [InlineData("gmm", 1)]
    [InlineData("gmm", 13)]
    [InlineData("labels", 4)]
    [InlineData("mixture", 7)]
    [InlineData("squarem", 10)]
    [InlineData("hmm", 10)]
    public async Task AResumedFitEndsInTheSameBytes(string name, int every)
    {
        string[] fit = FitOf(name);
        await ToolFixture.SucceedAsync([.. fit, "-o", _tool["whole.elbo"]]);
        await ToolFixture.SucceedAsync([.. fit, "-o", _tool["m.elbo"], "--checkpoint", _tool["c"], "--checkpoint-every", $"{every}"]);
        Assert.Equal(_tool.Bytes("whole.elbo"), _tool.Bytes("m.elbo"));
        File.Delete(_tool["m.elbo"]);
        ToolRun resumed = await ToolFixture.SucceedAsync("fit", "--resume", _tool["c"], "--threads", "2");
        Assert.Equal(_tool.Bytes("whole.elbo"), _tool.Bytes("m.elbo"));
        if (name == "gmm") Assert.Contains("adjusted Rand index with 'Species'", resumed.Output, StringComparison.Ordinal);
        await ToolFixture.SucceedAsync("fit", "--resume", _tool["c"], "-o", _tool["other.elbo"], "--json");
        Assert.Equal(_tool.Bytes("whole.elbo"), _tool.Bytes("other.elbo"));
    }

    [Fact]
    public async Task AFitStoppedBetweenTwoStartsGoesOnToTheSameBytes()
    {
        string[] fit = FitOf("hmm");
        await ToolFixture.SucceedAsync([.. fit, "-o", _tool["whole.elbo"]]);
        using var source = new CancellationTokenSource();
        using var output = new Stopping("start 0  converged", source);
        Assert.Equal(ExitCode.Interrupted, await ElboTool.RunAsync([.. fit, "-o", _tool["m.elbo"], "--checkpoint", _tool["c"]], new CliHost { Output = output, Error = TextWriter.Null }, source.Token));
        Assert.Equal(StopReason.Cancelled, FittedModelFile.Load(_tool["m.elbo"]).Model.Record.StopReason);
        FitCheckpoint checkpoint = FitCheckpointFile.Load(_tool["c"]).Checkpoint;
        Assert.Equal((1, 0, 1), (checkpoint.Start, checkpoint.State.Number, checkpoint.Finished.Count));
        await ToolFixture.SucceedAsync("fit", "--resume", _tool["c"]);
        Assert.Equal(_tool.Bytes("whole.elbo"), _tool.Bytes("m.elbo"));
    }

    [Fact]
    public async Task AFitStoppedOnTheWayLosesNoIteration()
    {
        using var source = new CancellationTokenSource();
        // Neither converges nor comes to its limit, and no checkpoint is due after the first.
        string[] fit = ["fit", "hmm", SmallTables.PathOf("earthquakes.csv"), "--family", "poisson", "--columns", "count", "-k", "2", "--restarts", "1", "--tolerance", "0", "--max-iterations", "100000000"];
        Task<int> run = Task.Run(() => ElboTool.RunAsync([.. fit, "-o", _tool["m.elbo"], "--checkpoint", _tool["c"], "--checkpoint-every", "100000000"], new CliHost { Output = TextWriter.Null, Error = TextWriter.Null }, source.Token), TestContext.Current.CancellationToken);
        while (!File.Exists(_tool["c"]) && !run.IsCompleted) await Task.Delay(5, TestContext.Current.CancellationToken);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        await source.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, await run);
        int last = FittedModelFile.Load(_tool["m.elbo"]).Model.Record.Traces[0][^1].Number;
        Assert.True(last > 0);
        Assert.InRange(FitCheckpointFile.Load(_tool["c"]).Checkpoint.State.Number, last, last + 1);
    }

    [Fact]
    public async Task InfoSaysWhereItStands()
    {
        await ToolFixture.SucceedAsync([.. FitOf("hmm"), "-o", _tool["m.elbo"], "--checkpoint", _tool["c"], "--checkpoint-every", "5"]);
        ToolRun info = await ToolFixture.SucceedAsync("info", _tool["c"]);
        Assert.Contains("checkpoint: hmm of the family poisson, 3 components, before iteration", info.Output, StringComparison.Ordinal);
        Assert.Contains("of start 1; seed 1", info.Output, StringComparison.Ordinal);
        Assert.Contains($"  path = {SmallTables.PathOf("earthquakes.csv")}\n", info.Output, StringComparison.Ordinal);
        JsonElement json = JsonDocument.Parse((await ToolFixture.SucceedAsync("info", _tool["c"], "--json")).Output).RootElement;
        FitCheckpoint checkpoint = FitCheckpointFile.Load(_tool["c"]).Checkpoint;
        Assert.Equal(checkpoint.TableChecksum, json.GetProperty("table_checksum").GetString());
        Assert.Equal(checkpoint.BestObjective, json.GetProperty("best_objective").GetDouble());
        Assert.Equal(checkpoint.Trace.Count, json.GetProperty("trace").GetArrayLength());
        Assert.Equal("count", json.GetProperty("input").GetProperty("columns.values.0").GetString());
    }

    [Fact]
    public async Task WhatCannotGoOnSaysWhy()
    {
        string table = _tool.Write("a.csv", "x\n" + string.Concat(Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i * i % 17 + i / 20 * 30}\n"))));
        await ToolFixture.SucceedAsync("fit", "gmm", table, "-o", _tool["m.elbo"], "--checkpoint", _tool["c"]);
        File.AppendAllText(table, "5\n");
        Assert.Contains("The table is not the one that the checkpoint was written for", await ToolFixture.FailAsync(1, "fit", "--resume", _tool["c"]), StringComparison.Ordinal);
        Assert.Contains("a model where a checkpoint was expected", await ToolFixture.FailAsync(1, "fit", "--resume", _tool["m.elbo"]), StringComparison.Ordinal);
        Assert.Contains("--checkpoint-every needs a --checkpoint", await ToolFixture.FailAsync(2, "fit", "gmm", table, "-o", _tool["n.elbo"], "--checkpoint-every", "3"), StringComparison.Ordinal);
        Assert.Contains("is given for two outputs", await ToolFixture.FailAsync(2, "fit", "gmm", table, "-o", _tool["n.elbo"], "--checkpoint", _tool["n.elbo"]), StringComparison.Ordinal);
        FitCheckpointFile.Save(FitCheckpointFile.Load(_tool["c"]).Checkpoint, _tool["foreign"], new Dictionary<string, string>());
        Assert.Contains("it was not written by 'elbo fit'", await ToolFixture.FailAsync(1, "fit", "--resume", _tool["foreign"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task APatternIsOneTable()
    {
        string[] lines = File.ReadAllLines(SmallTables.Faithful);
        _tool.Write("parts/1.csv", string.Join('\n', lines[..101]));
        _tool.Write("parts/2.csv", string.Join('\n', [lines[0], .. lines[101..]]));
        await ToolFixture.SucceedAsync("fit", "gmm", SmallTables.Faithful, "--restarts", "2", "-o", _tool["whole.elbo"]);
        ToolRun fit = await ToolFixture.SucceedAsync("fit", "gmm", _tool["parts/*.csv"], "--restarts", "2", "-o", _tool["m.elbo"], "--checkpoint", _tool["c"]);
        Assert.Contains("*.csv: 272 rows, 2 columns", fit.Output, StringComparison.Ordinal);
        Assert.Equal(_tool.Bytes("whole.elbo"), _tool.Bytes("m.elbo"));
        await ToolFixture.SucceedAsync("fit", "--resume", _tool["c"], "-o", _tool["again.elbo"]);
        Assert.Equal(_tool.Bytes("whole.elbo"), _tool.Bytes("again.elbo"));
        Assert.Contains("No file fits the pattern", await ToolFixture.FailAsync(1, "fit", "gmm", _tool["parts/*.tsv"], "-o", _tool["m.elbo"]), StringComparison.Ordinal);
    }

    /// <summary>Stops the tool at a line.</summary>
    sealed class Stopping(string at, CancellationTokenSource source) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(at, StringComparison.Ordinal) == true) source.Cancel();
        }
    }
}
