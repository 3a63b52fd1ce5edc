using System.CommandLine;
using Elbo.Cli.Inputs;
using Elbo.Cli.Terminal;
using Elbo.Fitting;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo fit gmm|mixture|hmm INPUT -k K -o MODEL</c></summary>
static class TableFitCommands
{
    public static IEnumerable<Command> Create(CliHost host) =>
    [
        Create(host, LatentStructure.Mixture, new Verb("gmm", "Fit a mixture of Gaussians to the rows of a table.")
        {
            Examples =
            [
                "elbo fit gmm faithful.csv -k 2 -o faithful.elbo",
                "elbo fit gmm iris.csv -k 3 --covariance tied --compare Species -o iris.elbo",
                "elbo fit gmm \"parts/*.csv\" -k 8 -o parts.elbo",
                "elbo fit gmm data.parquet --columns x,y --weights n -k 5 --restarts 50 --short-iterations 10 -o m.elbo",
                "elbo fit gmm survey.csv -k 3 --labels known --degeneracy drop -o survey.elbo --json",
            ],
        }, isGaussian: true),
        Create(host, LatentStructure.Mixture, new Verb("mixture", "Fit a mixture of any family to the rows of a table.")
        {
            Examples =
            [
                "elbo fit mixture deaths.csv --family poisson --columns deaths --weights days -k 2 -o deaths.elbo",
                "elbo fit mixture deaths.csv --family poisson --columns deaths --weights days -k 2 --acceleration squarem --stop \"parameters:1e-8\" -o deaths.elbo",
            ],
        }, isGaussian: false),
        Create(host, LatentStructure.HiddenMarkov, new Verb("hmm", "Fit a hidden Markov model of any family to sequences of rows.")
        {
            Examples =
            [
                "elbo fit hmm earthquakes.csv --family poisson --columns count -k 3 -o quakes.elbo",
                "elbo fit hmm strides.jsonl --family poisson --sequence walk -k 4 --left-to-right -o strides.elbo --checkpoint strides.checkpoint",
            ],
        }, isGaussian: false),
    ];

    static Verb Create(CliHost host, LatentStructure structure, Verb command, bool isGaussian)
    {
        bool isChain = structure == LatentStructure.HiddenMarkov;
        var input = new TableOptions(command, choosesColumns: true, isChain, hasLabels: true);
        var target = new FitTargetOptions("iterations");
        Option<int> components = TableFitOptions.Components();
        Choice<string> family = TableFitOptions.Family(), covariance = TableFitOptions.Covariance();
        command.Add(target.Output);
        command.Add(components);
        if (!isGaussian) command.Add(family.Option);
        command.Add(covariance.Option);
        var options = new TableFitOptions(command, isChain);
        foreach (Option option in target.Checkpoints) command.Add(option);
        var cluster = new ClusterFitOptions(command);
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        command.Add(json);
        command.Add(quiet);
        command.SetAction((parsed, cancellationToken) =>
        {
            string name = isGaussian ? TableFitOptions.Gaussian : family.Read(parsed);
            options.Refuse(parsed, name, covariance.Option);
            FitOptions read = options.Read(parsed, structure);
            var job = new TableFitJob
            {
                InputPath = parsed.GetRequiredValue(input.Input),
                Columns = input.Read(parsed, name),
                Options = read with { Components = parsed.GetValue(components), Family = read.Family with { Name = name, Covariance = covariance.Read(parsed) } },
                Target = target.Read(parsed),
                Cluster = cluster.Read(parsed),
            };
            return new TableFitRun(job, new Reporter(host, parsed.GetValue(json), parsed.GetValue(quiet))).RunAsync(cancellationToken);
        });
        return command;
    }
}
