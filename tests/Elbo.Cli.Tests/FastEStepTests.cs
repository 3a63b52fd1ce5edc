using System.Text.Json;

namespace Elbo.Cli.Tests;

/// <summary>Fits whose passes have no certificate, as a user sees them.</summary>
public sealed class FastEStepTests : IDisposable
{
    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("cvb0", "cvb0")]
    [InlineData("online-map", "online map")]
    [InlineData("online-mean-field", "online mean field")]
    public async Task PassesAreShownAndKept(string eStep, string segment)
    {
        string[] fit = ["fit", "lda", .. _tool.WriteCounts(), "-k", "3", "--e-step", eStep, "--max-iterations", "5", "--tolerance", "0", "--moved-tolerance", "0", "-o"];
        ToolRun shown = await ToolFixture.SucceedAsync([.. fit, _tool["shown.elbo"]]);
        Assert.Contains("pass   5  " + segment, shown.Output, StringComparison.Ordinal);
        Assert.Contains("closing mean field", shown.Output, StringComparison.Ordinal);
        Assert.Contains("stopped at the limit of iterations after 5 passes of " + segment, shown.Output, StringComparison.Ordinal);
        Assert.Contains("certificate: none for these passes", shown.Output, StringComparison.Ordinal);

        ToolRun json = await ToolFixture.SucceedAsync([.. fit, _tool["json.elbo"], "--threads", "2", "--json"]);
        using JsonDocument document = JsonDocument.Parse(json.Output);
        Assert.Equal(eStep, document.RootElement.GetProperty("e_step").GetString());
        Assert.Equal(5, document.RootElement.GetProperty("passes").GetArrayLength());
        Assert.Equal(_tool.Bytes("shown.elbo"), _tool.Bytes("json.elbo"));

        ToolRun info = await ToolFixture.SucceedAsync(["info", _tool["json.elbo"]]);
        Assert.Contains("e-step = " + eStep, info.Output, StringComparison.Ordinal);
        Assert.Contains("5 passes of " + segment, info.Output, StringComparison.Ordinal);
        await ToolFixture.SucceedAsync(["infer", _tool["json.elbo"], .. _tool.WriteCounts(), "-o", _tool["rows.csv"]]);
    }

    [Fact]
    public async Task AutomaticSaysWhatItChoseAndWhy()
    {
        ToolRun run = await ToolFixture.SucceedAsync(["fit", "lda", .. _tool.WriteCounts(), "-k", "2", "-o", _tool["m.elbo"]]);
        Assert.Contains("E-step mean-field (", run.Output, StringComparison.Ordinal);
        Assert.Contains("small enough for a fit with every half-step checked)", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoPassAtAllIsSaidToo()
    {
        await ToolFixture.SucceedAsync(["fit", "lda", .. _tool.WriteCounts(), "-k", "2", "--e-step", "cvb0", "--max-iterations", "0", "-o", _tool["m.elbo"]]);
        await ToolFixture.SucceedAsync("info", _tool["m.elbo"]);
    }
}
