using System.CommandLine;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Topics;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo topics MODEL</c></summary>
static class TopicsCommand
{
    const int UsualTerms = 10;

    public static Command Create(CliHost host)
    {
        Argument<string> model = CommonOptions.Model();
        Option<int> terms = OptionOf.Integer("--terms", "n", "How many terms of each topic.", 1, UsualTerms, "-n");
        Option<bool> json = CommonOptions.Json();
        var command = new Verb("topics", "Show the topics of a model with their most probable terms.")
        {
            Examples = ["elbo topics model.elbo", "elbo topics model.elbo -n 20 --json"],
        };
        command.Add(model);
        command.Add(terms);
        command.Add(json);
        command.SetAction(parsed =>
        {
            TopicModel loaded = TopicModelFile.Load(parsed.GetRequiredValue(model));
            if (parsed.GetValue(json)) JsonOutput.Print(host.Output, writer => TopicsTable.Write(loaded, parsed.GetValue(terms), writer));
            else TopicsTable.Write(loaded.Topics, parsed.GetValue(terms), new Reporter(host));
            return ExitCode.Success;
        });
        return command;
    }
}
