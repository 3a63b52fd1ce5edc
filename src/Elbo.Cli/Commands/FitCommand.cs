using System.CommandLine;
using System.Globalization;
using Elbo.Cli.Inputs;
using Elbo.Cli.Terminal;
using Elbo.Topics;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo fit lda INPUT</c>, and <c>elbo fit --resume CHECKPOINT</c>.</summary>
static class FitCommand
{
    const int UsualCheckpointEvery = 10;

    public static Command Create(CliHost host)
    {
        Option<string?> resume = OptionOf.Path("--resume", "checkpoint", "Go on from a checkpoint; input and options come from it.");
        Option<string?> output = OptionOf.Path("--output", "file", "Where to write the model, instead of where the checkpoint says.", "-o");
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new Verb("fit", "Fit a model to data, or go on with a fit that was stopped.")
        {
            Examples = ["elbo fit lda texts/ -k 50 -o model.elbo", "elbo fit --resume fit.checkpoint"],
        };
        command.Add(Lda(host));
        foreach (Command model in TableFitCommands.Create(host)) command.Add(model);
        foreach (Option option in (ReadOnlySpan<Option>)[resume, output, threads, json, quiet]) command.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            string checkpoint = parsed.GetValue(resume)
                ?? throw new UsageException("say what to fit (elbo fit lda INPUT -o model.elbo) or what to go on with (elbo fit --resume CHECKPOINT).");
            FitJob job = FitJob.FromCheckpoint(checkpoint);
            job = job with { Options = job.Options with { Threads = parsed.GetValue(threads) }, ModelPath = parsed.GetValue(output) ?? job.ModelPath };
            return new FitRun(job, new Reporter(host, parsed.GetValue(json), parsed.GetValue(quiet))).RunAsync(cancellationToken);
        });
        return command;
    }

    static Verb Lda(CliHost host)
    {
        var command = new Verb("lda", "Fit topics to documents: latent Dirichlet allocation by variational EM.")
        {
            Examples =
            [
                "elbo fit lda texts/ -k 50 -o model.elbo",
                "elbo fit lda reviews.csv --text-column body --n-grams 2 -k 30 -o reviews.elbo --documents topics.parquet",
                "elbo fit lda docs.ldac --vocab vocab.txt -k 20 --update-alpha asymmetric --restarts 5 --short-iterations 10 -o model.elbo",
                "elbo fit lda news.jsonl.gz -k 100 --e-step mean-field -o news.elbo --checkpoint news.checkpoint",
                "elbo fit lda news.elboc -k 200 --e-step online-map --max-iterations 1 -o news.elbo",
                "elbo fit lda notes/ -k 10 --guide 0:price,market --guide 1:health -o notes.elbo",
            ],
        };
        var input = new InputOptions(command);
        Option<string> output = new("--output", "-o") { Description = "Where to write the model.", HelpName = "file", Required = true };
        command.Add(output);
        var options = new LdaFitOptions(command);
        Option<string?> documents = OptionOf.Path("--documents", "file", $"Also write the topics of every document: a file whose name ends in {Outputs.RowWriter.Extensions}.");
        Option<string?> checkpoint = OptionOf.Path("--checkpoint", "file", "Keep a file from which 'elbo fit --resume' goes on, to the same bits.");
        Option<int> every = OptionOf.Integer("--checkpoint-every", "n", "How many passes between two checkpoints.", 1, UsualCheckpointEvery);
        foreach (Option option in (ReadOnlySpan<Option>)[documents, checkpoint, every]) command.Add(option);
        var import = new TextImportOptions(command);
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        command.Add(json);
        command.Add(quiet);
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetResult(every) is { Implicit: false } && parsed.GetValue(checkpoint) is null)
                throw new UsageException("--checkpoint-every needs a --checkpoint file.");
            var job = new FitJob
            {
                Input = input.Read(parsed, import),
                Options = options.Read(parsed),
                ModelPath = parsed.GetRequiredValue(output),
                DocumentsPath = parsed.GetValue(documents),
                CheckpointPath = parsed.GetValue(checkpoint),
                CheckpointEvery = parsed.GetValue(every),
            };
            return new FitRun(job, new Reporter(host, parsed.GetValue(json), parsed.GetValue(quiet))).RunAsync(cancellationToken);
        });
        return command;
    }
}

/// <summary>A fit that was asked for.</summary>
sealed record FitJob
{
    const string ModelKey = "output.model", DocumentsKey = "output.documents", EveryKey = "checkpoint_every";

    public required InputRequest Input { get; init; }

    public required LdaOptions Options { get; init; }

    public required string ModelPath { get; init; }

    public string? DocumentsPath { get; init; }

    public string? CheckpointPath { get; init; }

    public int CheckpointEvery { get; init; } = 1;

    /// <summary>Where to go on from; null begins.</summary>
    public LdaCheckpoint? From { get; init; }

    /// <summary>What a checkpoint keeps besides the state of the fit.</summary>
    public Dictionary<string, string> ToProperties()
    {
        Dictionary<string, string> properties = Input.ToProperties();
        properties[ModelKey] = Path.GetFullPath(ModelPath);
        if (DocumentsPath is not null) properties[DocumentsKey] = Path.GetFullPath(DocumentsPath);
        properties[EveryKey] = CheckpointEvery.ToString(CultureInfo.InvariantCulture);
        return properties;
    }

    /// <summary>The fit that wrote a checkpoint, from there on; it goes on writing the same checkpoint.</summary>
    public static FitJob FromCheckpoint(string path)
    {
        (LdaCheckpoint checkpoint, IReadOnlyDictionary<string, string> properties) = LdaCheckpointFile.Load(path);
        var input = InputRequest.FromProperties(properties);
        if (!properties.TryGetValue(ModelKey, out string? model)
            || !int.TryParse(properties.GetValueOrDefault(EveryKey), NumberStyles.None, CultureInfo.InvariantCulture, out int every) || every < 1)
            throw new InvalidDataException($"'{path}' does not say where the model goes: it was not written by 'elbo fit'.");
        return new FitJob
        {
            Input = input,
            Options = checkpoint.Options,
            ModelPath = model,
            DocumentsPath = properties.GetValueOrDefault(DocumentsKey),
            CheckpointPath = path,
            CheckpointEvery = every,
            From = checkpoint,
        };
    }
}
