using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Files;
using Elbo.Reports.Topics;
using Elbo.Topics;
using Elbo.Topics.Gap;
using Elbo.Topics.Quality;

namespace Elbo.Cli.Commands;

/// <summary>The report of a topic model, with its documents where an input gives some.</summary>
sealed class TopicReportRun(string path, InputRequest? request, ReportTargets targets, Reporter reporter)
{
    public required string? Title { get; init; }

    /// <summary>Documents that the fit has not seen, read as the others are; null where there are none.</summary>
    public required string? HeldOut { get; init; }

    /// <summary>On how many documents the gap between bound and evidence is measured; 0 measures none.</summary>
    public required int GapDocuments { get; init; }

    public required ulong Seed { get; init; }

    public required int Threads { get; init; }

    public void Run(CancellationToken cancellationToken)
    {
        if (request is null && targets.Ldavis is not null) throw new UsageException("--pyldavis needs documents: give an INPUT.");
        if (request is null && HeldOut is not null) throw new UsageException("--held-out is read as INPUT is: give that too.");
        string[] read = [path, .. request is null ? Array.Empty<string>() : [request.Path], .. HeldOut is null ? Array.Empty<string>() : [HeldOut]];
        targets.Check(read);
        TopicModel model = TopicModelFile.Load(path);
        ModelInput? input = request is null ? null : new ModelInput(model, request, reporter);
        // One batch: a report goes through its documents more than once.
        InputBatch? batch = input?.Read(int.MaxValue, null, cancellationToken).Single();
        using Corpus? corpus = batch?.Corpus;
        var options = new TopicReportOptions
        {
            Title = Title ?? Path.GetFileNameWithoutExtension(path),
            Corpus = corpus,
            UnknownTokens = batch?.Unknown,
            Texts = input?.Texts(TopicReport.LongestText, cancellationToken),
            Seed = Seed,
            Threads = Threads,
        };
        TopicReport report = TopicReport.Create(model, Measured(model, input, options, cancellationToken), cancellationToken);
        if (corpus is not null) reporter.Always($"seed {Seed}");
        report.Save(targets.Page);
        if (targets.Ldavis is not null) report.SaveLdavis(targets.Ldavis, cancellationToken);
        if (targets.Svg is not null) AtomicFile.Write(targets.Svg, stream => stream.Write(report.Still()));
        targets.WriteTables(report.Tables);
        foreach (string warning in report.Warnings) reporter.Say($"note: {warning}");
        reporter.Say($"{targets.Page}: {Numbers.Plural(model.Topics.Count, "topic")}, {Numbers.Count(report.Page.Documents.Count)} of {Numbers.Plural(report.Page.DocumentCount, "document")}");
    }

    /// <summary>The options with all that takes documents to be measured.</summary>
    TopicReportOptions Measured(TopicModel model, ModelInput? input, TopicReportOptions options, CancellationToken cancellationToken)
    {
        if (input is null || options.Corpus is not { } corpus) return options;
        using Corpus tokens = input.ReadTokens(cancellationToken);
        return options with
        {
            Quality = reporter.Working("counting terms that occur together", _ => ModelQuality.Of(model, tokens, new CoherenceOptions { Threads = Threads })),
            Gap = GapDocuments == 0 ? null : reporter.Working("measuring the gap", _ => EvidenceGap.Measure(model, corpus, new GapOptions { Estimators = EvidenceEstimators.Annealing, MaximumDocuments = GapDocuments, Seed = Seed, Threads = Threads }, null, cancellationToken)),
            HeldOut = HeldOut is null ? null : reporter.Working($"scoring {HeldOut}", _ => Score(model, HeldOut, cancellationToken)),
        };
    }

    CompletionScore Score(TopicModel model, string heldOut, CancellationToken cancellationToken)
    {
        using Corpus corpus = new ModelInput(model, request! with { Path = heldOut }, reporter).Read(int.MaxValue, null, cancellationToken).Single().Corpus;
        CompletionScore score = model.Evaluate(corpus, Seed, Threads);
        return score.Seen.Tokens > 0 ? score : throw new InvalidDataException($"There is nothing to score in '{heldOut}': no document has two halves of words that the model knows.");
    }
}
