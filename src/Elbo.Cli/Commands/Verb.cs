using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Elbo.Cli.Commands;

/// <summary>A command whose help ends with examples.</summary>
sealed class Verb(string name, string description) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; init; } = [];
}

/// <summary>The library's help, then the examples of the verb.</summary>
sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not Verb { Examples.Count: > 0 } verb) return code;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in verb.Examples) output.WriteLine($"  {example}");
        output.WriteLine();
        return code;
    }
}
