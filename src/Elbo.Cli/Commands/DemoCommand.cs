using System.CommandLine;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Text;
using Elbo.Topics;
using Elbo.Topics.Quality;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo demo</c>: topics of the documentation that every .NET SDK carries, or of a corpus drawn from known topics.</summary>
static class DemoCommand
{
    const int RecoveryStarts = 5, RecoveryPasses = 20;
    const int TermsPerTopic = 50, TrainingDocuments = 1000, HeldOutDocuments = 200;

    public static Command Create(CliHost host)
    {
        Option<int> topics = LdaFitOptions.Topics();
        Option<ulong> seed = CommonOptions.Seed();
        Option<int> threads = CommonOptions.Threads();
        Option<string?> output = OptionOf.Path("--output", "file", "Also write the model.", "-o");
        Option<bool> generated = OptionOf.Flag("--generated", "Draw a corpus from known topics instead, recover them and score them.");
        var command = new Verb("demo", "Fit topics to the API documentation of the .NET SDK on this machine, and watch the bound rise. Nothing is downloaded.")
        {
            Examples = ["elbo demo", "elbo demo -k 30 -o dotnet.elbo", "elbo demo --generated"],
        };
        foreach (Option option in (ReadOnlySpan<Option>)[topics, seed, threads, output, generated]) command.Add(option);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // Others find better topics sooner, but this is to show a bound that rises.
            var options = new LdaOptions { EStep = TopicEStep.MeanField, Topics = parsed.GetValue(topics), Seed = parsed.GetValue(seed), Threads = parsed.GetValue(threads) };
            var reporter = new Reporter(host);
            OutputPath.Check([], parsed.GetValue(output));
            reporter.Say($"seed {options.Seed}");
            TopicModel model = parsed.GetValue(generated) || Documentation(reporter, cancellationToken) is not { } corpus
                ? await RecoverAsync(options, reporter, cancellationToken).ConfigureAwait(false)
                : await FitAsync(corpus, options, reporter, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(output) is { } path)
            {
                TopicModelFile.Save(model, path);
                reporter.Say($"model: {path}");
            }
            return model.Record.StopReason == StopReason.Cancelled ? ExitCode.Interrupted : ExitCode.Success;
        });
        return command;
    }

    /// <summary>The corpus, or null where there is none, which is said.</summary>
    static Corpus? Documentation(Reporter reporter, CancellationToken cancellationToken)
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
        return result.Corpus;
    }

    static async Task<TopicModel> FitAsync(Corpus corpus, LdaOptions options, Reporter reporter, CancellationToken cancellationToken)
    {
        TopicModel model = await FitDisplay.RunAsync(reporter, LdaFitOptions.PlanOf(options, corpus), show =>
            Lda.FitAsync(corpus, options, new Listener<LdaProgress>(news => show(new FitNews(news.Start, news.Iteration, news.Pass))), null, cancellationToken)).ConfigureAwait(false);
        reporter.Say($"bound over the passes: {Sparkline.Of([.. model.Trace.Select(iteration => iteration.Objective)], FitDisplay.CurveWidth)}");
        FitSummary.Say(model, reporter);
        TopicsTable.WriteOverview(model, reporter);
        return model;
    }

    static async Task<TopicModel> RecoverAsync(LdaOptions options, Reporter reporter, CancellationToken cancellationToken)
    {
        (LdaGenerator generator, Corpus corpus, LdaDraw draw) = reporter.Working("drawing documents", _ => Draw(options));
        TopicModel truth = generator.Truth(draw);
        reporter.Say($"drawn from {Numbers.Plural(options.Topics, "known topic")}: {Numbers.Plural(corpus.DocumentCount, "document")}, {Numbers.Plural(corpus.Vocabulary.Count, "term")}, "
            + $"{Numbers.Plural(corpus.TokenCount, "token")} (terms have the name of the topic that they are likeliest in: t0.1, t0.2, …)");
        // One start alone often merges two of the topics and splits a third.
        LdaOptions several = options with { Restarts = RecoveryStarts, ShortIterations = RecoveryPasses };
        TopicModel model = await FitAsync(corpus, several, reporter, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<TopicPair> matches = TopicMatching.Match(truth, model, options.Threads);
        reporter.Say("true topic → recovered topic, and how much of their probability they share:");
        foreach (TopicPair[] row in matches.Chunk(5)) reporter.Say("  " + string.Join("   ", row.Select(match => $"{match.First,2} → {match.Second,2}  {Numbers.Share(match.Overlap),6}")));
        reporter.Say($"on average {Numbers.Share(matches.Average(match => match.Overlap))}");
        Corpus heldOut = generator.Draw(HeldOutDocuments, LdaGenerator.HeldOut).Corpus;
        reporter.Say($"held-out documents, nats per token: {Score(model)} with the recovered topics, {Score(truth)} with the true ones (the oracle), {Score(generator.Unigram(draw))} without topics (the unigram)");
        return model;

        string Score(TopicModel scored) => Numbers.PerToken(scored.Evaluate(heldOut, threads: options.Threads).All.PerToken);
    }

    static (LdaGenerator, Corpus, LdaDraw) Draw(LdaOptions options)
    {
        var generator = new LdaGenerator(new LdaGeneratorOptions { Topics = options.Topics, Terms = checked(TermsPerTopic * options.Topics), Alpha = options.Alpha, Seed = options.Seed });
        (Corpus corpus, LdaDraw draw) = generator.Draw(TrainingDocuments);
        return (generator, corpus, draw);
    }
}
