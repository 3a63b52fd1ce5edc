using System.Text.Json;
using Elbo.Fitting;
using Elbo.Numerics;

namespace Elbo.Cli.Tests;

public sealed class SequenceModelTests : IDisposable
{
    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    /// <summary>Three walks of counts that stay low for some time and then high.</summary>
    string WriteWalks()
    {
        var random = new Philox(5);
        var text = new System.Text.StringBuilder("walk,count\n");
        foreach (string walk in (string[])["b", "a", "c"])
            for (int i = 0; i < 40; i++) text.Append(walk).Append(',').Append(random.NextPoisson(i < 20 ? 2 : 15)).Append('\n');
        return _tool.Write("walks.csv", text.ToString());
    }

    [Fact]
    public async Task AHiddenMarkovModelGoesThroughEveryVerb()
    {
        string walks = WriteWalks();
        ToolRun fit = await ToolFixture.SucceedAsync("fit", "hmm", walks, "--family", "poisson", "--sequence", "walk", "-k", "2", "--restarts", "3", "-o", _tool["m.elbo"]);
        Assert.Contains("walks.csv: 120 rows, 3 sequences, 1 column: count", fit.Output, StringComparison.Ordinal);
        Assert.Contains("transitions:", fit.Output, StringComparison.Ordinal);

        Assert.Contains("model: hmm of the family poisson, 2 components", (await ToolFixture.SucceedAsync("info", _tool["m.elbo"])).Output, StringComparison.Ordinal);

        // The model remembers which column tells sequences apart.
        await ToolFixture.SucceedAsync("predict", _tool["m.elbo"], walks, "-o", _tool["states.csv"]);
        string[] rows = File.ReadAllLines(_tool["states.csv"]);
        Assert.Equal("row,sequence,component,state,uncertainty,log_density,responsibility_0,responsibility_1", rows[0]);
        Assert.StartsWith("1,b,", rows[1], StringComparison.Ordinal);
        Assert.StartsWith("41,a,", rows[41], StringComparison.Ordinal);
        string[] states = [.. rows.Skip(1).Select(row => row.Split(',')[3])];
        Assert.All(Enumerable.Range(0, 120), row => Assert.Equal(states[row % 40 < 20 ? 0 : 39], states[row]));
        Assert.NotEqual(states[0], states[39]);

        ToolRun sample = await ToolFixture.SucceedAsync("sample", _tool["m.elbo"], "-n", "5", "--sequences", "2");
        string[] drawn = sample.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("walk,count", drawn[0]);
        Assert.Equal(["1", "1", "1", "1", "1", "2", "2", "2", "2", "2"], drawn.Skip(1).Select(row => row.Split(',')[0]));
    }

    [Fact]
    public async Task LeftToRightNeverGoesBack()
    {
        await ToolFixture.SucceedAsync("fit", "hmm", WriteWalks(), "--family", "poisson", "--sequence", "walk", "-k", "3", "--left-to-right", "-o", _tool["m.elbo"]);
        double[] transitions = (double[])FittedModelFile.Load(_tool["m.elbo"]).Model.Parameters.Tensors.Single(tensor => tensor.Name == "transitions").Values;
        Assert.All((int[])[2, 3, 6, 7], place => Assert.Equal(0, transitions[place]));
    }

    [Fact]
    public async Task HeldOutSequencesAreWhole()
    {
        string walks = WriteWalks();
        ToolRun select = await ToolFixture.SucceedAsync("select", walks, "--structure", "hmm", "--families", "poisson", "--sequence", "walk", "-k", "1,2", "--folds", "3", "--criterion", "held-out", "--restarts", "3", "-o", _tool["m.elbo"], "--json");
        JsonElement result = JsonDocument.Parse(select.Output).RootElement;
        Assert.Equal(1, result.GetProperty("best").GetInt32());
        Assert.Equal(2, FittedModelFile.Load(_tool["m.elbo"]).Model.Components);
        ToolRun tooFew = await ToolFixture.RunAsync("select", walks, "--structure", "hmm", "--families", "poisson", "--sequence", "walk", "-k", "2", "--folds", "4");
        Assert.Equal(1, tooFew.Code);
        Assert.Contains("leaves out whole sequences, and there are 3 for 4 folds", tooFew.Error, StringComparison.Ordinal);
    }
}
