using System.CommandLine;
using Elbo.Cli.Terminal;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo completions bash|zsh|pwsh</c>: scripts that ask the tool itself, by its suggest directive.</summary>
static class CompletionsCommand
{
    const string Bash = """
        _elbo() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(elbo "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _elbo elbo
        """;

    const string Zsh = """
        #compdef elbo
        _elbo() {
            local line="${words[*]}"
            local -a found
            found=("${(@f)$(elbo "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -a found || _files
        }
        compdef _elbo elbo
        """;

    const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName elbo -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            elbo "[suggest:$cursorPosition]" "$commandAst" | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    public static Command Create(CliHost host)
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell.", HelpName = "bash|zsh|pwsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        var command = new Verb("completions", "Print a script that completes the tool's command lines in a shell.")
        {
            Examples = ["elbo completions bash >> ~/.bashrc", "elbo completions zsh >> ~/.zshrc", "elbo completions pwsh >> $PROFILE"],
        };
        command.Add(shell);
        command.SetAction(parsed =>
        {
            host.Output.WriteLine(parsed.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => PowerShell });
            return ExitCode.Success;
        });
        return command;
    }
}
