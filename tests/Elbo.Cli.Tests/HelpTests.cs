using Elbo.Topics;

namespace Elbo.Cli.Tests;

public sealed class HelpTests
{
    [Theory]
    [InlineData("fit", "lda")]
    [InlineData("fit", "gmm")]
    [InlineData("fit", "mixture")]
    [InlineData("fit", "hmm")]
    [InlineData("predict")]
    [InlineData("sample")]
    [InlineData("select")]
    [InlineData("select", "lda")]
    [InlineData("fit")]
    [InlineData("topics")]
    [InlineData("label")]
    [InlineData("report")]
    [InlineData("infer")]
    [InlineData("evaluate")]
    [InlineData("info")]
    [InlineData("corpus")]
    [InlineData("generate", "lda")]
    [InlineData("generate")]
    [InlineData("demo")]
    [InlineData("explain")]
    [InlineData("completions")]
    public async Task EveryVerbShowsExamples(params string[] verb)
    {
        ToolRun help = await ToolFixture.SucceedAsync([.. verb, "--help"]);
        Assert.Contains($"elbo {string.Join(' ', verb)}", help.Output, StringComparison.Ordinal);
        string examples = help.Output[help.Output.IndexOf("Examples:\n", StringComparison.Ordinal)..];
        Assert.Contains($"  elbo {verb[0]}", examples, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheDefaultsOfTheOptionsAreShown()
    {
        string help = (await ToolFixture.SucceedAsync("fit", "lda", "--help")).Output;
        var options = new LdaOptions();
        Assert.Contains($"[default: {options.Topics}]", Line("--topics"), StringComparison.Ordinal);
        Assert.Contains($"[default: {options.Alpha}]", Line("--alpha"), StringComparison.Ordinal);
        Assert.Contains($"[default: {options.Eta}]", Line("--eta"), StringComparison.Ordinal);
        Assert.Contains("[default: fixed]", Line("--update-alpha"), StringComparison.Ordinal);
        Assert.Contains($"[default: {options.Document.Tolerance}]", Line("--document-tolerance"), StringComparison.Ordinal);
        Assert.Contains("[default: english]", Line("--language"), StringComparison.Ordinal);
        Assert.Contains("[default: 50%]", Line("--max-df"), StringComparison.Ordinal);

        string Line(string option) => help.Split('\n').First(line => line.Contains(option + " ", StringComparison.Ordinal) && line.TrimStart().StartsWith('-'));
    }

    [Fact]
    public async Task ExamplesOfTheHelpAreUnderstood()
    {
        foreach (string[] verb in (string[][])[["fit", "lda"], ["fit", "gmm"], ["fit", "mixture"], ["fit", "hmm"], ["predict"], ["sample"], ["select"], ["select", "lda"], ["fit"], ["topics"], ["label"], ["report"], ["infer"], ["evaluate"], ["info"], ["corpus"], ["generate", "lda"], ["generate"], ["demo"], ["explain"], ["completions"]])
        {
            string help = (await ToolFixture.SucceedAsync([.. verb, "--help"])).Output;
            foreach (string example in help[help.IndexOf("Examples:", StringComparison.Ordinal)..].Split('\n').Where(line => line.StartsWith("  elbo ", StringComparison.Ordinal)))
            {
                string[] args = [.. System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(example.Trim()).Skip(1).TakeWhile(arg => arg != ">>")];
                Assert.Empty(ElboTool.Create(new Terminal.CliHost { Output = TextWriter.Null, Error = TextWriter.Null }).Parse(args).Errors);
            }
        }
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _elbo elbo")]
    [InlineData("zsh", "compdef _elbo elbo")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task CompletionsAskTheToolItself(string shell, string line)
    {
        ToolRun script = await ToolFixture.SucceedAsync("completions", shell);
        Assert.Contains(line, script.Output, StringComparison.Ordinal);
        Assert.Contains("[suggest:", script.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SuggestionsComeFromTheCommandLine()
    {
        Assert.Contains("evaluate\n", (await ToolFixture.SucceedAsync("[suggest:6]", "elbo e")).Output, StringComparison.Ordinal);
        Assert.Contains("asymmetric\n", (await ToolFixture.SucceedAsync("[suggest:31]", "elbo fit lda x --update-alpha a")).Output, StringComparison.Ordinal);
    }
}
