using Spectre.Console;

namespace Elbo.Cli.Terminal;

/// <summary>What one run of a verb says to people. With <c>--json</c> the output belongs to programs, and people read the error output.</summary>
sealed class Reporter(CliHost host, bool json = false, bool quiet = false)
{
    IAnsiConsole? _console;

    /// <summary>Where results go.</summary>
    public TextWriter Output => host.Output;

    public bool Json => json;

    public bool Quiet => quiet;

    /// <summary>Whether people look at a terminal that can draw.</summary>
    public bool Rich => json ? host.ErrorIsRich : host.OutputIsRich;

    /// <summary>For drawing; ask <see cref="Rich"/> first.</summary>
    public IAnsiConsole Console => _console ??= AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Human) });

    TextWriter Human => json ? host.Error : host.Output;

    /// <summary>A line for people; <c>--quiet</c> leaves it out.</summary>
    public void Say(string line = "")
    {
        if (!quiet) Human.WriteLine(line);
    }

    /// <summary>A line that even <c>--quiet</c> does not leave out.</summary>
    public void Always(string line) => (quiet ? host.Error : Human).WriteLine(line);

    public void Warn(string line) => host.Error.WriteLine($"elbo: warning: {line}");

    /// <summary>Shows what is being done while it is done, where there is a terminal to show it on.</summary>
    public T Working<T>(string what, Func<Action<string>, T> work)
    {
        if (!Rich || quiet) return work(_ => { });
        return Console.Status().Start(Markup.Escape(what), context => work(news => context.Status = Markup.Escape(news)));
    }
}
