using Elbo.Tests;

namespace Elbo.Cli.Tests;

public sealed class BadTableTests : IDisposable
{
    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    async Task<string> FitFails(int code, params string[] args)
    {
        ToolRun run = await ToolFixture.RunAsync(["fit", .. args, "-o", _tool["m.elbo"]]);
        Assert.Equal(code, run.Code);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_tool.Files, file => file.EndsWith(".elbo", StringComparison.Ordinal));
        return run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).First(line => line.StartsWith("elbo: ", StringComparison.Ordinal));
    }

    Task<string> Mixture(string csv, params string[] args) => FitFails(1, ["mixture", _tool.Write("t.csv", csv), "--family", "poisson", "-k", "2", .. args]);

    [Fact]
    public async Task WhatIsWrongWithATableIsNamedWithItsPlace()
    {
        Assert.Equal("elbo: t.csv: row 2, column 'n' is missing (NA). Leave the row out or fill it in.", await Mixture("n\n1\nNA\n3\n"));
        Assert.Equal("elbo: 't.csv' has no column 'm'. There are: n.", await Mixture("n\n1\n2\n", "--columns", "m"));
        Assert.Contains("t.csv: row 1, column 'kind' is 'a', which is no finite number.", await Mixture("n,kind\n1,a\n2,b\n", "--columns", "kind"), StringComparison.Ordinal);
        Assert.Contains("'t.csv' has no column of numbers to read. Left out: kind (text: row 1 is 'a')", await Mixture("kind\na\n"), StringComparison.Ordinal);
        Assert.Equal("elbo: t.csv: row 2, column 'w' is -1, and a weight must be 0 or more.", await Mixture("n,w\n1,1\n2,-1\n", "--weights", "w"));
        Assert.Equal("elbo: Every weight is 0.", await Mixture("n,w\n1,0\n2,0\n", "--weights", "w"));
        Assert.Contains("Row 2, column 'n' is 1.5, and the family 'poisson' takes whole numbers of 0 or more.", await Mixture("n\n1\n1.5\n3\n"), StringComparison.Ordinal);
        Assert.Equal($"elbo: '{_tool["t.csv"]}': there are 2 components for 1 row. Fit fewer components (-k).", await Mixture("n\n1\n"));
        Assert.Equal("elbo: 't.csv' has no rows.", await Mixture("n\n"));
        Assert.Contains("has 3 labels (a, b, c), and there are 2 components", await Mixture("n,l\n1,a\n2,b\n3,c\n", "--labels", "l"), StringComparison.Ordinal);
        Assert.Contains("'n' is named twice", await Mixture("n\n1\n2\n", "--columns", "n,n"), StringComparison.Ordinal);
        Assert.Contains("The column 'c' to compare with is empty.", await Mixture("n,c\n1,\n2,\n", "--compare", "c"), StringComparison.Ordinal);
        Assert.Contains("goes on with the sequence 'a'", await FitFails(1, "hmm", _tool.Write("s.csv", "n,s\n1,a\n2,b\n3,a\n"), "--family", "poisson", "--sequence", "s"), StringComparison.Ordinal);
        Assert.Contains("there is no such file", await FitFails(1, "gmm", _tool["none.csv"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--family has", "mixture", "--family", "normal")]
    [InlineData("--covariance is for the family gaussian, and the family is poisson", "mixture", "--family", "poisson", "--covariance", "tied")]
    [InlineData("--allow-temporary-decrease needs an --acceleration", "mixture", "--family", "poisson", "--allow-temporary-decrease")]
    [InlineData("--hard cannot be accelerated", "mixture", "--family", "poisson", "--hard", "--acceleration", "anderson")]
    [InlineData("--tolerance and --stop are two rules", "mixture", "--family", "poisson", "--tolerance", "1e-3", "--stop", "aitken:1")]
    [InlineData("--stop: 'soon' is no rule to stop by", "mixture", "--family", "poisson", "--stop", "soon")]
    [InlineData("--components must be a whole number of 1 or more, not '0'", "gmm", "-k", "0")]
    [InlineData("--floor must be a number above 0, not '-1'", "gmm", "--floor", "-1")]
    [InlineData("--weight-concentration must be a number of 1 or more, not '0.5'", "gmm", "--weight-concentration", "0.5")]
    [InlineData("--left-to-right", "gmm", "--left-to-right")]
    [InlineData("--columns must be names with commas between them", "gmm", "--columns", "a,,b")]
    [InlineData("tie", "gmm", "--covariance", "tie")]
    public async Task OptionsThatMakeNoSenseAreUsageErrors(string message, string verb, params string[] options)
    {
        string line = await FitFails(2, [verb, SmallTables.Faithful, .. options]);
        if (message != "--family has") Assert.Contains(message, line, StringComparison.Ordinal);
        else Assert.Contains("normal", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelsOfOtherKindsAndDamagedOnesAreNamed()
    {
        string[] counts = _tool.WriteCounts();
        await ToolFixture.SucceedAsync(["fit", "lda", .. counts, "-k", "2", "-o", _tool["lda.elbo"]]);
        await ToolFixture.SucceedAsync("fit", "mixture", SmallTables.Faithful, "--family", "poisson", "--columns", "waiting", "-o", _tool["m.elbo"]);
        Assert.Contains("holds a model of the kind 'lda' where 'mixture' or 'hmm' was expected", await ToolFixture.FailAsync(1, "predict", _tool["lda.elbo"], SmallTables.Faithful), StringComparison.Ordinal);
        Assert.Contains("a model of the kind 'mixture' where 'lda' was expected", await ToolFixture.FailAsync(1, "topics", _tool["m.elbo"]), StringComparison.Ordinal);
        File.WriteAllBytes(_tool["cut.elbo"], _tool.Bytes("m.elbo")[..^10]);
        foreach (string[] verb in (string[][])[["info", _tool["cut.elbo"]], ["sample", _tool["cut.elbo"]], ["predict", _tool["cut.elbo"], SmallTables.Faithful]])
            Assert.Contains("cut.elbo", await ToolFixture.FailAsync(1, verb), StringComparison.Ordinal);
        _tool.Write("other.csv", "eruptions\n1\n");
        Assert.Contains("'other.csv' has no column 'waiting'", await ToolFixture.FailAsync(1, "predict", _tool["m.elbo"], _tool["other.csv"]), StringComparison.Ordinal);
        Assert.Contains("must end in .csv, .jsonl or .parquet", await ToolFixture.FailAsync(2, "predict", _tool["m.elbo"], SmallTables.Faithful, "-o", _tool["rows.xls"]), StringComparison.Ordinal);
        Assert.Contains("--regressors say how many rows there are", await ToolFixture.FailAsync(2, "sample", _tool["m.elbo"], "--regressors", SmallTables.Faithful, "-n", "3"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASelectionThatMakesNoSenseIsAUsageError()
    {
        Task<string> Fails(params string[] args) => ToolFixture.FailAsync(2, ["select", SmallTables.Faithful, .. args]);
        Assert.Contains("--components must be numbers from 1 to 1000, such as 1..9 or 2,3,5, not '3..1'", await Fails("-k", "3..1"), StringComparison.Ordinal);
        Assert.Contains("--families has 'normal'", await Fails("--families", "normal"), StringComparison.Ordinal);
        Assert.Contains("--covariances has 'round'", await Fails("--covariances", "round"), StringComparison.Ordinal);
        Assert.Contains("--covariances is for the family gaussian", await Fails("--families", "poisson", "--covariances", "full"), StringComparison.Ordinal);
        Assert.Contains("--folds must be a whole number of 2 or more", await Fails("--folds", "1"), StringComparison.Ordinal);
    }
}
