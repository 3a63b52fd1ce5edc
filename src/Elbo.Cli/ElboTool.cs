using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Elbo.Cli.Commands;
using Elbo.Cli.Terminal;
using Elbo.Engine;
using Elbo.Orleans;

namespace Elbo.Cli;

/// <summary>The whole tool: its verbs, and what becomes of errors.</summary>
static class ElboTool
{
    public static RootCommand Create(CliHost host)
    {
        var root = new RootCommand("Expectation-maximization and topic models, with every step of the bound on view.")
        {
            FitCommand.Create(host),
            TopicsCommand.Create(host),
            LabelCommand.Create(host),
            ReportCommand.Create(host),
            InferCommand.Create(host),
            EvaluateCommand.Create(host),
            PredictCommand.Create(host),
            SampleCommand.Create(host),
            SelectCommand.Create(host),
            InfoCommand.Create(host),
            CorpusCommand.Create(host),
            GenerateCommand.Create(host),
            DemoCommand.Create(host),
            ExplainCommand.Create(host),
            WorkerCommand.Create(host),
            ClusterCommand.Create(host),
            CompletionsCommand.Create(host),
        };
        root.HelpName = "elbo";
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((SynchronousCommandLineAction)help.Action!);
        return root;
    }

    public static async Task<int> RunAsync(string[] args, CliHost host, CancellationToken cancellationToken = default)
    {
        // Names may begin with @; response files are not worth losing them.
        ParseResult parsed = Create(host).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            host.Error.WriteLine($"elbo: {OneLine(parsed.Errors[0].Message)}");
            host.Error.WriteLine($"See '{CommandLine(parsed.CommandResult.Command)} --help'.");
            return ExitCode.Usage;
        }
        try
        {
            // Signals are ours (Interrupt), and so are exceptions.
            var configuration = new InvocationConfiguration { Output = host.Output, Error = host.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            host.Error.WriteLine("elbo: stopped before there was anything to keep.");
            return ExitCode.Interrupted;
        }
        catch (Exception error)
        {
            host.Error.WriteLine($"elbo: {Describe(error)}");
            if (host.Debug) host.Error.WriteLine(error);
            return error is UsageException ? ExitCode.Usage : ExitCode.Failure;
        }
    }

    static string Describe(Exception error) => error switch
    {
        ArgumentException argument => OneLine(WithoutParameter(argument.Message)),
        UsageException or IOException or InvalidDataException or UnauthorizedAccessException or CertificateException or ElboClusterException => OneLine(error.Message),
        OutOfMemoryException => "there is not enough memory for this. Try fewer topics, a smaller vocabulary (--max-terms) or fewer documents.",
        _ => $"this should not have happened: {error.GetType().Name}: {OneLine(error.Message)} (ELBO_DEBUG=1 shows where)",
    };

    // .NET appends the name of a parameter, which no user ever wrote.
    static string WithoutParameter(string message) => message.IndexOf(" (Parameter '", StringComparison.Ordinal) is >= 0 and var end ? message[..end] : message;

    static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    static string CommandLine(Command command)
    {
        Command? parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? "elbo" : $"{CommandLine(parent)} {command.Name}";
    }
}
