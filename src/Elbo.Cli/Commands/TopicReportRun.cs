using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Reports.Topics;
using Elbo.Topics;

namespace Elbo.Cli.Commands;

/// <summary>The report of a topic model, with its documents where an input gives some.</summary>
sealed class TopicReportRun(string path, InputRequest? request, ReportTargets targets, Reporter reporter)
{
    public void Run(string? title, ulong seed, int threads, CancellationToken cancellationToken)
    {
        if (targets.Ldavis is not null && request is null) throw new UsageException("--pyldavis needs documents: give an INPUT.");
        targets.Check(request is null ? [path] : [path, request.Path]);
        TopicModel model = TopicModelFile.Load(path);
        ModelInput? input = request is null ? null : new ModelInput(model, request, reporter);
        // One batch: a report goes through its documents more than once.
        InputBatch? batch = input?.Read(int.MaxValue, null, cancellationToken).Single();
        using Corpus? corpus = batch?.Corpus;
        TopicReport report = TopicReport.Create(model, new TopicReportOptions
        {
            Title = title ?? Path.GetFileNameWithoutExtension(path),
            Corpus = corpus,
            UnknownTokens = batch?.Unknown,
            Texts = input?.Texts(TopicReport.LongestText, cancellationToken),
            Seed = seed,
            Threads = threads,
        }, cancellationToken);
        if (corpus is not null && corpus.DocumentCount > report.Page.Documents.Count) reporter.Always($"seed {seed}");
        report.Save(targets.Page);
        if (targets.Ldavis is not null) report.SaveLdavis(targets.Ldavis, cancellationToken);
        targets.WriteTables(report.Tables);
        foreach (string warning in report.Warnings) reporter.Say($"note: {warning}");
        reporter.Say($"{targets.Page}: {Numbers.Plural(model.Topics.Count, "topic")}, {Numbers.Count(report.Page.Documents.Count)} of {Numbers.Plural(report.Page.DocumentCount, "document")}");
    }
}
