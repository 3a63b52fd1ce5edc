using System.Globalization;
using Elbo.Tests;

namespace Elbo.Cli.Tests;

/// <summary>Noise, parts, regressions and online EM through the tool: what is asked for is done, stored and shown.</summary>
public sealed class TableVariantTests : IDisposable
{
    readonly ToolFixture _tool = new();

    public void Dispose() => _tool.Dispose();

    static void ContainsAll(string text, params string[] parts)
    {
        foreach (string part in parts) Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnlinePassesAreDoneStoredAndSaid()
    {
        ToolRun fit = await ToolFixture.SucceedAsync("fit", "gmm", SmallTables.Faithful, "-k", "2", "--online-passes", "2", "--batch-size", "50", "--restarts", "2", "--tolerance", "1e-12", "-o", _tool["m.elbo"], "--json");
        ContainsAll(fit.Output, "\"segment\": \"online\"", "\"log_likelihood\": -1130.2639601");
        ToolRun info = await ToolFixture.SucceedAsync("info", _tool["m.elbo"]);
        ContainsAll(info.Output, "  online-passes = 2\n", "  batch-size = 50\n", "  forgetting = 0.6\n", "after the online passes every half-step was checked");
        ContainsAll(await ToolFixture.FailAsync(2, "fit", "gmm", SmallTables.Faithful, "-k", "2", "--batch-size", "50", "-o", _tool["x.elbo"]), "--batch-size is about online EM", "--online-passes");
    }

    [Fact]
    public async Task PartsOfComponentsAreNamedByBoth()
    {
        ToolRun fit = await ToolFixture.SucceedAsync("fit", "gmm", SmallTables.Faithful, "-k", "2", "--emission-components", "2", "--restarts", "2", "-o", _tool["m.elbo"]);
        ContainsAll(fit.Output, "part weights:\ncomponent       0       1\n", "      0.0 ", "      1.1 ", "component 1.1  eruptions  waiting\n");
        ToolRun predict = await ToolFixture.SucceedAsync("predict", _tool["m.elbo"], SmallTables.Faithful);
        ContainsAll(predict.Output, "component 0: ", "component 1: ");
        Assert.Equal(21, (await ToolFixture.SucceedAsync("sample", _tool["m.elbo"], "-n", "20")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task NoiseHasNoParametersOfItsOwn()
    {
        ToolRun fit = await ToolFixture.SucceedAsync("fit", "gmm", SmallTables.Faithful, "-k", "3", "--noise", "--restarts", "3", "-o", _tool["m.elbo"]);
        ContainsAll(fit.Output, "means:\ncomponent  eruptions  waiting\n        0 ", "noise lower:\n  eruptions  waiting\n        1.6       43\n", "component 1  eruptions  waiting\n");
        Assert.DoesNotContain("component 2  ", fit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARegressionIsShownByInterceptAndSlopesAndDrawsFromRegressors()
    {
        ToolRun fit = await ToolFixture.SucceedAsync("fit", "mixture", SmallTables.Faithful, "--family", "regression", "--columns", "eruptions", "--response", "waiting", "-k", "1", "-o", _tool["m.elbo"]);
        // waiting = 33.4744 + 10.7296 eruptions: R's lm on datasets::faithful.
        string[] lines = fit.Output.Split('\n');
        Assert.StartsWith("        0  1.0000    33.4744", lines[Array.FindIndex(lines, line => line.Contains("intercept", StringComparison.Ordinal)) + 1], StringComparison.Ordinal);
        ContainsAll(fit.Output, "slopes:\ncomponent  eruptions\n        0    10.7296\n");
        ContainsAll(await ToolFixture.FailAsync(1, "sample", _tool["m.elbo"], "-n", "3"), "draws responses to regressors", "--regressors");
        string[] drawn = (await ToolFixture.SucceedAsync("sample", _tool["m.elbo"], "--regressors", SmallTables.Faithful)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(273, drawn.Length);
        Assert.Equal(3.6, double.Parse(drawn[1].Split(',')[0], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task WhatAFamilyRefusesIsNamedWithItsFile()
    {
        ContainsAll(await ToolFixture.FailAsync(1, "fit", "mixture", SmallTables.Faithful, "--family", "poisson", "-k", "2", "-o", _tool["m.elbo"]), "faithful.csv': Row 1, column 'eruptions' is 3.6", "poisson");
        await ToolFixture.SucceedAsync("fit", "gmm", SmallTables.Faithful, "-k", "2", "--restarts", "1", "-o", _tool["m.elbo"]);
        ContainsAll(await ToolFixture.FailAsync(1, "topics", _tool["m.elbo"]), "m.elbo' holds a model of the kind 'mixture' where 'lda' was expected");
    }
}
