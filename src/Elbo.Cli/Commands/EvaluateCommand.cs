using System.CommandLine;
using System.Text.Json;
using Elbo.Cli.Inputs;
using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Topics;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo evaluate MODEL INPUT</c>, or <c>--observed A --held-out B</c>, or <c>INPUT --gap</c> (<see cref="GapEvaluation"/>).</summary>
static class EvaluateCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string> model = CommonOptions.Model();
        Option<string?> observed = OptionOf.Path("--observed", "file", "The observed halves of the documents, as an lda-c file over the model's terms (or those of --vocab).");
        Option<string?> heldOut = OptionOf.Path("--held-out", "file", "The other halves, which are scored; line by line the same documents.");
        Option<ulong> seed = CommonOptions.Seed();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        var command = new Verb("evaluate", "Score a model on held-out documents by document completion: half of each tells its topics, the other half is scored. Or measure the gap between evidence and ELBO.")
        {
            Examples =
            [
                "elbo evaluate model.elbo held-out.jsonl",
                "elbo evaluate model.elbo --observed observed.ldac --held-out held-out.ldac",
                "elbo evaluate model.elbo texts/ --gap --max-documents 100 -o gap.csv",
            ],
        };
        command.Add(model);
        var input = new InputOptions(command, required: false);
        foreach (Option option in (ReadOnlySpan<Option>)[observed, heldOut, seed, threads, json]) command.Add(option);
        var gap = new GapEvaluation(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            var reporter = new Reporter(host, parsed.GetValue(json));
            bool measuresGap = gap.IsAsked(parsed), halves = parsed.GetValue(observed) is not null || parsed.GetValue(heldOut) is not null;
            if (halves == parsed.GetValue(input.Input) is not null)
                throw new UsageException("give either an INPUT, to be halved by the seed, or the two halves: --observed A --held-out B.");
            if (halves && measuresGap) throw new UsageException("--gap measures whole documents: give an INPUT instead of halves.");
            if (halves && parsed.GetResult(seed) is { Implicit: false }) throw new UsageException("--seed halves the documents of an INPUT; given halves need none.");
            string modelPath = parsed.GetRequiredValue(model);
            int workers = parsed.GetValue(threads);
            if (measuresGap)
            {
                gap.Run(parsed, modelPath, input.Read(parsed), parsed.GetValue(seed), workers, reporter, cancellationToken);
                return Task.FromResult(ExitCode.Success);
            }
            TopicModel loaded = TopicModelFile.Load(modelPath);
            ulong? split = halves ? null : parsed.GetValue(seed);
            CompletionScore score = halves
                ? ScoreHalves(loaded, parsed.GetValue(observed), parsed.GetValue(heldOut), input.ReadVocabulary(parsed), workers)
                : ScoreWhole(loaded, new ModelInput(loaded, input.Read(parsed), reporter), split!.Value, workers, cancellationToken);
            if (score.All.Tokens == 0) throw new InvalidDataException("There is nothing to score: no document has two halves of words that the model knows.");
            if (reporter.Json) JsonOutput.Print(reporter.Output, writer => Write(score, split, writer));
            else Say(score, split, reporter);
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    static CompletionScore ScoreHalves(TopicModel model, string? observed, string? heldOut, string? vocabulary, int threads)
    {
        if (observed is null || heldOut is null) throw new UsageException("--observed and --held-out are given together.");
        using Corpus first = ReadHalf(observed), second = ReadHalf(heldOut);
        return DocumentCompletion.Score(model, first, second, threads);

        // Without a vocabulary of their own the ids are the model's.
        Corpus ReadHalf(string path) => vocabulary is not null ? LdaCFormat.Read(path, vocabulary) : InModelTerms(LdaCFormat.Read(path, null), model, path);
    }

    static Corpus InModelTerms(Corpus corpus, TopicModel model, string path)
    {
        if (corpus.Vocabulary.Count > model.Vocabulary.Count)
            throw new InvalidDataException($"'{path}' has the term id {corpus.Vocabulary.Count - 1}, but the model has {model.Vocabulary.Count} terms (ids 0 to {model.Vocabulary.Count - 1}). Give the vocabulary of the file with --vocab.");
        var builder = new CorpusBuilder(model.Vocabulary);
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            int[] terms = corpus.Terms(document).ToArray(), counts = corpus.Counts(document).ToArray();
            builder.Add(terms.Zip(counts));
        }
        return builder.Build();
    }

    static CompletionScore ScoreWhole(TopicModel model, ModelInput input, ulong seed, int threads, CancellationToken cancellationToken)
    {
        // One batch: which half a token falls into depends on the number of its document.
        InputBatch batch = input.Read(int.MaxValue, null, cancellationToken).Single();
        using Corpus corpus = batch.Corpus;
        CompletionScore score = model.Evaluate(corpus, seed, threads);
        return score with { UnknownTokens = score.UnknownTokens + (batch.Unknown?.Sum() ?? 0) };
    }

    static void Say(CompletionScore score, ulong? seed, Reporter reporter)
    {
        if (seed is { } split) reporter.Say($"seed {split}");
        reporter.Say("held-out score by document completion");
        Line("all tokens", score.All);
        Line("tokens of terms seen in training", score.Seen);
        reporter.Say($"  {Numbers.Plural(score.Documents, "document")} scored, {Numbers.Count(score.SkippedDocuments)} skipped because a half is empty; "
            + $"{Numbers.Plural(score.UnknownTokens, "token")} unknown to the model, left out");

        void Line(string name, TokenScore tokens) => reporter.Say(
            $"  {name}: {Numbers.PerToken(tokens.PerToken)} nats per token, perplexity {Numbers.Nats(tokens.Perplexity)} ({Numbers.Plural(tokens.Tokens, "token")})");
    }

    static void Write(CompletionScore score, ulong? seed, Utf8JsonWriter json)
    {
        if (seed is { } split) json.WriteNumber("seed", split);
        Tokens("all", score.All);
        Tokens("seen", score.Seen);
        json.WriteNumber("documents", score.Documents);
        json.WriteNumber("skipped_documents", score.SkippedDocuments);
        json.WriteNumber("unknown_tokens", score.UnknownTokens);

        void Tokens(string name, TokenScore tokens)
        {
            json.WriteStartObject(name);
            json.WriteFinite("log_likelihood", tokens.LogLikelihood);
            json.WriteNumber("tokens", tokens.Tokens);
            json.WriteFinite("nats_per_token", tokens.PerToken);
            json.WriteFinite("perplexity", tokens.Perplexity);
            json.WriteEndObject();
        }
    }
}
