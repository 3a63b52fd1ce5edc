using System.CommandLine;
using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Topics;
using Elbo.Topics.Gap;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo evaluate MODEL INPUT --gap</c>: its options, and what it does; every default comes from <see cref="GapOptions"/>.</summary>
sealed class GapEvaluation
{
    static readonly GapOptions Defaults = new();

    readonly Option<bool> _gap = OptionOf.Flag("--gap", "Instead of a held-out score, measure how far the documents' ELBO is from their evidence: KL = log p(w|α,β) − ELBO, log p by sampling. What follows is for it.");
    readonly Choice<EvidenceEstimators> _estimator = new("--estimator", "By what log p is estimated; both check each other.", Defaults.Estimators,
        ("both", EvidenceEstimators.Both), ("annealing", EvidenceEstimators.Annealing), ("left-to-right", EvidenceEstimators.LeftToRight));
    readonly Option<int> _chains = OptionOf.Integer("--chains", "n", "Independent chains of annealing for each document.", 2, Defaults.Chains);
    readonly Option<int> _steps = OptionOf.Integer("--steps", "n", "Steps of annealing; more of them make the chains' weights more alike.", 1, Defaults.Steps);
    readonly Option<int> _particles = OptionOf.Integer("--particles", "n", "Independent particles of left-to-right for each document.", 2, Defaults.Particles);
    readonly Option<int> _maximumLength = OptionOf.Integer("--max-length", "tokens", "The longest document for left-to-right, whose cost grows with the square of it, and whose error grows too.", 0, Defaults.MaximumLength);
    readonly Option<int> _maximumDocuments = OptionOf.Integer("--max-documents", "n", "Of more documents, so many are drawn by the seed and measured.", 1, Defaults.MaximumDocuments);
    readonly Option<string?> _output = OptionOf.Path("--output", "file", $"Where to write a row for every measured document: a file whose name ends in {RowWriter.Extensions}.", "-o");

    public GapEvaluation(Command command)
    {
        foreach (Option option in (ReadOnlySpan<Option>)[_gap, .. Particular]) command.Add(option);
    }

    Option[] Particular => [_estimator.Option, _chains, _steps, _particles, _maximumLength, _maximumDocuments, _output];

    /// <summary>Whether the gap is what is asked for. Options that would have no effect are errors.</summary>
    public bool IsAsked(ParseResult parsed)
    {
        if (!parsed.GetValue(_gap)) return Refuse(Particular, "--gap");
        EvidenceEstimators estimators = _estimator.Read(parsed);
        if (!estimators.HasFlag(EvidenceEstimators.Annealing)) Refuse([_chains, _steps], "annealing, not for --estimator left-to-right");
        if (!estimators.HasFlag(EvidenceEstimators.LeftToRight)) Refuse([_particles, _maximumLength], "left-to-right, not for --estimator annealing");
        return true;

        bool Refuse(Option[] options, string wanted) => options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given
            ? throw new UsageException($"{given.Name} is for {wanted}.")
            : false;
    }

    public void Run(ParseResult parsed, string modelPath, InputRequest request, ulong seed, int threads, Reporter reporter, CancellationToken cancellationToken)
    {
        string? path = parsed.GetValue(_output);
        RowWriter.CheckName(path);
        OutputPath.Check([modelPath, request.Path], path);
        TopicModel model = TopicModelFile.Load(modelPath);
        // One batch: a document's random numbers depend on its number.
        InputBatch batch = new ModelInput(model, request, reporter).Read(int.MaxValue, null, cancellationToken).Single();
        using Corpus corpus = batch.Corpus;
        reporter.Say($"seed {seed}");
        GapReport report = Measure(model, corpus, Options(parsed, seed, threads), reporter, cancellationToken);
        report = report with { Documents = [.. report.Documents.Select(document => document with { UnknownTokens = document.UnknownTokens + batch.UnknownIn(document.Document) })] };
        if (report.Total is not { Tokens: > 0 })
            throw new InvalidDataException(report.TooLongDocuments > 0
                ? $"Every document has more than {report.Options.MaximumLength} tokens. Raise --max-length, or take --estimator annealing."
                : "There is nothing to measure: no document has a word that the model knows.");
        var table = new GapTable(report, corpus);
        if (path is not null) RowWriter.Write(path, GapTable.Columns, table.Rows(cancellationToken));
        foreach (string line in table.Lines()) reporter.Say(line);
        foreach (string warning in table.Warnings()) reporter.Warn(warning);
        if (path is not null) reporter.Say($"documents: {path}");
        if (reporter.Json) JsonOutput.Print(reporter.Output, json => table.Write(path, json));
    }

    GapOptions Options(ParseResult parsed, ulong seed, int threads) => new()
    {
        Estimators = _estimator.Read(parsed),
        Chains = parsed.GetValue(_chains),
        Steps = parsed.GetValue(_steps),
        Particles = parsed.GetValue(_particles),
        MaximumLength = parsed.GetValue(_maximumLength),
        MaximumDocuments = parsed.GetValue(_maximumDocuments),
        Seed = seed,
        Threads = threads,
    };

    static GapReport Measure(TopicModel model, Corpus corpus, GapOptions options, Reporter reporter, CancellationToken cancellationToken)
    {
        string all = Numbers.Plural(Math.Min(corpus.DocumentCount, options.MaximumDocuments), "document");
        return reporter.Working($"measuring {all}", show =>
            EvidenceGap.Measure(model, corpus, options, new Listener<int>(done => show($"measuring {all}: {Numbers.Count(done)} done")), cancellationToken));
    }
}
