using System.Diagnostics;
using System.Globalization;
using Elbo.Engine;
using Elbo.Topics;

namespace Elbo.Cli.Tests;

/// <summary>What only a process of its own shows: signals, the environment, exit codes.</summary>
public sealed class ProcessTests : IDisposable
{
    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task ASignalSavesTheBestSoFar(string signal)
    {
        ToolProcess.NeedsSignals();
        string[] counts = _tool.WriteCounts(documents: 2000, tokens: 200, terms: 2000);
        // Stops by nothing but the signal; the last pass is far away.
        using Process process = ToolProcess.Start(["fit", "lda", .. counts, "-k", "40", "--max-iterations", "100000", "--tolerance", "0", "--document-start", "warm", "-o", _tool["m.elbo"]]);
        string? line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        while (line is not null && !line.StartsWith("iteration   2", StringComparison.Ordinal))
            line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(line);
        using (Process kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("stopped as asked, with the best so far", output, StringComparison.Ordinal);
        TopicModel model = TopicModelFile.Load(_tool["m.elbo"]);
        Assert.Equal(StopReason.Cancelled, model.Record.StopReason);
        await ToolFixture.SucceedAsync("topics", _tool["m.elbo"]);
        Assert.Equal(["docs.ldac", "m.elbo", "vocab.txt"], _tool.Files);
    }

    [Fact]
    public async Task ASignalEndsAComparisonOfTopicsWithTheFitsThatAreDone()
    {
        ToolProcess.NeedsSignals();
        using Process process = ToolProcess.Start(["select", "lda", .. _tool.WriteCounts(documents: 300), "-k", "3,4", "--restarts", "100000", "-o", _tool["best.elbo"]]);
        string? line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        while (line is not null && !line.StartsWith("3 topics, seed 2:", StringComparison.Ordinal)) line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(line);
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("The comparison was stopped: this is about the fits that were done.", output, StringComparison.Ordinal);
        Assert.Equal(3, TopicModelFile.Load(_tool["best.elbo"]).Topics.Count);
    }

    [Fact]
    public async Task PlainOutputHasNoEscapeCodes()
    {
        string[] counts = _tool.WriteCounts();
        using Process process = ToolProcess.Start(["fit", "lda", .. counts, "-k", "3", "-o", _tool["m.elbo"]]);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.DoesNotContain('\u001b', output);
        Assert.Contains("ELBO −", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheStackTraceIsShownOnRequestOnly()
    {
        using Process process = ToolProcess.Start(["info", _tool["no.elbo"]], ("ELBO_DEBUG", "1"));
        Assert.Contains("   at ", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATerminalIsDrawnOnUnlessColoursAreUnwanted(bool noColor)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "A terminal is made by script(1).");
        string[] counts = _tool.WriteCounts();
        string command = string.Join(' ', ToolProcess.Arguments(["fit", "lda", .. counts, "-k", "3", "-o", _tool["m.elbo"]]).Prepend(ToolProcess.Host).Select(arg => $"'{arg}'"));
        var start = new ProcessStartInfo("/usr/bin/script", ["-qec", command, "/dev/null"]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["NO_COLOR"] = noColor ? "1" : "";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(noColor, output.Contains("iteration   1  cold", StringComparison.Ordinal));
        Assert.Equal(!noColor, output.Contains('█'));
        // The runtime itself tells a terminal which keys it wants, before anything is written.
        if (noColor) Assert.DoesNotContain('\u001b', output.Replace("\u001b[?1h\u001b=", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheVersionIsThatOfTheTool()
    {
        using Process process = ToolProcess.Start(["--version"]);
        Assert.Matches(@"^\d+\.\d+\.\d+", await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
