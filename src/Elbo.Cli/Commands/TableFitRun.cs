using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Orleans;
using Elbo.Text;

namespace Elbo.Cli.Commands;

/// <summary>A fit of a mixture or a hidden Markov model, from its table to its file.</summary>
sealed class TableFitRun(TableFitJob job, Reporter reporter)
{
    readonly ClusterRun? _cluster = job.Cluster is null ? null : new ClusterRun(job.Cluster, job.Target, reporter);
    FitCheckpoint? _last;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        OutputPath.Check([job.InputPath], job.Target.ModelPath, job.Target.CheckpointPath);
        if (job.Cluster is not null) ClusterRules.Check(job.Options);
        reporter.Always($"seed {job.Options.Seed}");
        ObservationData data = TableOptions.Open(job.InputPath, job.Columns, reporter, cancellationToken);
        CheckRows(job.InputPath, job.Options, data.Table);
        ObservationTable table = data.Labelled(job.Options.Components);
        FittedModel model = await FitDisplay.RunAsync(reporter, TableFitOptions.PlanOf(job.Options, table), show => FitAsync(table, show, cancellationToken)).ConfigureAwait(false);
        // Stopped in an E-step that no checkpoint was due before: nothing that was done is lost.
        if (model.Record.StopReason == StopReason.Cancelled && _last is not null) Save(_last);
        _cluster?.Finish(model.Record.StopReason);
        TableSchema schema = SchemaOf(data, job.Columns, job.Options.Components == model.Components);
        FittedModelFile.Save(model, job.Target.ModelPath, schema);
        double? agreement = data.Comparison.Count == 0 ? null : Comparison.Of(model, data);
        FittedModelSummary.Say(model, schema, reporter);
        if (agreement is { } index) reporter.Say(Comparison.Say(index, job.Columns));
        reporter.Say($"model: {job.Target.ModelPath}");
        if (reporter.Json)
        {
            JsonOutput.Print(reporter.Output, json =>
            {
                json.WriteString("model", job.Target.ModelPath);
                FittedModelSummary.Write(model, schema, json);
                if (agreement is not null) json.WriteFinite("adjusted_rand_index", agreement);
                FitSummary.WriteTrace(model.Record.Traces[model.Record.BestStart], json);
            });
        }
        return model.Record.StopReason == StopReason.Cancelled ? ExitCode.Interrupted : ExitCode.Success;
    }

    Task<FittedModel> FitAsync(ObservationTable table, Action<FitNews> show, CancellationToken cancellationToken)
    {
        if (_cluster is not null)
        {
            byte[]? from = job.From is null ? null : ClusterRun.BytesOf(stream => FitCheckpointFile.Save(job.From, stream, job.ToProperties()));
            return _cluster.RunAsync((cluster, events) => cluster.FitTableAsync(job.InputPath, job.Columns, table.Checksum, job.Options, events, from, job.ToProperties(), cancellationToken),
                (start, iteration) => show(new FitNews(start, iteration)), cancellationToken);
        }
        var progress = new Listener<FitProgress>(news => show(new FitNews(news.Start, news.Iteration)));
        Action<FitCheckpoint>? checkpoint = job.Target.CheckpointPath is null ? null : Checkpoint;
        return job.From is null
            ? Estimator.FitAsync(table, job.Options, progress: progress, checkpoint: checkpoint, cancellationToken: cancellationToken)
            : Estimator.ResumeAsync(table, job.From with { Options = job.Options }, progress, checkpoint, cancellationToken: cancellationToken);
    }

    void Checkpoint(FitCheckpoint state)
    {
        _last = state;
        // An accelerated fit shows itself only where a stretch begins, whatever iteration that is.
        if (state.Best is null || job.Target.IsDue(state.State.Number)) Save(state);
    }

    void Save(FitCheckpoint state) => FitCheckpointFile.Save(state, job.Target.CheckpointPath!, job.ToProperties());

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
}
