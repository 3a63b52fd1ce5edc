using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Text;

namespace Elbo.Cli.Commands;

/// <summary>A fit of a mixture or a hidden Markov model, from its table to its file.</summary>
sealed class TableFitRun
{
    public required string InputPath { get; init; }

    public required ObservationColumns Columns { get; init; }

    public required FitOptions Options { get; init; }

    public required string ModelPath { get; init; }

    public required Reporter Reporter { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        OutputPath.Check([InputPath], ModelPath);
        Reporter.Always($"seed {Options.Seed}");
        ObservationData data = TableOptions.Open(InputPath, Columns, Reporter, cancellationToken);
        CheckRows(InputPath, Options, data.Table);
        ObservationTable table = Labelled(data);
        FittedModel model = await FitDisplay.RunAsync(Reporter, TableFitOptions.PlanOf(Options, table), show => Estimator.FitAsync(
            table, Options, progress: new Listener<FitProgress>(news => show(new FitNews(news.Start, news.Iteration))), cancellationToken: cancellationToken)).ConfigureAwait(false);
        TableSchema schema = SchemaOf(data, Columns, Options.Components == model.Components);
        FittedModelFile.Save(model, ModelPath, schema);
        double? agreement = data.Comparison.Count == 0 ? null : Comparison.Of(model, data);
        FittedModelSummary.Say(model, schema, Reporter);
        if (agreement is { } index) Reporter.Say(Comparison.Say(index, Columns));
        Reporter.Say($"model: {ModelPath}");
        if (Reporter.Json)
        {
            JsonOutput.Print(Reporter.Output, json =>
            {
                json.WriteString("model", ModelPath);
                FittedModelSummary.Write(model, schema, json);
                if (agreement is not null) json.WriteFinite("adjusted_rand_index", agreement);
                FitSummary.WriteTrace(model.Record.Traces[model.Record.BestStart], json);
            });
        }
        return model.Record.StopReason == StopReason.Cancelled ? ExitCode.Interrupted : ExitCode.Success;
    }

    /// <summary>Refuses rows that the family does not take, or that are too few.</summary>
    public static void CheckRows(string path, FitOptions options, ObservationTable table)
    {
        if (options.Components > table.RowCount) throw new InvalidDataException($"'{path}': there are {options.Components} components for {Numbers.Plural(table.RowCount, "row")}. Fit fewer components (-k).");
        try
        {
            FamilyCatalog.Create(options.Family, table, options.Components).Check(table);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"'{path}': {error.Message.Split(" (Parameter '")[0]}", error);
        }
    }

    public static TableSchema SchemaOf(ObservationData data, ObservationColumns columns, bool keepsLabels = true) => new()
    {
        Categories = data.Categories.All(names => names is null) ? [] : data.Categories,
        ComponentNames = keepsLabels ? data.LabelNames : [],
        SequenceColumn = columns.Sequence,
    };

    ObservationTable Labelled(ObservationData data)
    {
        if (data.Labels.Count == 0) return data.Table;
        if (data.LabelNames.Count > Options.Components)
            throw new InvalidDataException($"The column '{Columns.Labels}' has {data.LabelNames.Count} labels ({string.Join(", ", data.LabelNames)}), and there are {Options.Components} components. Give more components (-k).");
        return data.Table.WithLabels([.. data.Labels], Options.Components);
    }
}
