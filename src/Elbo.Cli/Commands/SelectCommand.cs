using System.CommandLine;
using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Selection;
using Elbo.Text;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo select INPUT -k 1..9 --covariances full,tied -o best.elbo</c>, and <c>elbo select lda</c> beside it.</summary>
static class SelectCommand
{
    const int UsualFolds = 5;

    public static Command Create(CliHost host)
    {
        Option<int[]> components = OptionOf.Range("--components", "Which numbers of components: 1..9, or 2,3,5.", 1000, [1, 2, 3, 4, 5, 6, 7, 8, 9], "-k");
        Choice<LatentStructure> structure = new("--structure", "What joins the rows: nothing, or a chain.", LatentStructure.Mixture, ("mixture", LatentStructure.Mixture), ("hmm", LatentStructure.HiddenMarkov));
        Option<string[]> families = CommonOptions.Names("--families", "a,b", $"Which families: {string.Join(", ", FamilyCatalog.Names)}; by default {TableFitOptions.UsualFamily}.");
        Option<string[]> covariances = CommonOptions.Names("--covariances", "a,b", $"Which covariances of Gaussians: {string.Join(", ", TableFitOptions.Covariances)}; by default {new FamilyOptions().Covariance}.");
        Choice<SelectionCriterion> criterion = new("--criterion", "By what the best is chosen.", SelectionCriterion.Bic,
            ("bic", SelectionCriterion.Bic), ("aic", SelectionCriterion.Aic), ("icl", SelectionCriterion.Icl), ("held-out", SelectionCriterion.HeldOut));
        Option<int?> folds = OptionOf.Integer("--folds", "n", $"Also score rows (or whole sequences) that were left out, in so many folds; {UsualFolds} where the criterion is held-out, else none.", 2);
        Option<string?> output = OptionOf.Path("--output", "file", "Where to write the best model.", "-o");
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new Verb("select", "Fit several models to a table (or, by select lda, several numbers of topics to documents), compare them, and say which fits are not to be trusted.")
        {
            Examples =
            [
                "elbo select iris.csv -k 1..5 --covariances full,tied,diagonal,spherical -o best.elbo",
                "elbo select earthquakes.csv --columns count --families poisson --structure hmm -k 1..4 --criterion aic -o quakes.elbo",
                "elbo select faithful.csv -k 1..6 --criterion held-out --folds 10 -o best.elbo",
                "elbo select lda texts/ -k 10,20,50,100 -o best.elbo",
            ],
        };
        command.Add(SelectTopicsCommand.Create(host));
        var input = new TableOptions(command, choosesColumns: true, hasSequences: true, compares: false);
        foreach (Option option in (ReadOnlySpan<Option>)[components, structure.Option, families, covariances, criterion.Option, folds, output]) command.Add(option);
        var options = new TableFitOptions(command, hasChain: true);
        command.Add(json);
        command.Add(quiet);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var reporter = new Reporter(host, parsed.GetValue(json), parsed.GetValue(quiet));
            string path = parsed.GetRequiredValue(input.Input);
            string[] names = parsed.GetValue(families) is { Length: > 0 } given ? given : [TableFitOptions.UsualFamily];
            string[] shapes = parsed.GetValue(covariances) is { Length: > 0 } chosen ? chosen : [new FamilyOptions().Covariance];
            Known("--families", names, FamilyCatalog.Names);
            Known("--covariances", shapes, TableFitOptions.Covariances);
            if (names.Length == 1) options.Refuse(parsed, names[0], covariances);
            ObservationColumns columns = input.Read(parsed, names);
            FitOptions fit = options.Read(parsed, structure.Read(parsed));
            FitOptions[] candidates = [.. Candidates(fit, names, shapes, parsed.GetRequiredValue(components))];
            OutputPath.Check([path], parsed.GetValue(output));
            reporter.Always($"seed {fit.Seed}");
            ObservationData data = TableOptions.Open(path, columns, reporter, cancellationToken);
            TableFitRun.CheckRows(parsed.GetRequiredValue(input.Input), candidates.MaxBy(candidate => candidate.Components)!, data.Table);
            SelectionCriterion by = criterion.Read(parsed);
            var comparison = new SelectionOptions { Criterion = by, Folds = parsed.GetValue(folds) ?? (by == SelectionCriterion.HeldOut ? UsualFolds : 0), Seed = fit.Seed };
            var table = new SelectionTable(candidates, comparison, reporter);
            SelectionResult result = await ModelSelection.RunAsync(data.Table, candidates, comparison, new Listener<Candidate>(table.Say), cancellationToken).ConfigureAwait(false);
            Finish(result, data, columns, comparison, parsed.GetValue(output), table, reporter);
            return result.IsComplete ? result.Best is null ? ExitCode.Failure : ExitCode.Success : ExitCode.Interrupted;
        });
        return command;
    }

    static void Finish(SelectionResult result, ObservationData data, ObservationColumns columns, SelectionOptions options, string? output, SelectionTable table, Reporter reporter)
    {
        if (result.Best is { } best)
        {
            reporter.Say($"best by {SelectionTable.NameOf(options.Criterion)}: {SelectionTable.NameOf(best.Options)}");
            if (output is not null)
            {
                FittedModelFile.Save(best.Model!, output, TableFitRun.SchemaOf(data, columns));
                reporter.Say($"model: {output}");
            }
        }
        else
        {
            reporter.Warn("no fit can be trusted, so there is no best one and no model was written. More --restarts, a --prior or fewer components may help.");
        }
        if (reporter.Json) JsonOutput.Print(reporter.Output, json => table.Write(result, output, json));
    }

    static IEnumerable<FitOptions> Candidates(FitOptions fit, string[] families, string[] covariances, int[] components) =>
        from family in families
        from covariance in family == TableFitOptions.Gaussian ? covariances : [fit.Family.Covariance]
        from count in components
        select fit with { Components = count, Family = fit.Family with { Name = family, Covariance = covariance } };

    static void Known(string option, string[] names, IReadOnlyList<string> all)
    {
        if (names.FirstOrDefault(name => !all.Contains(name)) is { } unknown) throw new UsageException($"{option} has '{unknown}'. There are: {string.Join(", ", all)}.");
    }
}
