using System.CommandLine;
using System.Text.Json;
using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Topics;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo generate lda -o corpus.elboc</c></summary>
static class GenerateCommand
{
    const int UsualDocuments = 5000, UsualHeldOut = 1000;

    // Enough to tell scores apart; each costs much more to score than to draw.
    const int MostScored = 1000;

    static readonly LdaGeneratorOptions Defaults = new();

    public static Command Create(CliHost host) => new Verb("generate", "Draw a corpus from a model, so that the truth is known.")
    {
        Examples = ["elbo generate lda -o drawn.elboc"],
        Subcommands = { Lda(host) },
    };

    static Verb Lda(CliHost host)
    {
        var command = new Verb("lda", "Draw documents from latent Dirichlet allocation, and say what the true topics score on others: by default a corpus that a fit can recover.")
        {
            Examples =
            [
                "elbo generate lda -o drawn.elboc --truth truth.elbo --held-out held-out.elboc",
                "elbo generate lda -o large.elboc --documents 4000000 --length 250 -k 100 --terms 50000 --seed 7",
            ],
        };
        Option<string> output = new("--output", "-o") { Description = "Where to write the documents: a corpus file (.elboc).", HelpName = "file", Required = true };
        Option<string?> truth = OptionOf.Path("--truth", "file", "Also write the model that they are drawn from.");
        Option<string?> heldOut = OptionOf.Path("--held-out", "file", "Also write documents that are not among them (.elboc).");
        Option<int> documents = OptionOf.Integer("--documents", "n", "How many documents.", 1, UsualDocuments);
        Option<int> heldOutDocuments = OptionOf.Integer("--held-out-documents", "n", $"How many others; the first {MostScored} of them are scored.", 1, UsualHeldOut);
        Option<int> length = OptionOf.Integer("--length", "n", "Tokens a document on average: 1 and a Poisson number more.", 1, Defaults.Length);
        Option<int> topics = OptionOf.Integer("--topics", "K", "How many topics.", 1, Defaults.Topics, "-k");
        Option<int> terms = OptionOf.Integer("--terms", "V", "How many terms.", 1, Defaults.Terms);
        Option<double?> alpha = Concentration("--alpha", "α: the smaller, the fewer topics a document has; by default 1/K.");
        Option<double?> eta = Concentration("--eta", "η: the smaller, the fewer terms carry a topic; by default 50/V.");
        Option<ulong> seed = CommonOptions.Seed();
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        foreach (Option option in (ReadOnlySpan<Option>)[output, truth, heldOut, documents, heldOutDocuments, length, topics, terms, alpha, eta, seed, json, quiet]) command.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            var job = new GenerateJob
            {
                Options = new LdaGeneratorOptions
                {
                    Topics = parsed.GetValue(topics),
                    Terms = parsed.GetValue(terms),
                    Length = parsed.GetValue(length),
                    Alpha = parsed.GetValue(alpha),
                    Eta = parsed.GetValue(eta),
                    Seed = parsed.GetValue(seed),
                },
                Path = parsed.GetRequiredValue(output),
                TruthPath = parsed.GetValue(truth),
                HeldOutPath = parsed.GetValue(heldOut),
                Documents = parsed.GetValue(documents),
                HeldOutDocuments = parsed.GetValue(heldOutDocuments),
            };
            Run(job, new Reporter(host, parsed.GetValue(json), parsed.GetValue(quiet)), cancellationToken);
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    static Option<double?> Concentration(string name, string description) =>
        OptionOf.Value(name, "number", description, "a number above 0", (string text, out double value) => OptionOf.Finite(text, out value) && value > 0);

    static void Run(GenerateJob job, Reporter reporter, CancellationToken cancellationToken)
    {
        CheckName(job.Path);
        CheckName(job.HeldOutPath);
        OutputPath.Check([], job.Path, job.TruthPath, job.HeldOutPath);
        reporter.Always($"seed {job.Options.Seed}");
        LdaGenerator generator = reporter.Working("drawing topics", _ => new LdaGenerator(job.Options));
        LdaDraw draw = Write(job.Path, job.Documents, 0);
        if (job.HeldOutPath is { } path) Write(path, job.HeldOutDocuments, LdaGenerator.HeldOut);
        TopicModel truth = generator.Truth(draw);
        if (job.TruthPath is not null) TopicModelFile.Save(truth, job.TruthPath);
        (Corpus heldOut, LdaDraw scored) = generator.Draw(Math.Min(job.HeldOutDocuments, MostScored), LdaGenerator.HeldOut);
        (TokenScore oracle, TokenScore unigram) = reporter.Working("scoring held-out documents", _ =>
            (truth.Evaluate(heldOut, threads: new LdaOptions().Threads).All, generator.Unigram(draw).Evaluate(heldOut).All));
        if (reporter.Json) JsonOutput.Print(reporter.Output, json => WriteJson(job, generator, draw, scored.Documents, oracle, unigram, json));
        Say(job, generator, draw, scored.Documents, oracle, unigram, reporter);

        LdaDraw Write(string path, int documents, long first) => reporter.Working($"drawing {Numbers.Plural(documents, "document")}", show =>
            generator.Write(path, documents, first, new Listener<long>(tokens => show($"drawing {Numbers.Plural(documents, "document")}: {Numbers.Plural(tokens, "token")}")), cancellationToken));
    }

    static void CheckName(string? path)
    {
        if (path is not null && InputFormats.OfName(path) != InputFormat.Elboc)
            throw new UsageException($"'{path}' must end in .elboc: what is drawn is written as a corpus file. 'elbo corpus' makes lda-c or UCI counts of it.");
    }

    static void Say(GenerateJob job, LdaGenerator generator, LdaDraw draw, int scored, TokenScore oracle, TokenScore unigram, Reporter reporter)
    {
        LdaGeneratorOptions options = job.Options;
        reporter.Say($"drawn from {Numbers.Plural(options.Topics, "topic")} over {Numbers.Plural(options.Terms, "term")}, alpha {Numbers.Full(generator.Alpha)}, eta {Numbers.Full(generator.Eta)} (terms have the name of the topic that they are likeliest in: t0.1, t0.2, …)");
        reporter.Say($"{Numbers.Plural(draw.Documents, "document")}, {Numbers.Plural(draw.TokenCount, "token")}, {Numbers.Plural(draw.EntryCount, "distinct pair")} of document and term: {job.Path}");
        if (job.TruthPath is not null) reporter.Say($"true topics: {job.TruthPath}");
        if (job.HeldOutPath is not null) reporter.Say($"held-out documents: {job.HeldOutPath}");
        reporter.Say($"{(scored < job.HeldOutDocuments ? "the first " : "")}{Numbers.Plural(scored, "held-out document")}, nats per token as 'elbo evaluate' scores: "
            + $"{Numbers.PerToken(oracle.PerToken)} with the true topics (the oracle), {Numbers.PerToken(unigram.PerToken)} without topics (the unigram)");
    }

    static void WriteJson(GenerateJob job, LdaGenerator generator, LdaDraw draw, int scored, TokenScore oracle, TokenScore unigram, Utf8JsonWriter json)
    {
        LdaGeneratorOptions options = job.Options;
        json.WriteString("kind", TopicModelFile.Kind);
        json.WriteString("corpus", job.Path);
        if (job.TruthPath is not null) json.WriteString("truth_file", job.TruthPath);
        if (job.HeldOutPath is not null) json.WriteString("held_out_file", job.HeldOutPath);
        json.WriteNumber("seed", options.Seed);
        json.WriteNumber("topics", options.Topics);
        json.WriteNumber("terms", options.Terms);
        json.WriteNumber("length", options.Length);
        json.WriteNumber("alpha", generator.Alpha);
        json.WriteNumber("eta", generator.Eta);
        json.WriteNumber("documents", draw.Documents);
        json.WriteNumber("tokens", draw.TokenCount);
        json.WriteNumber("entries", draw.EntryCount);
        json.WriteNumber("held_out_documents", job.HeldOutDocuments);
        json.WriteNumber("scored_documents", scored);
        json.WriteNumber("scored_tokens", oracle.Tokens);
        json.WriteFinite("oracle_nats_per_token", oracle.PerToken);
        json.WriteFinite("unigram_nats_per_token", unigram.PerToken);
    }

    sealed record GenerateJob
    {
        public required LdaGeneratorOptions Options { get; init; }

        public required string Path { get; init; }

        public string? TruthPath { get; init; }

        public string? HeldOutPath { get; init; }

        public required int Documents { get; init; }

        public required int HeldOutDocuments { get; init; }
    }
}
