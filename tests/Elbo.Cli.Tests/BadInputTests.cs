namespace Elbo.Cli.Tests;

public sealed class BadInputTests : IDisposable
{
    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    Task<string> FitFails(params string[] args) => ToolFixture.FailAsync(1, ["fit", "lda", .. args, "-o", _tool["m.elbo"]]);

    static Task<string> UsageFails(params string[] args) => ToolFixture.FailAsync(2, args);

    [Fact]
    public async Task AMissingFileIsNamed() =>
        Assert.Equal($"elbo: Cannot read '{_tool["no.ldac"]}': there is no such file or folder.", await FitFails(_tool["no.ldac"]));

    [Fact]
    public async Task AFolderWithoutTextIsNamed()
    {
        _tool.Write("pictures/a.png", "");
        Assert.Contains("has no text files", await FitFails(_tool["pictures"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMissingColumnListsThoseThatThereAre()
    {
        string csv = _tool.Write("t.csv", "title,body\nx,some text\n");
        Assert.Equal("elbo: 't.csv' has no column 'review'. There are: title, body.", await FitFails(csv, "--text-column", "review"));
    }

    [Theory]
    [InlineData("1 0:1\n2 0:1\n", "docs.ldac:2")]
    [InlineData("1 0:0\n", "docs.ldac:1")]
    [InlineData("1 0:-3\n", "docs.ldac:1")]
    [InlineData("1 0:1\n1 x\n", "docs.ldac:2")]
    public async Task AMalformedLineIsNamed(string text, string place) =>
        Assert.Contains(place, await FitFails(_tool.Write("docs.ldac", text)), StringComparison.Ordinal);

    [Fact]
    public async Task ATruncatedUciFileIsNamed() =>
        Assert.Contains("docword.x.txt:", await FitFails(_tool.Write("docword.x.txt", "2\n3\n4\n1 1 1\n1 2")), StringComparison.Ordinal);

    [Fact]
    public async Task AVocabularyThatIsTooShortIsNamed()
    {
        string error = await FitFails(_tool.Write("docs.ldac", "1 0:1\n1 5:1\n"), "--vocab", _tool.Write("vocab.txt", "a\nb\n"));
        Assert.Contains("docs.ldac:2", error, StringComparison.Ordinal);
        Assert.Contains("vocab.txt", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACorpusOfEmptyDocumentsIsRefused()
    {
        ToolRun run = await ToolFixture.RunAsync("fit", "lda", _tool.Write("docs.ldac", "0\n0\n"), "--vocab", _tool.Write("vocab.txt", "a\n"), "-o", _tool["m.elbo"]);
        Assert.Equal(1, run.Code);
        Assert.Contains("Every document of the corpus is empty", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MoreTopicsThanDocumentsAndEmptyDocumentsWarn()
    {
        ToolRun run = await ToolFixture.SucceedAsync("fit", "lda", _tool.Write("docs.ldac", "1 0:1\n0\n"), "--vocab", _tool.Write("vocab.txt", "a\n"), "-k", "3", "-o", _tool["m.elbo"], "--quiet");
        Assert.Contains("elbo: warning: 3 topics for 2 documents", run.Error, StringComparison.Ordinal);
        Assert.Contains("elbo: warning: 1 document of 2 is empty", run.Error, StringComparison.Ordinal);
        Assert.Contains("seed 1\n", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("-k", "0", "--topics must be a whole number of 1 or more, not '0'.")]
    [InlineData("-k", "-5", "--topics must be a whole number of 1 or more, not '-5'.")]
    [InlineData("-k", "many", "--topics must be a whole number of 1 or more, not 'many'.")]
    [InlineData("--alpha", "0", "--alpha must be a number above 0, not '0'.")]
    [InlineData("--alpha", "NaN", "--alpha must be a number above 0, not 'NaN'.")]
    [InlineData("--eta", "some", "--eta must be a number above 0, or none, not 'some'.")]
    [InlineData("--guide", "price", "--guide must be a topic's number and terms, such as 3:price,market, not 'price'.")]
    [InlineData("--seed", "-1", "--seed must be a whole number from 0 to 18446744073709551615, not '-1'.")]
    [InlineData("--time-limit", "soon", "--time-limit must be a time above 0, such as 90s, 10m or 2h, not 'soon'.")]
    [InlineData("--min-df", "lots", "--min-df must be a number of documents (5) or a share of them (10% or 0.1), not 'lots'.")]
    public async Task AnOptionOutOfRangeIsAUsageError(string option, string value, string message) =>
        Assert.Equal("elbo: " + message, await UsageFails("fit", "lda", "x", "-o", "y", option, value));

    [Fact]
    public async Task UnknownWordsOfACommandLineAreUsageErrors()
    {
        Assert.Contains("warmish", await UsageFails("fit", "lda", "x", "-o", "y", "--document-start", "warmish"), StringComparison.Ordinal);
        Assert.Contains("--output", await UsageFails("fit", "lda", "x"), StringComparison.Ordinal);
        Assert.Contains("fit --resume CHECKPOINT", await UsageFails("fit"), StringComparison.Ordinal);
        await UsageFails("fit", "lda", "x", "-o", "y", "--no-such-option");
        await UsageFails("frobnicate");
    }

    [Fact]
    public async Task AnOptionWithoutEffectIsAnError()
    {
        string[] counts = _tool.WriteCounts();
        Assert.Contains("--stemming is for text", await UsageFails(["fit", "lda", .. counts, "-o", _tool["m"], "--stemming"]), StringComparison.Ordinal);
        Assert.Contains("--text-column is for tables", await UsageFails(["fit", "lda", .. counts, "-o", _tool["m"], "--text-column", "x"]), StringComparison.Ordinal);
        Assert.Contains("--vocab is for lda-c and UCI", await UsageFails("fit", "lda", _tool.WriteTexts(), "-o", _tool["m"], "--vocab", counts[2]), StringComparison.Ordinal);
        Assert.Contains("--checkpoint-every needs a --checkpoint", await UsageFails(["fit", "lda", .. counts, "-o", _tool["m"], "--checkpoint-every", "3"]), StringComparison.Ordinal);
        Assert.Contains("--seed halves", await UsageFails("evaluate", "m", "--observed", "a", "--held-out", "b", "--seed", "2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEStepThatDoesNotFitTheOptionsSaysSo()
    {
        string[] fit = ["fit", "lda", .. _tool.WriteCounts(), "-o", _tool["m"], "--e-step"];
        Assert.Contains("Guarded is for mean field", (await ToolFixture.RunAsync([.. fit, "map", "--document-start", "guarded"])).Error, StringComparison.Ordinal);
        Assert.Contains("MAP holds α and η fixed", (await ToolFixture.RunAsync([.. fit, "map", "--update-eta"])).Error, StringComparison.Ordinal);
        Assert.Contains("elbo: The E-step Collapsed has no kernels in double precision", (await ToolFixture.RunAsync([.. fit, "cvb0", "--precision", "double"])).Error, StringComparison.Ordinal);
        Assert.Contains("elbo: Checkpoints go with the E-steps MeanField and Map", (await ToolFixture.RunAsync([.. fit, "cvb0", "--checkpoint", _tool["c"]])).Error, StringComparison.Ordinal);
        Assert.Contains("η of 0.02 or more", (await ToolFixture.RunAsync([.. fit, "online-map", "--eta", "0.001"])).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_tool["m"]));
    }

    [Fact]
    public async Task AnUnknownExtensionAsksForTheFormat()
    {
        string file = _tool.Write("data.bin", "1 0:1\n");
        string error = await FitFails(file);
        Assert.Contains($"Cannot tell by its name what '{file}' holds. Say it with --format", error, StringComparison.Ordinal);
        await ToolFixture.SucceedAsync("fit", "lda", file, "--format", "lda-c", "-k", "1", "-o", _tool["m.elbo"]);
    }

    [Fact]
    public async Task OutputsAreCheckedBeforeTheFit()
    {
        string[] counts = _tool.WriteCounts();
        async Task<string> Fails(params string[] outputs)
        {
            ToolRun run = await ToolFixture.RunAsync(["fit", "lda", .. counts, "-k", "2", .. outputs]);
            Assert.NotEqual(0, run.Code);
            // Not even the seed: nothing was begun.
            Assert.Empty(run.Output);
            return run.Error;
        }
        Assert.Contains("does not exist", await Fails("-o", _tool["no/m.elbo"]), StringComparison.Ordinal);
        Assert.Contains("it is a folder", await Fails("-o", _tool["."]), StringComparison.Ordinal);
        Assert.Contains("does not exist", await Fails("-o", _tool["m"], "--documents", _tool["no/x.csv"]), StringComparison.Ordinal);
        Assert.Contains("must end in .csv, .jsonl or .parquet", await Fails("-o", _tool["m"], "--documents", _tool["x.xls"]), StringComparison.Ordinal);
        Assert.Contains("is given for two outputs", await Fails("-o", _tool["m.csv"], "--documents", _tool["m.csv"]), StringComparison.Ordinal);
        Assert.Contains("is an input and an output", await Fails("-o", counts[0]), StringComparison.Ordinal);
        if (File.Exists("/dev/full")) Assert.Contains("not a regular file", await Fails("-o", "/dev/full"), StringComparison.Ordinal);
        Assert.Equal(["docs.ldac", "vocab.txt"], _tool.Files);
    }

    [Fact]
    public async Task AModelOfAnotherKindOrADamagedOneIsNamed()
    {
        string[] counts = _tool.WriteCounts();
        await ToolFixture.SucceedAsync(["corpus", .. counts, "-o", _tool["c.elboc"]]);
        Assert.Contains("is a corpus where a model was expected", await ToolFixture.FailAsync(1, "topics", _tool["c.elboc"]), StringComparison.Ordinal);
        await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "2", "-o", _tool["m.elbo"]]);
        File.WriteAllBytes(_tool["cut.elbo"], _tool.Bytes("m.elbo")[..^100]);
        Assert.Contains("cut.elbo", await ToolFixture.FailAsync(1, "topics", _tool["cut.elbo"]), StringComparison.Ordinal);
        Assert.Contains("a model where a checkpoint was expected", await ToolFixture.FailAsync(1, "fit", "--resume", _tool["m.elbo"]), StringComparison.Ordinal);
        Assert.Contains("no.elbo", await ToolFixture.FailAsync(1, "info", _tool["no.elbo"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailedInferenceLeavesTheOldOutput()
    {
        string[] counts = _tool.WriteCounts();
        await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "2", "-o", _tool["m.elbo"]]);
        _tool.Write("rows.csv", "old");
        await ToolFixture.FailAsync(1, "infer", _tool["m.elbo"], _tool.Write("bad.ldac", "1 0:1\n1 0\n"), "--vocab", counts[2], "-o", _tool["rows.csv"]);
        Assert.Equal("old", File.ReadAllText(_tool["rows.csv"]));
        Assert.DoesNotContain(_tool.Files, file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }
}
