using System.CommandLine;
using Elbo.Cli.Inputs;
using Elbo.Cli.Terminal;
using Elbo.Topics;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo fit lda INPUT</c>, and <c>elbo fit --resume CHECKPOINT</c>.</summary>
static class FitCommand
{
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
        foreach (Option option in (ReadOnlySpan<Option>)[resume, output, threads]) command.Add(option);
        var cluster = new ClusterFitOptions(command);
        command.Add(json);
        command.Add(quiet);
        command.SetAction((parsed, cancellationToken) =>
        {
            string checkpoint = parsed.GetValue(resume)
                ?? throw new UsageException("say what to fit (elbo fit lda INPUT -o model.elbo) or what to go on with (elbo fit --resume CHECKPOINT).");
            var reporter = new Reporter(host, parsed.GetValue(json), parsed.GetValue(quiet));
            int count = parsed.GetValue(threads);
            if (FileKind.IsOfTable(checkpoint))
            {
                var job = TableFitJob.FromCheckpoint(checkpoint);
                return new TableFitRun(job with { Options = job.Options with { Threads = count }, Target = At(job.Target), Cluster = cluster.Read(parsed) }, reporter).RunAsync(cancellationToken);
            }
            var topics = FitJob.FromCheckpoint(checkpoint);
            return new FitRun(topics with { Options = topics.Options with { Threads = count }, Target = At(topics.Target), Cluster = cluster.Read(parsed) }, reporter).RunAsync(cancellationToken);

            FitTarget At(FitTarget target) => parsed.GetValue(output) is { } path ? target with { ModelPath = path } : target;
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
                "elbo fit lda news.elboc -k 100 --document-start cold -o news.elbo --cluster redis://10.0.0.1:6379",
                "elbo fit lda notes/ -k 10 --guide 0:price,market --guide 1:health -o notes.elbo",
            ],
        };
        var input = new InputOptions(command);
        var target = new FitTargetOptions("passes");
        command.Add(target.Output);
        var options = new LdaFitOptions(command);
        Option<string?> documents = OptionOf.Path("--documents", "file", $"Also write the topics of every document: a file whose name ends in {Outputs.RowWriter.Extensions}.");
        foreach (Option option in (ReadOnlySpan<Option>)[documents, .. target.Checkpoints]) command.Add(option);
        var cluster = new ClusterFitOptions(command);
        var import = new TextImportOptions(command);
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        command.Add(json);
        command.Add(quiet);
        command.SetAction((parsed, cancellationToken) =>
        {
            var job = new FitJob
            {
                Input = input.Read(parsed, import),
                Options = options.Read(parsed),
                Target = target.Read(parsed),
                DocumentsPath = parsed.GetValue(documents),
                Cluster = cluster.Read(parsed),
            };
            return new FitRun(job, new Reporter(host, parsed.GetValue(json), parsed.GetValue(quiet))).RunAsync(cancellationToken);
        });
        return command;
    }
}

/// <summary>A fit that was asked for.</summary>
sealed record FitJob
{
    const string DocumentsKey = "output.documents";

    public required InputRequest Input { get; init; }

    public required LdaOptions Options { get; init; }

    public required FitTarget Target { get; init; }

    public string? DocumentsPath { get; init; }

    /// <summary>The cluster to fit on; null fits here.</summary>
    public ClusterTarget? Cluster { get; init; }

    /// <summary>Where to go on from; null begins.</summary>
    public LdaCheckpoint? From { get; init; }

    /// <summary>What a checkpoint keeps besides the state of the fit.</summary>
    public Dictionary<string, string> ToProperties()
    {
        Dictionary<string, string> properties = Input.ToProperties();
        Target.Write(properties);
        if (DocumentsPath is not null) properties[DocumentsKey] = Path.GetFullPath(DocumentsPath);
        return properties;
    }

    /// <summary>The fit that wrote a checkpoint, from there on; it goes on writing the same checkpoint.</summary>
    public static FitJob FromCheckpoint(string path)
    {
        (LdaCheckpoint checkpoint, IReadOnlyDictionary<string, string> properties) = LdaCheckpointFile.Load(path);
        return new FitJob
        {
            Input = InputRequest.FromProperties(properties),
            Options = checkpoint.Options,
            Target = FitTarget.FromCheckpoint(path, properties),
            DocumentsPath = properties.GetValueOrDefault(DocumentsKey),
            From = checkpoint,
        };
    }
}
