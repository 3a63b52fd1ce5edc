using System.Text.Json;
using Elbo.Cli.Terminal;
using Elbo.Topics;

namespace Elbo.Cli.Tests;

public sealed class ReportTests : IDisposable
{
    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    async Task<string> FitTextsAsync()
    {
        string texts = _tool.WriteTexts();
        await ToolFixture.SucceedAsync("fit", "lda", texts, "-k", "3", "-o", _tool["m.elbo"], "--quiet");
        return texts;
    }

    /// <summary>What the scripts of a page read.</summary>
    JsonElement Data(string page)
    {
        string html = File.ReadAllText(_tool[page]);
        const string open = "<script type=\"application/json\" id=\"data\">";
        int start = html.IndexOf(open, StringComparison.Ordinal) + open.Length;
        return JsonDocument.Parse(html[start..html.IndexOf("</script>", start, StringComparison.Ordinal)]).RootElement;
    }

    [Fact]
    public async Task A_report_of_texts_has_their_words_and_writes_its_tables()
    {
        string texts = await FitTextsAsync();
        await ToolFixture.SucceedAsync("label", _tool["m.elbo"], "1=Märkte <b>");
        ToolRun run = await ToolFixture.SucceedAsync("report", _tool["m.elbo"], texts, "-o", _tool["r.html"], "--csv", _tool["new/csv"], "--parquet", _tool["parquet"], "--pyldavis", _tool["v.json"], "--title", "T & <T>");
        Assert.Contains("r.html: 3 topics, 30 of 30 documents", run.Output, StringComparison.Ordinal);
        JsonElement data = Data("r.html");
        TopicModel model = TopicModelFile.Load(_tool["m.elbo"]);
        Assert.Equal("T & <T>", data.GetProperty("title").GetString());
        Assert.Equal("Märkte <b>", data.GetProperty("topics")[1].GetProperty("label").GetString());
        JsonElement document = data.GetProperty("documents")[0];
        Assert.Equal(("0/00.txt", "0"), (document.GetProperty("id").GetString(), document.GetProperty("label").GetString()));
        string text = document.GetProperty("text").GetString()!;
        Assert.Equal(File.ReadAllText(Path.Combine(texts, "0/00.txt")), text);
        int[] marks = [.. document.GetProperty("marks").EnumerateArray().Select(number => number.GetInt32())];
        Assert.True(model.Vocabulary.IndexOf(text.Substring(marks[0], marks[1])) >= 0);
        // The word that only this text has was dropped, and is counted.
        Assert.True(document.GetProperty("unknownTokens").GetInt64() >= 1);
        Assert.True(data.GetProperty("trust").GetProperty("dropped").GetArrayLength() == 3);

        string[] names = [.. Directory.GetFiles(_tool["new/csv"]).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(names, Directory.GetFiles(_tool["parquet"]).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
        Assert.Contains("document_topics", names);
        string[] topics = File.ReadAllLines(Path.Combine(_tool["new/csv"], "topics.csv"));
        Assert.StartsWith("topic,label,words,share,", topics[0], StringComparison.Ordinal);
        Assert.Contains($",{model.Record.Prevalence[0]:R},", topics[1], StringComparison.Ordinal);
        JsonElement ldavis = JsonDocument.Parse(File.ReadAllBytes(_tool["v.json"])).RootElement;
        Assert.Equal(30, ldavis.GetProperty("doc_lengths").GetArrayLength());
        Assert.Equal(["m.elbo", "new", "parquet", "r.html", "texts", "v.json"], _tool.Files);
    }

    [Fact]
    public async Task Counts_corpus_files_and_no_documents_make_reports_too()
    {
        string[] counts = _tool.WriteCounts();
        await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "3", "-o", _tool["m.elbo"], "--quiet"]);
        await ToolFixture.SucceedAsync(["report", _tool["m.elbo"], .. counts, "-o", _tool["counts.html"]]);
        Assert.Equal("counts", Data("counts.html").GetProperty("documents")[0].GetProperty("textKind").GetString());
        await ToolFixture.SucceedAsync("report", _tool["m.elbo"], "-o", _tool["bare.html"]);
        Assert.Equal(0, Data("bare.html").GetProperty("documents").GetArrayLength());
        Assert.Equal("m", Data("bare.html").GetProperty("title").GetString());

        string texts = await FitTextsAsync();
        await ToolFixture.SucceedAsync("corpus", texts, "-o", _tool["c.elboc"]);
        await ToolFixture.SucceedAsync("report", _tool["m.elbo"], _tool["c.elboc"], "-o", _tool["tokens.html"]);
        Assert.Equal("tokens", Data("tokens.html").GetProperty("documents")[0].GetProperty("textKind").GetString());
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_before_any_work()
    {
        string[] counts = _tool.WriteCounts();
        await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "3", "-o", _tool["m.elbo"], "--quiet"]);
        Assert.Contains("--pyldavis needs documents", await ToolFixture.FailAsync(ExitCode.Usage, "report", _tool["m.elbo"], "-o", _tool["r.html"], "--pyldavis", _tool["v.json"]), StringComparison.Ordinal);
        Assert.Contains("--vocab is for an INPUT", await ToolFixture.FailAsync(ExitCode.Usage, "report", _tool["m.elbo"], "-o", _tool["r.html"], "--vocab", _tool["vocab.txt"]), StringComparison.Ordinal);
        Assert.Contains("does not exist", await ToolFixture.FailAsync(ExitCode.Failure, "report", _tool["m.elbo"], "-o", _tool["none/r.html"]), StringComparison.Ordinal);
        Assert.Contains("it is a file", await ToolFixture.FailAsync(ExitCode.Failure, "report", _tool["m.elbo"], "-o", _tool["r.html"], "--csv", _tool["vocab.txt"]), StringComparison.Ordinal);
        Assert.Contains("is an input and an output", await ToolFixture.FailAsync(ExitCode.Usage, "report", _tool["m.elbo"], "-o", _tool["m.elbo"]), StringComparison.Ordinal);
        Assert.Contains("is given for two outputs", await ToolFixture.FailAsync(ExitCode.Usage, ["report", _tool["m.elbo"], .. counts, "-o", _tool["r"], "--pyldavis", _tool["r"]]), StringComparison.Ordinal);
        Assert.Equal(["docs.ldac", "m.elbo", "vocab.txt"], _tool.Files);
    }

    [Fact]
    public async Task Labels_are_given_cleared_and_read_from_what_a_report_exports()
    {
        string[] counts = _tool.WriteCounts();
        string model = _tool["m.elbo"];
        await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "3", "-o", model, "--quiet"]);
        byte[] bare = _tool.Bytes("m.elbo");
        await ToolFixture.SucceedAsync("label", model, "2=space flight", "0=a=b");
        Assert.Equal(["a=b", null, "space flight"], TopicModelFile.Load(model).Topics.Select(topic => topic.Label));
        _tool.Write("labels.json", "{ \"1\": \"市場\", \"2\": \"other\" }");
        await ToolFixture.SucceedAsync("label", model, "--file", _tool["labels.json"], "2=mine", "--clear", "0", "-o", _tool["n.elbo"]);
        Assert.Equal([null, "市場", "mine"], TopicModelFile.Load(_tool["n.elbo"]).Topics.Select(topic => topic.Label));
        Assert.Equal(["a=b", null, "space flight"], TopicModelFile.Load(model).Topics.Select(topic => topic.Label));

        string[] lines = (await ToolFixture.SucceedAsync("topics", _tool["n.elbo"])).Output.Split('\n');
        Assert.StartsWith("topic   share  label  terms", lines[0], StringComparison.Ordinal);
        Assert.Contains("  市場     word", lines[2], StringComparison.Ordinal);
        JsonElement topics = JsonDocument.Parse((await ToolFixture.SucceedAsync("topics", _tool["n.elbo"], "--json")).Output).RootElement.GetProperty("topics");
        Assert.Equal([null, "市場", "mine"], topics.EnumerateArray().Select(topic => topic.GetProperty("label").GetString()));

        await ToolFixture.SucceedAsync("label", model, "--clear", "0", "--clear", "2");
        Assert.Equal(bare, _tool.Bytes("m.elbo"));
    }

    [Theory]
    [InlineData(2, "there is nothing to change")]
    [InlineData(2, "not 'markets'", "markets")]
    [InlineData(2, "not '-1=x'", "--", "-1=x")]
    [InlineData(2, "topic 1 is given two labels", "1=a", "1=b")]
    [InlineData(2, "topic 1 is given a label and cleared", "1=a", "--clear", "1")]
    [InlineData(1, "There is no topic 3 to label", "3=a")]
    [InlineData(1, "There is no topic 9 to clear", "--clear", "9")]
    [InlineData(1, "The label of topic 0 is blank", "0= ")]
    [InlineData(1, "The label of topic 0 has a character that is no text (U+0007)", "0=a\u0007")]
    public async Task Labels_that_cannot_be_given_are_errors_that_name_the_topic(int code, string message, params string[] args)
    {
        await ToolFixture.SucceedAsync(["fit", "lda", .. _tool.WriteCounts(), "-k", "3", "-o", _tool["m.elbo"], "--quiet"]);
        byte[] before = _tool.Bytes("m.elbo");
        Assert.Contains(message, await ToolFixture.FailAsync(code, ["label", _tool["m.elbo"], .. args]), StringComparison.Ordinal);
        Assert.Equal(before, _tool.Bytes("m.elbo"));
    }

    [Theory]
    [InlineData("[1]", "must hold one object")]
    [InlineData("{", "is no JSON")]
    [InlineData("{\"1\": \"\\ud83d\"}", "is no JSON")]
    [InlineData("{\"x\": \"y\"}", "has a label for 'x'")]
    [InlineData("{\"1\": 2}", "the label of topic 1 must be a string")]
    [InlineData("{\"1\": \"a\", \"01\": \"b\"}", "has two labels for topic 1")]
    public async Task Files_that_hold_no_labels_are_named(string content, string message)
    {
        await ToolFixture.SucceedAsync(["fit", "lda", .. _tool.WriteCounts(), "-k", "3", "-o", _tool["m.elbo"], "--quiet"]);
        string error = await ToolFixture.FailAsync(ExitCode.Failure, "label", _tool["m.elbo"], "--file", _tool.Write("l.json", content));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains("l.json", error, StringComparison.Ordinal);
    }
}
