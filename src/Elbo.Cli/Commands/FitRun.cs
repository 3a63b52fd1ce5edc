using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Orleans;
using Elbo.Topics;

namespace Elbo.Cli.Commands;

/// <summary>A fit from its input to its files.</summary>
sealed class FitRun(FitJob job, Reporter reporter)
{
    readonly ClusterRun? _cluster = job.Cluster is null ? null : new ClusterRun(job.Cluster, job.Target, reporter);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        RowWriter.CheckName(job.DocumentsPath);
        OutputPath.Check(Inputs(), job.Target.ModelPath, job.DocumentsPath, job.Target.CheckpointPath);
        if (job.Cluster is not null) ClusterRules.Check(job.Options);
        if (job.Cluster is not null && job.Input.Format != InputFormat.Elboc)
            throw new UsageException($"a cluster reads a corpus file: make one with 'elbo corpus {job.Input.Path} -o FILE.elboc', where every worker finds it, and fit that.");
        reporter.Always($"seed {job.Options.Seed}");
        using Corpus corpus = InputReader.Read(job.Input, reporter, cancellationToken);
        Warn(corpus);
        if (job.Options.EStep == TopicEStep.Automatic)
        {
            TopicEStepChoice choice = TopicEStepChoice.For(corpus, job.Options, job.Target.CheckpointPath is not null);
            reporter.Say($"E-step {FitWords.NameOf(choice.EStep)} ({choice.Reason})");
        }
        TopicModel model = await FitDisplay.RunAsync(reporter, LdaFitOptions.PlanOf(job.Options, corpus), show => FitAsync(corpus, show, cancellationToken)).ConfigureAwait(false);
        _cluster?.Finish(model.Record.StopReason);
        TopicModelFile.Save(model, job.Target.ModelPath);
        bool complete = WriteDocuments(model, corpus, cancellationToken);
        FitSummary.Say(model, reporter);
        TopicsTable.WriteOverview(model, reporter);
        reporter.Say($"model: {job.Target.ModelPath}");
        if (job.DocumentsPath is not null && complete) reporter.Say($"documents: {job.DocumentsPath}");
        if (reporter.Json) JsonOutput.Print(reporter.Output, json => FitSummary.Write(model, job, json));
        return model.Record.StopReason == StopReason.Cancelled || !complete ? ExitCode.Interrupted : ExitCode.Success;
    }

    IEnumerable<string> Inputs() => job.Input.VocabularyPath is null ? [job.Input.Path] : [job.Input.Path, job.Input.VocabularyPath];

    void Warn(Corpus corpus)
    {
        int empty = 0;
        for (int document = 0; document < corpus.DocumentCount; document++)
            if (corpus.Terms(document).IsEmpty) empty++;
        if (empty > 0) reporter.Warn($"{Numbers.Plural(empty, "document")} of {Numbers.Count(corpus.DocumentCount)} {(empty == 1 ? "is" : "are")} empty and tell{(empty == 1 ? "s" : "")} nothing of the topics.");
        if (job.Options.Topics > corpus.DocumentCount)
            reporter.Warn($"{Numbers.Plural(job.Options.Topics, "topic")} for {Numbers.Plural(corpus.DocumentCount, "document")}: with more topics than documents some must be meaningless.");
    }

    Task<TopicModel> FitAsync(Corpus corpus, Action<FitNews> show, CancellationToken cancellationToken)
    {
        if (_cluster is not null)
        {
            byte[]? from = job.From is null ? null : ClusterRun.BytesOf(stream => LdaCheckpointFile.Save(job.From, stream, job.ToProperties()));
            return _cluster.RunAsync((cluster, events) => cluster.FitTopicsAsync(job.Input.Path, corpus.Checksum, job.Options, events, from, job.ToProperties(), cancellationToken),
                (start, iteration) => show(new FitNews(start, iteration)), cancellationToken);
        }
        var progress = new Listener<LdaProgress>(news => show(new FitNews(news.Start, news.Iteration, news.Pass)));
        Action<LdaCheckpoint>? checkpoint = job.Target.CheckpointPath is null ? null : state => Checkpoint(state, cancellationToken);
        return job.From is null
            ? Lda.FitAsync(corpus, job.Options, progress, checkpoint, cancellationToken: cancellationToken)
            : Lda.ResumeAsync(corpus, job.From with { Options = job.Options }, progress, checkpoint, cancellationToken: cancellationToken);
    }

    void Checkpoint(LdaCheckpoint state, CancellationToken cancellationToken)
    {
        // Once more when it is being stopped: nothing that was done is lost.
        if (job.Target.IsDue(state.State.Number) || cancellationToken.IsCancellationRequested)
            LdaCheckpointFile.Save(state, job.Target.CheckpointPath!, job.ToProperties());
    }

    /// <summary>False where it was stopped on the way.</summary>
    bool WriteDocuments(TopicModel model, Corpus corpus, CancellationToken cancellationToken)
    {
        if (job.DocumentsPath is null) return true;
        // Who stopped the fit wants what there is; who stops this has the model already.
        if (model.Record.StopReason == StopReason.Cancelled) cancellationToken = CancellationToken.None;
        try
        {
            var inference = new Inference(model, new ModelInput(model, job.Input, reporter), job.Options.Threads);
            DocumentWriter.Write(job.DocumentsPath, model.Topics.Count, null, inference.Rows(corpus, cancellationToken));
            return true;
        }
        catch (OperationCanceledException)
        {
            reporter.Warn($"stopped: the model is whole, '{job.DocumentsPath}' was not written. 'elbo infer' writes it.");
            return false;
        }
    }
}
