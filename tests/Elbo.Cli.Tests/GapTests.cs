using System.Globalization;
using System.Text.Json;
using Elbo.Cli.Terminal;
using Elbo.Topics;
using Elbo.Topics.Gap;

namespace Elbo.Cli.Tests;

/// <summary><c>elbo evaluate MODEL INPUT --gap</c></summary>
public sealed class GapTests : IDisposable
{
    static readonly string[] Quick = ["--gap", "--chains", "4", "--steps", "10", "--particles", "4"];

    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    async Task<string[]> FitAsync(params string[] options)
    {
        string[] counts = _tool.WriteCounts(documents: 20);
        await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "3", "-o", _tool["m.elbo"], .. options]);
        return ["evaluate", _tool["m.elbo"], .. counts];
    }

    [Fact]
    public async Task OneTopicIsKnownToTheLastDigit()
    {
        string[] input = [_tool.Write("docs.ldac", "2 0:3 1:1\n1 1:2\n0\n"), "--vocab", _tool.Write("vocab.txt", "a\nb\n")];
        await ToolFixture.SucceedAsync(["fit", "lda", .. input, "-k", "1", "--eta", "none", "-o", _tool["m.elbo"]]);
        ToolRun run = await ToolFixture.SucceedAsync(["evaluate", _tool["m.elbo"], _tool.Write("more.ldac", "2 0:3 2:7\n1 1:1\n0\n"), "--vocab", _tool.Write("more.txt", "a\nb\nc\n"), .. Quick, "--threads", "1"]);
        // Every term has the probability ½; 4 tokens known.
        string[] expected =
        [
            "seed 1",
            "KL(q ‖ p(ϑ,z|w)) = log p(w|α,β) − ELBO in nats, summed over documents; q mean field at its fixed point",
            "  log p by       documents       tokens            log p             ELBO            KL              95% interval  KL/token  std. error      bias    ESS 5%",
            "  annealing              3            4            −2.77            −2.77          0.00              0.00 to 0.00    0.0000        0.00      0.00       4/4",
            "  left-to-right          3            4            −2.77            −2.77          0.00              0.00 to 0.00    0.0000        0.00      0.00       4/4",
            "  medians per token: log p −0.6931, ELBO −0.6931, KL 0.0000",
            "  annealing and left-to-right differ by 0.0000 nats per token in the median document, by 0.00 ± 0.00 in total (about 0.00 of it their biases; 2 documents)",
            "  3 documents measured, 1 of them without a known word (log p = 0); 7 tokens unknown to the model, left out",
        ];
        // Rounding, which differs between kernel profiles, makes some zeros negative.
        Assert.Equal(expected.Select(Words), run.Output.Replace("−0.00", "0.00", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Words));

        static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task JsonHasWhatTheLibraryMeasured()
    {
        string[] evaluate = await FitAsync();
        JsonElement json = JsonDocument.Parse((await ToolFixture.SucceedAsync([.. evaluate, .. Quick, "--json", "--seed", "7", "--threads", "2"])).Output).RootElement;
        var model = TopicModelFile.Load(_tool["m.elbo"]);
        GapReport report = EvidenceGap.Measure(model, Elbo.Corpora.LdaCFormat.Read(_tool["docs.ldac"], _tool["vocab.txt"]), new GapOptions { Chains = 4, Steps = 10, Particles = 4, Seed = 7 }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(json.GetProperty("at_mean_topics").GetBoolean());
        Assert.Equal(7UL, json.GetProperty("seed").GetUInt64());
        Assert.Equal(report.Total!.Gap.Value, json.GetProperty("total").GetProperty("kl").GetDouble());
        Assert.Equal(report.Annealing!.Gap.Upper, json.GetProperty("annealing").GetProperty("kl_upper").GetDouble());
        Assert.Equal(report.LeftToRight!.LogEvidence, json.GetProperty("left_to_right").GetProperty("log_evidence").GetDouble());
        Assert.Equal(report.Agreement!.Difference, json.GetProperty("agreement").GetProperty("difference").GetDouble());
        Assert.Equal(20, json.GetProperty("documents").GetArrayLength());
        Assert.Equal(report.Documents[19].Annealing!.Value.EffectiveSampleSize, json.GetProperty("documents")[19].GetProperty("annealing_effective_samples").GetDouble());
    }

    [Fact]
    public async Task SmoothedTopicsAndASampleAreSaidSo()
    {
        string[] evaluate = await FitAsync();
        ToolRun run = await ToolFixture.SucceedAsync([.. evaluate, .. Quick, "--max-documents", "6"]);
        Assert.Contains("the corpus-level gap under q(β) is not estimated", run.Output, StringComparison.Ordinal);
        Assert.Contains("6 documents measured, of 20 drawn by the seed", run.Output, StringComparison.Ordinal);
        Assert.Contains("elbo: warning: annealing: in one document of twenty", run.Error, StringComparison.Ordinal);

        run = await ToolFixture.SucceedAsync([.. evaluate, .. Quick, "--max-length", "39"]);
        Assert.Contains("20 documents measured; 20 of more than 39 tokens by annealing alone", run.Output, StringComparison.Ordinal);

        evaluate = await FitAsync("--eta", "none");
        Assert.DoesNotContain("not estimated", (await ToolFixture.SucceedAsync([.. evaluate, .. Quick])).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("parquet")]
    public async Task RowsAreWrittenForEveryDocument(string extension)
    {
        string[] evaluate = [.. await FitAsync(), .. Quick, "--max-length", "30", "-o", _tool[$"gap.{extension}"], "--threads"];
        await ToolFixture.SucceedAsync([.. evaluate, "1"]);
        byte[] rows = _tool.Bytes($"gap.{extension}");
        await ToolFixture.SucceedAsync([.. evaluate, "3"]);
        Assert.Equal(rows, _tool.Bytes($"gap.{extension}"));
        if (extension == "parquet") return;
        string[] lines = File.ReadAllLines(_tool[$"gap.{extension}"]);
        Assert.Equal(extension == "csv" ? 21 : 20, lines.Length);
        // Of 40 tokens each: all too long for left-to-right.
        if (extension == "jsonl") Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(lines[7]).RootElement.GetProperty("left_to_right_log_evidence").ValueKind);
        else Assert.StartsWith("id,label,tokens,unknown_tokens,elbo,annealing_log_evidence,annealing_standard_error,annealing_effective_samples,annealing_bias,left_to_right_log_evidence,", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnOptionWithoutEffectIsAnError()
    {
        string[] evaluate = ["evaluate", "m", "x.ldac"];
        foreach (string[] option in (string[][])[["--chains", "4"], ["--steps", "4"], ["--particles", "4"], ["--max-length", "4"], ["--max-documents", "4"], ["--estimator", "annealing"], ["-o", "x.csv"]])
            Assert.Contains(" is for --gap.", await ToolFixture.FailAsync(2, [.. evaluate, .. option]), StringComparison.Ordinal);
        Assert.Equal("elbo: --steps is for annealing, not for --estimator left-to-right.", await ToolFixture.FailAsync(2, [.. evaluate, "--gap", "--estimator", "left-to-right", "--steps", "5"]));
        Assert.Equal("elbo: --particles is for left-to-right, not for --estimator annealing.", await ToolFixture.FailAsync(2, [.. evaluate, "--gap", "--estimator", "annealing", "--particles", "5"]));
        Assert.Equal("elbo: --gap measures whole documents: give an INPUT instead of halves.", await ToolFixture.FailAsync(2, "evaluate", "m", "--observed", "a", "--held-out", "b", "--gap"));
        Assert.Contains("--chains must be a whole number of 2 or more, not '1'", await ToolFixture.FailAsync(2, [.. evaluate, "--gap", "--chains", "1"]), StringComparison.Ordinal);
        Assert.Contains("must end in .csv, .jsonl or .parquet", await ToolFixture.FailAsync(2, ["evaluate", "m", .. _tool.WriteCounts(), "--gap", "-o", _tool["x.xls"]]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereNothingCanBeMeasuredTheReasonIsSaid()
    {
        string[] evaluate = await FitAsync();
        Assert.Contains("no document has a word that the model knows", (await ToolFixture.RunAsync("evaluate", _tool["m.elbo"], _tool.Write("new.ldac", "1 0:1\n"), "--vocab", _tool.Write("new.txt", "unheard\n"), "--gap")).Error, StringComparison.Ordinal);
        ToolRun tooLong = await ToolFixture.RunAsync([.. evaluate, "--gap", "--estimator", "left-to-right", "--max-length", "10", "-o", _tool["gap.csv"]]);
        Assert.Equal(ExitCode.Failure, tooLong.Code);
        Assert.Contains("Every document has more than 10 tokens. Raise --max-length, or take --estimator annealing.", tooLong.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("gap.csv", _tool.Files);
    }

    [Fact]
    public async Task AnInterruptionLeavesTheOldOutput()
    {
        string[] evaluate = await FitAsync();
        _tool.Write("gap.csv", "old");
        using var source = new CancellationTokenSource();
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        // Far more work than there is time for.
        Task<int> run = Task.Run(() => ElboTool.RunAsync([.. evaluate, "--gap", "--chains", "1000", "--steps", "1000000", "-o", _tool["gap.csv"]], new CliHost { Output = TextWriter.Null, Error = error }, source.Token), TestContext.Current.CancellationToken);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        await source.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, await run);
        Assert.Equal("old", File.ReadAllText(_tool["gap.csv"]));
        Assert.DoesNotContain(_tool.Files, file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }
}
