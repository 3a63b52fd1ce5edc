using System.Text.Json;

namespace Elbo.Cli.Tests;

public sealed class GenerateTests : IDisposable
{
    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    string[] Small(string corpus) =>
        ["generate", "lda", "-o", _tool[corpus], "--documents", "300", "--held-out-documents", "100", "--length", "100", "-k", "4", "--terms", "200", "--seed", "5"];

    [Fact]
    public async Task TheTruthScoresWhatWasPrintedAndAFitComesCloseToIt()
    {
        ToolRun run = await ToolFixture.SucceedAsync([.. Small("c.elboc"), "--truth", _tool["truth.elbo"], "--held-out", _tool["h.elboc"], "--json"]);
        JsonElement printed = JsonDocument.Parse(run.Output).RootElement;
        double oracle = Number(printed, "oracle_nats_per_token"), unigram = Number(printed, "unigram_nats_per_token");
        Assert.Equal(oracle, await ScoreAsync("truth.elbo"));
        Assert.True(oracle > unigram + 0.3);
        Assert.Equal((5, 4, 200, 100, 300, 100, 100), (Whole(printed, "seed"), Whole(printed, "topics"), Whole(printed, "terms"), Whole(printed, "length"),
            Whole(printed, "documents"), Whole(printed, "held_out_documents"), Whole(printed, "scored_documents")));
        Assert.Equal((0.25, 0.25), (Number(printed, "alpha"), Number(printed, "eta")));

        JsonElement corpus = JsonDocument.Parse((await ToolFixture.SucceedAsync("info", _tool["c.elboc"], "--json")).Output).RootElement;
        Assert.Equal((Whole(printed, "documents"), Whole(printed, "tokens"), Whole(printed, "entries")), (Whole(corpus, "documents"), Whole(corpus, "tokens"), Whole(corpus, "entries")));
        Assert.Equal("5", corpus.GetProperty("properties").GetProperty("generated.seed").GetString());

        await ToolFixture.SucceedAsync("fit", "lda", _tool["c.elboc"], "-k", "4", "--restarts", "3", "--short-iterations", "10", "-o", _tool["m.elbo"]);
        Assert.InRange(await ScoreAsync("m.elbo"), oracle - 0.1 * (oracle - unigram), oracle + 0.01);

        async Task<double> ScoreAsync(string model) =>
            Number(JsonDocument.Parse((await ToolFixture.SucceedAsync("evaluate", _tool[model], _tool["h.elboc"], "--json")).Output).RootElement.GetProperty("all"), "nats_per_token");
    }

    [Fact]
    public async Task TheRunSaysWhatItDidAndTheSameSeedGivesTheSameBytes()
    {
        string[] more = ["--truth", _tool["t.elbo"], "--held-out", _tool["h.elboc"]];
        ToolRun run = await ToolFixture.SucceedAsync([.. Small("c.elboc"), .. more]);
        string[] lines = run.Output.Replace(_tool[""] + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(GoldenLines, lines[..5]);
        Assert.Matches(@"^100 held-out documents, nats per token as 'elbo evaluate' scores: −\d\.\d{4} with the true topics \(the oracle\), −\d\.\d{4} without topics \(the unigram\)$", lines[5]);
        byte[][] before = [_tool.Bytes("c.elboc"), _tool.Bytes("t.elbo"), _tool.Bytes("h.elboc")];
        ToolRun quiet = await ToolFixture.SucceedAsync([.. Small("c.elboc"), .. more, "--quiet"]);
        Assert.Equal(("", "seed 5\n"), (quiet.Output, quiet.Error));
        Assert.Equal(before, [_tool.Bytes("c.elboc"), _tool.Bytes("t.elbo"), _tool.Bytes("h.elboc")]);
        Assert.Equal(["c.elboc", "h.elboc", "t.elbo"], _tool.Files);
        Assert.Contains("not fitted: the parameters that a corpus was drawn from", (await ToolFixture.SucceedAsync("info", _tool["t.elbo"])).Output, StringComparison.Ordinal);
        Assert.Contains("\"bound\": null", (await ToolFixture.SucceedAsync("info", _tool["t.elbo"], "--json")).Output, StringComparison.Ordinal);
    }

    // The counts are the same on every platform: the generator and the tables use nothing but IEEE basic operations.
    static readonly string[] GoldenLines =
    [
        "seed 5",
        "drawn from 4 topics over 200 terms, alpha 0.25, eta 0.25 (terms have the name of the topic that they are likeliest in: t0.1, t0.2, …)",
        "300 documents, 29,828 tokens, 17,093 distinct pairs of document and term: c.elboc",
        "true topics: t.elbo",
        "held-out documents: h.elboc",
    ];

    [Fact]
    public async Task BadArgumentsAreNamedAndNothingIsWritten()
    {
        string[] lda = ["generate", "lda", "-o", _tool["c.elboc"]];
        async Task Fails(int code, string message, params string[] args)
        {
            Assert.Contains(message, await ToolFixture.FailAsync(code, args), StringComparison.Ordinal);
            Assert.Empty(_tool.Files);
        }
        await Fails(2, "must end in .elboc", "generate", "lda", "-o", _tool["c.ldac"]);
        await Fails(2, "must end in .elboc", [.. lda, "--held-out", _tool["h.jsonl"]]);
        await Fails(2, "--output", "generate", "lda");
        await Fails(2, "--documents must be a whole number of 1 or more, not '0'.", [.. lda, "--documents", "0"]);
        await Fails(2, "--alpha must be a number above 0, not '0'.", [.. lda, "--alpha", "0"]);
        await Fails(2, "--eta must be a number above 0, not '-1'.", [.. lda, "--eta", "-1"]);
        await Fails(2, "is given for two outputs", [.. lda, "--held-out", _tool["c.elboc"]]);
        ToolRun large = await ToolFixture.RunAsync([.. lda, "-k", "1000000", "--terms", "1000000"]);
        Assert.Equal(1, large.Code);
        Assert.Contains("more than the", large.Error, StringComparison.Ordinal);
        await Fails(1, "does not exist", [.. lda, "--truth", _tool["no/t.elbo"]]);
        Assert.Equal(2, (await ToolFixture.RunAsync("generate")).Code);
        Assert.Empty(_tool.Files);
    }

    static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();

    static int Whole(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
