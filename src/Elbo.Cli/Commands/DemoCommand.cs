using System.CommandLine;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Reports.Topics;
using Elbo.Text;
using Elbo.Topics;
using Elbo.Topics.Gap;
using Elbo.Topics.Quality;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo demo</c>: topics of the documentation that every .NET SDK carries, or of a corpus drawn from known topics.</summary>
static class DemoCommand
{
    const int RecoveryStarts = 5, RecoveryPasses = 20;
    const string UsualReport = "elbo-demo.html";
    const int GapDocuments = 50;
    const int TermsPerTopic = 50, TrainingDocuments = 1000, HeldOutDocuments = 200;

    public static Command Create(CliHost host)
    {
        Option<int> topics = LdaFitOptions.Topics();
        Option<ulong> seed = CommonOptions.Seed();
        Option<int> threads = CommonOptions.Threads();
        Option<string?> output = OptionOf.Path("--output", "file", $"Where to write the report; {UsualReport} where this is not given.", "-o");
        Option<string?> modelFile = OptionOf.Path("--model", "file", "Also write the model.");
        Option<bool> generated = OptionOf.Flag("--generated", "Draw a corpus from known topics instead, recover them and score them.");
        var command = new Verb("demo", "Fit topics to the API documentation of the .NET SDK on this machine, and watch the bound rise. Nothing is downloaded.")
        {
            Examples = ["elbo demo", "elbo demo -k 30 --model dotnet.elbo -o dotnet.html", "elbo demo --generated"],
        };
        foreach (Option option in (ReadOnlySpan<Option>)[topics, seed, threads, output, modelFile, generated]) command.Add(option);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // Others find better topics sooner, but this is to show a bound that rises.
            var options = new LdaOptions { EStep = TopicEStep.MeanField, Topics = parsed.GetValue(topics), Seed = parsed.GetValue(seed), Threads = parsed.GetValue(threads) };
            var reporter = new Reporter(host);
            string report = parsed.GetValue(output) ?? UsualReport;
            OutputPath.Check([], report, parsed.GetValue(modelFile));
            reporter.Say($"seed {options.Seed}");
            DemoCorpus corpus = (parsed.GetValue(generated) ? null : Documentation(reporter, cancellationToken)) ?? Drawn(options, reporter);
            TopicModel model = await (corpus.Draw is { } draw
                ? RecoverAsync(corpus.Documents, draw, options, reporter, cancellationToken)
                : FitAsync(corpus.Documents, options, reporter, cancellationToken)).ConfigureAwait(false);
            if (parsed.GetValue(modelFile) is { } path)
            {
                TopicModelFile.Save(model, path);
                reporter.Say($"model: {path}");
            }
            WriteReport(model, corpus, report, reporter, cancellationToken);
            return model.Record.StopReason == StopReason.Cancelled ? ExitCode.Interrupted : ExitCode.Success;
        });
        return command;
    }

    /// <summary>What topics are looked for in.</summary>
    /// <param name="Documents">The documents.</param>
    /// <param name="Title">What they are.</param>
    /// <param name="Texts">Where their texts are; null where they never had any.</param>
    /// <param name="Draw">What they were drawn from; null where nobody knows.</param>
    sealed record DemoCorpus(Corpus Documents, string Title, TextSource? Texts, (LdaGenerator Generator, LdaDraw Truth)? Draw);

    /// <summary>The corpus, or null where there is none, which is said.</summary>
    static DemoCorpus? Documentation(Reporter reporter, CancellationToken cancellationToken)
    {
        DotnetDocumentation documentation = DotnetDocumentation.Find();
        if (documentation.Problem is { } problem)
        {
            reporter.Say($"{problem} A corpus drawn from known topics takes its place.");
            return null;
        }
        ImportResult result = reporter.Working($"reading {documentation.Name}", _ => documentation.Build(null, cancellationToken));
        reporter.Say($"{documentation.Name}, {Numbers.Plural(documentation.Files.Count, "file")} of this machine's SDK, one document for each type:");
        foreach (string line in result.Report.ToLines()) reporter.Say($"  {line}");
        return new DemoCorpus(result.Corpus, $"Topics of {documentation.Name}", documentation, null);
    }

    static DemoCorpus Drawn(LdaOptions options, Reporter reporter)
    {
        var generator = new LdaGenerator(new LdaGeneratorOptions { Topics = options.Topics, Terms = checked(TermsPerTopic * options.Topics), Alpha = options.Alpha, Seed = options.Seed });
        (Corpus corpus, LdaDraw draw) = reporter.Working("drawing documents", _ => generator.Draw(TrainingDocuments));
        return new DemoCorpus(corpus, "Topics of a corpus that was drawn", null, (generator, draw));
    }

    static async Task<TopicModel> FitAsync(Corpus corpus, LdaOptions options, Reporter reporter, CancellationToken cancellationToken)
    {
        TopicModel model = await FitDisplay.RunAsync(reporter, LdaFitOptions.PlanOf(options, corpus), show =>
            Lda.FitAsync(corpus, options, new Listener<LdaProgress>(news => show(new FitNews(news.Start, news.Iteration, news.Pass))), cancellationToken: cancellationToken)).ConfigureAwait(false);
        reporter.Say($"bound over the passes: {Sparkline.Of([.. model.Trace.Select(iteration => iteration.Objective)], FitDisplay.CurveWidth)}");
        FitSummary.Say(model, reporter);
        TopicsTable.WriteOverview(model, reporter);
        return model;
    }

    static async Task<TopicModel> RecoverAsync(Corpus corpus, (LdaGenerator Generator, LdaDraw Truth) draw, LdaOptions options, Reporter reporter, CancellationToken cancellationToken)
    {
        TopicModel truth = draw.Generator.Truth(draw.Truth);
        reporter.Say($"drawn from {Numbers.Plural(options.Topics, "known topic")}: {Numbers.Plural(corpus.DocumentCount, "document")}, {Numbers.Plural(corpus.Vocabulary.Count, "term")}, "
            + $"{Numbers.Plural(corpus.TokenCount, "token")} (terms have the name of the topic that they are likeliest in: t0.1, t0.2, …)");
        // One start alone often merges two of the topics and splits a third.
        LdaOptions several = options with { Restarts = RecoveryStarts, ShortIterations = RecoveryPasses };
        TopicModel model = await FitAsync(corpus, several, reporter, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<TopicPair> matches = TopicMatching.Match(truth, model, options.Threads);
        reporter.Say("true topic → recovered topic, and how much of their probability they share:");
        foreach (TopicPair[] row in matches.Chunk(5)) reporter.Say("  " + string.Join("   ", row.Select(match => $"{match.First,2} → {match.Second,2}  {Numbers.Share(match.Overlap),6}")));
        reporter.Say($"on average {Numbers.Share(matches.Average(match => match.Overlap))}");
        Corpus heldOut = draw.Generator.Draw(HeldOutDocuments, LdaGenerator.HeldOut).Corpus;
        reporter.Say($"held-out documents, nats per token: {Score(model)} with the recovered topics, {Score(truth)} with the true ones (the oracle), {Score(draw.Generator.Unigram(draw.Truth))} without topics (the unigram)");
        return model;

        string Score(TopicModel scored) => Numbers.PerToken(scored.Evaluate(heldOut, threads: options.Threads).All.PerToken);
    }

    static void WriteReport(TopicModel model, DemoCorpus corpus, string path, Reporter reporter, CancellationToken cancellationToken)
    {
        // Who stopped the fit wants what there is.
        if (model.Record.StopReason == StopReason.Cancelled) cancellationToken = CancellationToken.None;
        int threads = model.Record.Options.Threads;
        ulong seed = model.Record.Options.Seed;
        TopicReport report = reporter.Working("writing the report", _ => TopicReport.Create(model, new TopicReportOptions
        {
            Title = corpus.Title,
            Corpus = corpus.Documents,
            Texts = corpus.Texts is null ? null : chosen => TextsOf(corpus.Documents, corpus.Texts, chosen, cancellationToken),
            Quality = ModelQuality.Of(model, corpus.Documents, new CoherenceOptions { Threads = threads }),
            Gap = EvidenceGap.Measure(model, corpus.Documents, new GapOptions { Estimators = EvidenceEstimators.Annealing, MaximumDocuments = GapDocuments, Seed = seed, Threads = threads }, null, cancellationToken),
            Seed = seed,
            Threads = threads,
        }, cancellationToken));
        report.Save(path);
        reporter.Say($"report: {path} (open it in a browser)");
    }

    /// <summary>The texts of some documents, read anew; their tokens are those of the corpus.</summary>
    static Dictionary<int, DocumentText> TextsOf(Corpus corpus, TextSource source, IReadOnlySet<int> chosen, CancellationToken cancellationToken)
    {
        Dictionary<string, int> numbers = chosen.ToDictionary(corpus.Id);
        var texts = new Dictionary<int, DocumentText>();
        foreach (TextDocument document in source.Read(cancellationToken))
        {
            if (!numbers.TryGetValue(document.Id!, out int number)) continue;
            int[] terms = corpus.Tokens(number).ToArray(), starts = corpus.TokenStarts(number).ToArray(), lengths = corpus.TokenLengths(number).ToArray();
            texts[number] = new DocumentText(document.Text!, [.. terms.Select((term, token) => new DocumentToken(term, starts[token], lengths[token]))]);
        }
        return texts;
    }
}
