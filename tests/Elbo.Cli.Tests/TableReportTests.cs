using System.Text.Json;
using Elbo.Cli.Terminal;
using Elbo.Fitting;
using Elbo.Tests;

namespace Elbo.Cli.Tests;

public sealed class TableReportTests : IDisposable
{
    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    /// <summary>What the scripts of a page read.</summary>
    JsonElement Data(string page)
    {
        string html = File.ReadAllText(_tool[page]);
        const string open = "<script type=\"application/json\" id=\"data\">";
        int start = html.IndexOf(open, StringComparison.Ordinal) + open.Length;
        return JsonDocument.Parse(html[start..html.IndexOf("</script>", start, StringComparison.Ordinal)]).RootElement;
    }

    [Fact]
    public async Task AMixtureBecomesAPageAndTables()
    {
        await ToolFixture.SucceedAsync("fit", "gmm", SmallTables.Faithful, "-k", "2", "-o", _tool["m.elbo"], "--quiet");
        ToolRun run = await ToolFixture.SucceedAsync("report", _tool["m.elbo"], SmallTables.Faithful, "-o", _tool["r.html"], "--csv", _tool["csv"], "--parquet", _tool["parquet"], "--title", "T & <T>");
        Assert.Contains("r.html: 2 components, 272 rows", run.Output, StringComparison.Ordinal);
        JsonElement data = Data("r.html");
        FittedModel model = FittedModelFile.Load(_tool["m.elbo"]).Model;
        Assert.Equal("T & <T>", data.GetProperty("title").GetString());
        Assert.Equal(model.Record.LogLikelihood, data.GetProperty("rows").GetProperty("logLikelihood").GetDouble(), 1e-9);
        string[] names = [.. Directory.GetFiles(_tool["csv"]).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(["components", "densities", "parameters", "rows", "starts", "trace", "warnings"], names);
        Assert.Equal(names, Directory.GetFiles(_tool["parquet"]).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
        string[] rows = File.ReadAllLines(Path.Combine(_tool["csv"], "rows.csv"));
        Assert.Equal("row,eruptions,waiting,component,uncertainty,log_density,responsibility_0,responsibility_1", rows[0]);
        Assert.Equal(273, rows.Length);
        Assert.StartsWith("1,3.6,79,", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task SequencesKeepTheirNamesAndAModelAloneHasAPageToo()
    {
        string table = _tool.Write("series.csv", "who,count\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i < 40 ? "ann" : "bob")},{(i / 10 % 2 == 0 ? 3 : 12) + i % 3}\n")));
        await ToolFixture.SucceedAsync("fit", "hmm", table, "--family", "poisson", "--sequence", "who", "-k", "2", "-o", _tool["m.elbo"], "--quiet");
        await ToolFixture.SucceedAsync("report", _tool["m.elbo"], table, "-o", _tool["r.html"]);
        Assert.Equal(["ann", "bob"], Data("r.html").GetProperty("rows").GetProperty("sequences").EnumerateArray().Select(sequence => sequence.GetProperty("name").GetString()));
        ToolRun alone = await ToolFixture.SucceedAsync("report", _tool["m.elbo"], "-o", _tool["alone.html"]);
        Assert.Contains("no rows on the page", alone.Output, StringComparison.Ordinal);
        Assert.False(Data("alone.html").TryGetProperty("rows", out _));
    }

    [Fact]
    public async Task WhatIsForTopicsIsRefused()
    {
        await ToolFixture.SucceedAsync("fit", "gmm", SmallTables.Faithful, "-k", "2", "-o", _tool["m.elbo"], "--quiet");
        foreach (string[] option in (string[][])[["--pyldavis", _tool["v.json"]], ["--text-column", "waiting"], ["--gap-documents", "3"]])
            Assert.Contains("is a model of a table", await ToolFixture.FailAsync(ExitCode.Usage, ["report", _tool["m.elbo"], SmallTables.Faithful, "-o", _tool["r.html"], .. option]), StringComparison.Ordinal);
        Assert.Contains("'eruptions'", await ToolFixture.FailAsync(ExitCode.Failure, "report", _tool["m.elbo"], SmallTables.PathOf("earthquakes.csv"), "-o", _tool["r.html"]), StringComparison.Ordinal);
        Assert.Equal(["m.elbo"], _tool.Files);
    }
}
