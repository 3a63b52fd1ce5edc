using Elbo.Cli.Terminal;

namespace Elbo.Cli.Tests;

public sealed class ExplainTests : IDisposable
{
    static readonly string[] Figures = ["bound", "decomposition", "jensen", "lda"];

    readonly ToolFixture _tool = new();

    [Fact]
    public async Task The_page_and_the_stills_are_those_of_the_seed()
    {
        foreach ((string name, string seed) in new[] { ("a", "7"), ("b", "7"), ("c", "8") })
        {
            ToolRun run = await ToolFixture.SucceedAsync("explain", "-o", _tool[$"{name}.html"], "--svg", _tool[name], "--seed", seed);
            Assert.Contains($"seed {seed}\n", run.Output, StringComparison.Ordinal);
            Assert.Contains($"page: {_tool[$"{name}.html"]}\n", run.Output, StringComparison.Ordinal);
            Assert.Equal(Figures, Directory.GetFiles(_tool[name]).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
        }
        Assert.Equal(_tool.Bytes("a.html"), _tool.Bytes("b.html"));
        Assert.NotEqual(_tool.Bytes("a.html"), _tool.Bytes("c.html"));
        foreach (string figure in Figures) Assert.Equal(_tool.Bytes($"a/{figure}.svg"), _tool.Bytes($"b/{figure}.svg"));
        Assert.NotEqual(_tool.Bytes("a/decomposition.svg"), _tool.Bytes("c/decomposition.svg"));
    }

    [Fact]
    public async Task Stills_alone_leave_no_page()
    {
        await ToolFixture.SucceedAsync("explain", "--svg", _tool["stills"]);
        Assert.Equal(["stills"], _tool.Files);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named() =>
        Assert.Contains("nowhere", await ToolFixture.FailAsync(ExitCode.Failure, "explain", "-o", _tool["nowhere/x.html"]), StringComparison.Ordinal);

    public void Dispose() => _tool.Dispose();
}
