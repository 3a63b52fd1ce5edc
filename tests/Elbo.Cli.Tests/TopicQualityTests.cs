using System.Text.Json;
using Elbo.Corpora;
using Elbo.Text;
using Elbo.Topics;
using Elbo.Topics.Quality;

namespace Elbo.Cli.Tests;

public sealed class TopicQualityTests : IDisposable
{
    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task TopicsOfTextAreJudgedByAllMeasures()
    {
        string texts = _tool.WriteTexts();
        await ToolFixture.SucceedAsync("fit", "lda", texts, "-k", "3", "-o", _tool["m.elbo"]);
        ToolRun plain = await ToolFixture.SucceedAsync("topics", _tool["m.elbo"], texts, "--quality", "-n", "5");
        string[] lines = plain.Output.Split('\n');
        Assert.Equal("topic   share      NPMI       C_V  exclusive    words       nearest  terms", lines[0]);
        Assert.Matches(@"^    0  +\d+\.\d%  +−?\d\.\d{4}  +−?\d\.\d{4}  +\d+\.\d%  +\d+  +[12] \(\d+\.\d%\)  \w+( \w+){4}$", lines[1]);
        Assert.Contains("coherence on average: NPMI ", plain.Output, StringComparison.Ordinal);
        Assert.Contains("Coherence alone does not rank models", plain.Output, StringComparison.Ordinal);
        Assert.Empty(plain.Error);

        JsonElement json = Json(await ToolFixture.SucceedAsync("topics", _tool["m.elbo"], texts, "--quality", "-n", "5", "--json", "--threads", "1"));
        TopicModel model = TopicModelFile.Load(_tool["m.elbo"]);
        // The documents that the model was fitted to, read by its settings, are those of the fit.
        Corpus corpus = TextCorpus.Build(TextSource.Open(texts), cancellationToken: TestContext.Current.CancellationToken).Corpus;
        ModelQuality quality = ModelQuality.Of(model, corpus, new CoherenceOptions { Terms = 5 });
        for (int topic = 0; topic < 3; topic++)
        {
            JsonElement row = json.GetProperty("topics")[topic];
            Assert.Equal(quality.Topics[topic].Npmi, row.GetProperty("npmi").GetDouble());
            Assert.Equal(quality.Topics[topic].Cv, row.GetProperty("c_v").GetDouble());
            Assert.Equal(quality.Topics[topic].Uci, row.GetProperty("uci").GetDouble());
            Assert.Equal(quality.Topics[topic].UMass, row.GetProperty("umass").GetDouble());
            Assert.Equal(quality.Topics[topic].Frex, row.GetProperty("frex").GetDouble());
            Assert.Equal(quality.Topics[topic].Exclusivity, row.GetProperty("exclusivity").GetDouble());
            Assert.Equal(quality.Topics[topic].Nearest, row.GetProperty("nearest").GetInt32());
            Assert.Equal(0, row.GetProperty("unseen_terms").GetInt32());
            Assert.Equal(5, row.GetProperty("terms").GetArrayLength());
        }
        Assert.Equal(quality.Diversity, json.GetProperty("diversity").GetDouble());
        Assert.Contains("does not rank models", json.GetProperty("caution").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CountsHaveUMassAloneAndWithoutDocumentsThereIsNoCoherence()
    {
        string[] counts = _tool.WriteCounts();
        await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "3", "-o", _tool["m.elbo"]]);
        string judged = (await ToolFixture.SucceedAsync(["topics", _tool["m.elbo"], .. counts, "--quality"])).Output;
        Assert.StartsWith("topic   share     UMass  exclusive", judged, StringComparison.Ordinal);
        Assert.Contains("for NPMI, C_V and UCI give the text", judged, StringComparison.Ordinal);
        string alone = (await ToolFixture.SucceedAsync("topics", _tool["m.elbo"], "--quality")).Output;
        Assert.StartsWith("topic   share  exclusive    words       nearest  terms", alone, StringComparison.Ordinal);
        Assert.Contains("diversity: ", alone, StringComparison.Ordinal);
        Assert.DoesNotContain("oherence", alone, StringComparison.Ordinal);
        JsonElement json = Json(await ToolFixture.SucceedAsync("topics", _tool["m.elbo"], "--quality", "--json"));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("topics")[0].GetProperty("umass").ValueKind);
    }

    [Fact]
    public async Task TermsThatNeverOccurAreCountedAndNoneAtAllIsAnError()
    {
        string texts = _tool.WriteTexts();
        await ToolFixture.SucceedAsync("fit", "lda", texts, "-k", "3", "-o", _tool["m.elbo"]);
        ToolRun some = await ToolFixture.SucceedAsync("topics", _tool["m.elbo"], _tool.Write("market.txt", "market price stock trade bank money"), "--quality", "-n", "6");
        Assert.Contains("elbo: warning: 12 of the 18 terms that were looked at never occur in", some.Error, StringComparison.Ordinal);
        Assert.Contains("None of the topics' terms occurs in", await ToolFixture.FailAsync(1, "topics", _tool["m.elbo"], _tool.Write("other.txt", "something else entirely"), "--quality"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OptionsOfQualityThatHaveNoEffectAreErrors()
    {
        Assert.Contains("an INPUT is for --quality", await ToolFixture.FailAsync(2, "topics", "m.elbo", _tool.WriteTexts()), StringComparison.Ordinal);
        Assert.Contains("--terms must be 2 or more", await ToolFixture.FailAsync(2, "topics", "m.elbo", "--quality", "-n", "1"), StringComparison.Ordinal);
        Assert.Contains("--format is for an INPUT", await ToolFixture.FailAsync(2, "topics", "m.elbo", "--quality", "--format", "text"), StringComparison.Ordinal);
        Assert.Contains("--vocab is for an INPUT", await ToolFixture.FailAsync(2, "topics", "m.elbo", "--quality", "--vocab", "v"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NumbersOfTopicsAreComparedOnDocumentsThatNoneHasSeen()
    {
        string texts = _tool.WriteTexts(90);
        string[] select = ["select", "lda", texts, "-k", "2,3,6", "--restarts", "3", "--test-share", "0.2", "-o", _tool["best.elbo"]];
        ToolRun run = await ToolFixture.SucceedAsync(select);
        Assert.StartsWith("seed 1\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("3 topics, seed 2: held-out −", run.Output, StringComparison.Ordinal);
        Assert.Contains("E-step mean-field for all (72 documents, ", run.Output, StringComparison.Ordinal);
        Assert.Contains("fitted to 72 documents, scored on 18 others", run.Output, StringComparison.Ordinal);
        Assert.Contains("topics  fits  held out/token   spread  best ELBO/token      NPMI  stability  same terms  diversity", run.Output, StringComparison.Ordinal);
        Assert.Contains("Coherence alone does not rank models", run.Output, StringComparison.Ordinal);
        Assert.Contains($"model: {_tool["best.elbo"]} (", run.Output, StringComparison.Ordinal);

        JsonElement json = Json(await ToolFixture.SucceedAsync([.. select, "--json", "--threads", "1"]));
        // Three themes were written.
        Assert.Equal(3, json.GetProperty("recommended").GetInt32());
        Assert.True(json.GetProperty("complete").GetBoolean());
        Assert.Equal("npmi", json.GetProperty("coherence_measure").GetString());
        JsonElement[] candidates = [.. json.GetProperty("candidates").EnumerateArray()];
        Assert.Equal([2, 3, 6], candidates.Select(candidate => candidate.GetProperty("topics").GetInt32()));
        Assert.All(candidates, candidate => Assert.Equal(3, candidate.GetProperty("restarts").GetArrayLength()));
        Assert.Equal(6, candidates[2].GetProperty("best_topics").GetArrayLength());
        TopicModel best = TopicModelFile.Load(_tool["best.elbo"]);
        Assert.Equal(3, best.Topics.Count);
        Assert.Equal(72, best.Record.Documents);
        Assert.Equal(candidates[1].GetProperty("restarts")[candidates[1].GetProperty("best").GetInt32()].GetProperty("bound").GetDouble(), best.Bound);
        // The model knows how its text was read.
        Assert.Contains("1 token", (await ToolFixture.SucceedAsync("infer", _tool["best.elbo"], _tool.Write("note.txt", "the market"))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AComparisonThatMakesNoSenseSaysSo()
    {
        string[] counts = _tool.WriteCounts();
        Assert.Contains("--topics must be numbers from 1 to 10000", await Fails(2, "-k", "5..2"), StringComparison.Ordinal);
        Assert.Contains("--test-share must be a number above 0 and up to 0.5, not '0.7'", await Fails(2, "--test-share", "0.7"), StringComparison.Ordinal);
        Assert.Contains("is an input and an output", await Fails(2, "-o", counts[0]), StringComparison.Ordinal);
        Assert.Contains("--short-iterations", await Fails(2, "--short-iterations", "3"), StringComparison.Ordinal);
        Assert.Contains("0 of 2 have the two tokens that this takes", (await ToolFixture.RunAsync("select", "lda", _tool.Write("few.ldac", "1 0:1\n1 1:1\n"), "--vocab", counts[2])).Error, StringComparison.Ordinal);

        Task<string> Fails(int code, params string[] args) => ToolFixture.FailAsync(code, ["select", "lda", .. counts, .. args]);
    }

    static JsonElement Json(ToolRun run) => JsonDocument.Parse(run.Output).RootElement;
}
