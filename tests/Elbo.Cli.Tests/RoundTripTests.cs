using System.Text.Json;
using Elbo.Tests;
using Elbo.Topics;

namespace Elbo.Cli.Tests;

public sealed class RoundTripTests : IDisposable
{
    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task EveryVerbWorksOnCounts()
    {
        string[] counts = _tool.WriteCounts();
        ToolRun fit = await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "3", "--seed", "0", "-o", _tool["m.elbo"]]);
        Assert.StartsWith("seed 0\n", fit.Output, StringComparison.Ordinal);
        Assert.Contains("iteration   1  cold", fit.Output, StringComparison.Ordinal);
        Assert.Contains("every half-step was checked; in the guarded passes at the end the bound never fell", fit.Output, StringComparison.Ordinal);
        Assert.Empty(fit.Error);

        ToolRun topics = await ToolFixture.SucceedAsync("topics", _tool["m.elbo"], "-n", "4");
        string[] lines = topics.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Equal(4, lines[1].Split("word").Length - 1);

        ToolRun infer = await ToolFixture.SucceedAsync(["infer", _tool["m.elbo"], .. counts]);
        Assert.Contains("60 documents, 2,400 tokens, 0.0% of them unknown", infer.Output, StringComparison.Ordinal);

        ToolRun evaluate = await ToolFixture.SucceedAsync(["evaluate", _tool["m.elbo"], .. counts]);
        Assert.Contains("60 documents scored", evaluate.Output, StringComparison.Ordinal);

        ToolRun info = await ToolFixture.SucceedAsync("info", _tool["m.elbo"]);
        Assert.Contains("fitted to 60 documents, 2,400 tokens; seed 0", info.Output, StringComparison.Ordinal);
        Assert.Contains($"  alpha = {new LdaOptions().Alpha}\n", info.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapIsFittedCheckpointedAndReadLikeAnyOther()
    {
        string[] counts = _tool.WriteCounts();
        ToolRun fit = await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "4", "--e-step", "map", "--precision", "double", "-o", _tool["m.elbo"], "--checkpoint", _tool["c"], "--checkpoint-every", "1", "--max-iterations", "5"]);
        Assert.Contains("that is of a closing mean-field pass; what was maximised is the map objective", fit.Output, StringComparison.Ordinal);
        Assert.Contains("every half-step was checked; in the map passes at the end the bound never fell", fit.Output, StringComparison.Ordinal);
        byte[] model = File.ReadAllBytes(_tool["m.elbo"]);
        await ToolFixture.SucceedAsync("fit", "--resume", _tool["c"]);
        Assert.Equal(model, File.ReadAllBytes(_tool["m.elbo"]));
        Assert.Contains("60 documents", (await ToolFixture.SucceedAsync(["infer", _tool["m.elbo"], .. counts])).Output, StringComparison.Ordinal);
        Assert.Contains("60 documents scored", (await ToolFixture.SucceedAsync(["evaluate", _tool["m.elbo"], .. counts])).Output, StringComparison.Ordinal);
        Assert.Contains("  e-step = map\n", (await ToolFixture.SucceedAsync("info", _tool["m.elbo"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JsonHasAllDigitsOnTheOutputAndPeopleReadTheErrorOutput()
    {
        string[] counts = _tool.WriteCounts();
        ToolRun fit = await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "3", "-o", _tool["m.elbo"], "--json"]);
        TopicModel model = TopicModelFile.Load(_tool["m.elbo"]);
        JsonElement result = JsonDocument.Parse(fit.Output).RootElement;
        Assert.Equal(model.Bound, result.GetProperty("bound").GetDouble());
        Assert.Equal(model.Trace.Count, result.GetProperty("trace").GetArrayLength());
        Assert.Equal(1UL, result.GetProperty("seed").GetUInt64());
        Assert.Contains("seed 1", fit.Error, StringComparison.Ordinal);

        JsonElement topics = JsonDocument.Parse((await ToolFixture.SucceedAsync("topics", _tool["m.elbo"], "--json")).Output).RootElement;
        Assert.Equal(model.Topics[2].TopTerms(1)[0].Probability, topics.GetProperty("topics")[2].GetProperty("terms")[0].GetProperty("probability").GetDouble());

        ToolRun infer = await ToolFixture.SucceedAsync(["infer", _tool["m.elbo"], .. counts, "--json"]);
        string[] rows = infer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(60, rows.Length);
        Assert.Equal(3, JsonDocument.Parse(rows[59]).RootElement.GetProperty("topics").GetArrayLength());

        JsonElement score = JsonDocument.Parse((await ToolFixture.SucceedAsync(["evaluate", _tool["m.elbo"], .. counts, "--json"])).Output).RootElement;
        Assert.True(score.GetProperty("all").GetProperty("nats_per_token").GetDouble() < 0);
        JsonElement info = JsonDocument.Parse((await ToolFixture.SucceedAsync("info", _tool["m.elbo"], "--json")).Output).RootElement;
        Assert.Equal("elbo-model", info.GetProperty("format").GetString());
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("parquet")]
    public async Task InferenceOnTheTrainingDocumentsRepeatsTheRowsOfTheFitToTheByte(string extension)
    {
        foreach (string[] input in (string[][])[_tool.WriteCounts(), [_tool.WriteTexts()]])
        {
            await ToolFixture.SucceedAsync(["fit", "lda", .. input, "-k", "3", "-o", _tool["m.elbo"], "--documents", _tool[$"fit.{extension}"], "--threads", "2"]);
            await ToolFixture.SucceedAsync(["infer", _tool["m.elbo"], .. input, "-o", _tool[$"infer.{extension}"], "--threads", "1"]);
            Assert.Equal(_tool.Bytes($"fit.{extension}"), _tool.Bytes($"infer.{extension}"));
        }
    }

    [Fact]
    public async Task TheModelHasTheSameBytesForAnyNumberOfThreads()
    {
        string[] counts = _tool.WriteCounts(documents: 300);
        var models = new List<byte[]>();
        foreach (string threads in (string[])["1", "2", "3", "7"])
        {
            await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "4", "--restarts", "2", "-o", _tool["m.elbo"], "--threads", threads, "--quiet"]);
            models.Add(_tool.Bytes("m.elbo"));
        }
        Assert.All(models, model => Assert.Equal(models[0], model));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(11)]
    public async Task AResumedFitEndsInTheSameBytes(int every)
    {
        string texts = _tool.WriteTexts();
        string[] fit = ["fit", "lda", texts, "-k", "4", "--restarts", "2", "--update-alpha", "symmetric", "--stemming", "--min-df", "3", "--tolerance", "1e-9", "--max-iterations", "30"];
        await ToolFixture.SucceedAsync([.. fit, "-o", _tool["whole.elbo"]]);
        await ToolFixture.SucceedAsync([.. fit, "-o", _tool["m.elbo"], "--documents", _tool["rows.csv"], "--checkpoint", _tool["c"], "--checkpoint-every", $"{every}"]);
        byte[] rows = _tool.Bytes("rows.csv");
        File.Delete(_tool["m.elbo"]);
        File.Delete(_tool["rows.csv"]);
        ToolRun info = await ToolFixture.SucceedAsync("info", _tool["c"]);
        Assert.Contains("checkpoint: lda, 4 topics", info.Output, StringComparison.Ordinal);
        await ToolFixture.SucceedAsync("fit", "--resume", _tool["c"], "--threads", "1");
        Assert.Equal(_tool.Bytes("whole.elbo"), _tool.Bytes("m.elbo"));
        Assert.Equal(rows, _tool.Bytes("rows.csv"));
        await ToolFixture.SucceedAsync("fit", "--resume", _tool["c"], "-o", _tool["other.elbo"]);
        Assert.Equal(_tool.Bytes("whole.elbo"), _tool.Bytes("other.elbo"));
    }

    [Fact]
    public async Task AChangedInputIsNotResumed()
    {
        string[] counts = _tool.WriteCounts();
        await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "3", "-o", _tool["m.elbo"], "--checkpoint", _tool["c"], "--checkpoint-every", "1"]);
        File.AppendAllText(counts[0], "1 0:1\n");
        Assert.Contains("not the one that the checkpoint was written for", await ToolFixture.FailAsync(1, "fit", "--resume", _tool["c"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out.ldac", "out.vocab.txt")]
    [InlineData("docword.out.txt", "vocab.out.txt")]
    [InlineData("docword.out.txt.gz", "vocab.out.txt")]
    [InlineData("out.elboc", null)]
    public async Task ACorpusSurvivesEveryFormat(string name, string? vocabulary)
    {
        string texts = _tool.WriteTexts();
        await ToolFixture.SucceedAsync("fit", "lda", texts, "-k", "3", "-o", _tool["text.elbo"], "--json");
        await ToolFixture.SucceedAsync("corpus", texts, "-o", _tool[name]);
        string[] again = vocabulary is null ? [_tool[name]] : [_tool[name], "--vocab", _tool[vocabulary]];
        await ToolFixture.SucceedAsync(["fit", "lda", .. again, "-k", "3", "-o", _tool["again.elbo"]]);
        Assert.Equal(TopicModelFile.Load(_tool["text.elbo"]).Bound, TopicModelFile.Load(_tool["again.elbo"]).Bound);
        await ToolFixture.SucceedAsync(["infer", _tool["text.elbo"], .. again, "-o", _tool["rows.csv"]]);
        Assert.Equal(31, File.ReadAllLines(_tool["rows.csv"]).Length);
    }

    [Fact]
    public async Task TheLongFormHasOnlyTopicsOfTheLeastProbability()
    {
        string texts = _tool.WriteTexts();
        await ToolFixture.SucceedAsync("fit", "lda", texts, "-k", "3", "-o", _tool["m.elbo"]);
        await ToolFixture.SucceedAsync("infer", _tool["m.elbo"], texts, "-o", _tool["long.csv"], "--min-probability", "0.5");
        string[] lines = File.ReadAllLines(_tool["long.csv"]);
        Assert.Equal("id,label,tokens,unknown_tokens,unknown_share,topic,probability", lines[0]);
        Assert.Equal(31, lines.Length);
        Assert.StartsWith("0/00.txt,0,26,1,", lines[1], StringComparison.Ordinal);
        await ToolFixture.SucceedAsync("infer", _tool["m.elbo"], texts, "-o", _tool["long.parquet"], "--min-probability", "0.5");
        ToolRun parquet = await ToolFixture.SucceedAsync("corpus", _tool["long.parquet"], "--text-column", "label", "--numbers", "--min-word-length", "1", "--max-df", "100%", "-o", _tool["ids.elboc"]);
        Assert.Contains("documents: 30 of 30", parquet.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FallsOfTheBoundInColdPassesAreShown()
    {
        string[] counts = _tool.WriteCounts(documents: 8, tokens: 8, terms: 8);
        var falling = new List<string>();
        // Cold starts promise no ascent; on tiny corpora some fits fall.
        for (int seed = 0; seed < 60 && falling.Count == 0; seed++)
        {
            ToolRun fit = await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "4", "--alpha", "1", "--eta", "none", "--document-start", "cold", "--tolerance", "0", "--seed", $"{seed}", "-o", _tool["m.elbo"], "--json"]);
            int falls = JsonDocument.Parse(fit.Output).RootElement.GetProperty("trace").EnumerateArray().Count(iteration => iteration.GetProperty("fell").GetBoolean());
            Assert.Equal(falls, fit.Error.Split("the bound fell, as cold passes may").Length - 1);
            if (falls == 0) continue;
            Assert.Contains("in cold passes, which promise no ascent", fit.Error, StringComparison.Ordinal);
            falling.Add(fit.Error);
        }
        Assert.NotEmpty(falling);
    }

    [Fact]
    [Trait("Category", "SharedData")]
    public async Task TheAssociatedPressIsFittedAndScored()
    {
        string documents = SharedData.Find("data/ap/docs.ldac"), vocabulary = SharedData.Find("data/ap/vocab.txt");
        ToolRun fit = await ToolFixture.SucceedAsync("fit", "lda", documents, "--vocab", vocabulary, "-k", "10", "--max-iterations", "5", "-o", _tool["ap.elbo"]);
        Assert.Contains("2,246 documents, 10,473 terms, 435,838 tokens", fit.Output, StringComparison.Ordinal);
        ToolRun score = await ToolFixture.SucceedAsync("evaluate", _tool["ap.elbo"], documents, "--vocab", vocabulary, "--json");
        Assert.InRange(JsonDocument.Parse(score.Output).RootElement.GetProperty("all").GetProperty("nats_per_token").GetDouble(), -8.6, -7);
    }

    [Fact]
    public async Task GivenHalvesAreScored()
    {
        string[] counts = _tool.WriteCounts();
        await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "3", "-o", _tool["m.elbo"]]);
        string[] halves = ["--observed", _tool.Write("a.ldac", "2 0:1 1:2\n0\n"), "--held-out", _tool.Write("b.ldac", "1 1:3\n1 2:1\n")];
        ToolRun named = await ToolFixture.SucceedAsync(["evaluate", _tool["m.elbo"], .. halves, "--vocab", _tool["vocab.txt"], "--json"]);
        ToolRun numbered = await ToolFixture.SucceedAsync(["evaluate", _tool["m.elbo"], .. halves, "--json"]);
        Assert.Equal(named.Output, numbered.Output);
        JsonElement score = JsonDocument.Parse(named.Output).RootElement;
        Assert.Equal(1, score.GetProperty("documents").GetInt32());
        Assert.Equal(1, score.GetProperty("skipped_documents").GetInt32());
        Assert.Equal(3, score.GetProperty("all").GetProperty("tokens").GetInt64());
    }

    [Fact]
    public async Task TheDemoRecoversTopicsThatAreKnown()
    {
        ToolRun demo = await ToolFixture.SucceedAsync("demo", "--generated", "-k", "3", "-o", _tool["demo.html"], "--model", _tool["m.elbo"]);
        Assert.Contains("with the true ones (the oracle)", demo.Output, StringComparison.Ordinal);
        string average = demo.Output.Split('\n').First(line => line.StartsWith("on average ", StringComparison.Ordinal));
        Assert.StartsWith("on average 9", average, StringComparison.Ordinal);
        Assert.Equal(3, TopicModelFile.Load(_tool["m.elbo"]).Topics.Count);
        Assert.Contains($"report: {_tool["demo.html"]}", demo.Output, StringComparison.Ordinal);
        Assert.Contains("Topics of a corpus that was drawn", await File.ReadAllTextAsync(_tool["demo.html"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
