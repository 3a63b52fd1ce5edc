using System.Diagnostics;
using Elbo.Topics;

namespace Elbo.Cli.Tests;

/// <summary>How much memory a fit takes at most, as a process of its own: what grows with the corpus, and by how much.</summary>
public sealed class MemoryTests : IDisposable
{
    const int Megabyte = 1 << 20;

    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task OnlineFitsDoNotGrowWithTheCorpus()
    {
        var options = new LdaGeneratorOptions { Topics = 10, Terms = 5000, Length = 200 };
        string small = Draw("small.elboc", options, 5_000).Path, large = Draw("large.elboc", options, 80_000).Path;
        string[] fit = ["-k", "10", "--e-step", "online-map", "--max-iterations", "1"];
        long growth = await PeakAsync([large, .. fit]) - await PeakAsync([small, .. fit]), file = new FileInfo(large).Length;
        // 33 MB were measured: windows into the file, and a few bytes a document.
        Assert.True(growth < 50 * Megabyte, $"The fit of a corpus of {file / Megabyte} MB took {growth / Megabyte} MB more than that of a small one.");
        Assert.True(file > 65 * Megabyte, "The corpus is too small to tell whether it is held in memory.");
    }

    [Fact]
    public async Task CollapsedFitsGrowWithTheTopicsOfTheirDocuments()
    {
        const int Topics = 64;
        var options = new LdaGeneratorOptions { Topics = Topics, Terms = 5000, Length = 200 };
        (string small, LdaDraw fewer) = Draw("small.elboc", options, 1_000);
        (string large, LdaDraw more) = Draw("large.elboc", options, 10_000);
        string[] fit = ["-k", $"{Topics}", "--e-step", "cvb0", "--max-iterations", "5", "--moved-tolerance", "0"];
        double growth = await PeakAsync([large, .. fit]) - await PeakAsync([small, .. fit]), pair = growth / (more.EntryCount - fewer.EntryCount);
        // 45 were measured, 32 of them 16 topics of 16 bits each: no document here has more. All topics would be 128 bytes.
        Assert.True(pair < 60, $"The fit takes {pair:F1} bytes for every further pair of document and term.");
    }

    [Fact]
    public async Task ASmallFitIsSmall()
    {
        // As many documents, tokens, terms and topics as AP's training split.
        string corpus = Draw("drawn.elboc", new() { Topics = 100, Terms = 10_500, Length = 193 }, 2_021).Path;
        long peak = await PeakAsync([corpus, "-k", "100", "--e-step", "cvb0", "--max-iterations", "8", "--moved-tolerance", "0"]);
        // 99 MB were measured.
        Assert.True(peak < 125 * Megabyte, $"The fit took {peak / Megabyte} MB.");
    }

    (string Path, LdaDraw Draw) Draw(string name, LdaGeneratorOptions options, int documents) =>
        (_tool[name], new LdaGenerator(options).Write(_tool[name], documents, cancellationToken: TestContext.Current.CancellationToken));

    // A process forgets its peak as it ends, so that it is asked all the time.
    async Task<long> PeakAsync(string[] fit)
    {
        // How much garbage waits to be collected is otherwise a matter of the processor's cache.
        using Process process = ToolProcess.Start(["fit", "lda", .. fit, "--threads", "1", "--quiet", "-o", _tool["m.elbo"]], ("DOTNET_GCgen0size", "1000000"));
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        long peak = 0;
        while (!process.HasExited)
        {
            process.Refresh();
            try
            {
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It has just ended.
            }
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        await output;
        Assert.True(process.ExitCode == 0, await error);
        Assert.SkipWhen(peak == 0, "This system does not tell of the peak memory of other processes.");
        return peak;
    }
}
