using System.CommandLine;
using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Topics;
using Elbo.Topics.Quality;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo topics MODEL</c>, and <c>elbo topics MODEL INPUT --quality</c></summary>
static class TopicsCommand
{
    static readonly int UsualTerms = new CoherenceOptions().Terms;

    public static Command Create(CliHost host)
    {
        Argument<string> model = CommonOptions.Model();
        Option<bool> quality = OptionOf.Flag("--quality", "Also say how good the topics are: how exclusive their terms, over how many words they are spread, which other topic is nearest; with an INPUT, "
            + "such as the training documents, how coherent they are there.");
        Option<int> terms = OptionOf.Integer("--terms", "n", "How many terms of each topic are shown, and looked at for --quality.", 1, UsualTerms, "-n");
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        var command = new Verb("topics", "Show the topics of a model with their most probable terms.")
        {
            Examples = ["elbo topics model.elbo", "elbo topics model.elbo -n 20 --json", "elbo topics model.elbo texts/ --quality"],
        };
        command.Add(model);
        var input = new InputOptions(command, required: false);
        foreach (Option option in (ReadOnlySpan<Option>)[quality, terms, threads, json]) command.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            var reporter = new Reporter(host, parsed.GetValue(json));
            bool asked = parsed.GetValue(quality);
            InputRequest? request = parsed.GetValue(input.Input) is null ? null : input.Read(parsed);
            if (request is not null && !asked) throw new UsageException("an INPUT is for --quality, which looks at how coherent the topics are in it.");
            if (request is null && input.ReadVocabulary(parsed) is not null) throw new UsageException("--vocab is for an INPUT, and there is none.");
            int count = parsed.GetValue(terms);
            if (asked && count < 2) throw new UsageException("--quality is about pairs of terms: --terms must be 2 or more.");
            TopicModel loaded = TopicModelFile.Load(parsed.GetRequiredValue(model));
            ModelQuality? found = asked ? Look(loaded, request, new CoherenceOptions { Terms = count, Threads = parsed.GetValue(threads) }, reporter, cancellationToken) : null;
            if (reporter.Json)
            {
                JsonOutput.Print(host.Output, writer => TopicsTable.Write(loaded, count, found, writer));
                return Task.FromResult(ExitCode.Success);
            }
            TopicsTable.Write(loaded.Topics, count, found, reporter);
            if (found is not null) TopicsTable.Say(found, reporter);
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    static ModelQuality Look(TopicModel model, InputRequest? request, CoherenceOptions options, Reporter reporter, CancellationToken cancellationToken)
    {
        if (request is null) return ModelQuality.Of(model, null, options);
        using Corpus corpus = reporter.Working($"reading {request.Path}", _ => new ModelInput(model, request, reporter).ReadTokens(cancellationToken));
        ModelQuality quality = reporter.Working("counting terms that occur together", _ => ModelQuality.Of(model, corpus, options));
        long looked = quality.Topics.Count * (long)Math.Min(options.Terms, model.Vocabulary.Count), unseen = quality.Topics.Sum(topic => topic.UnseenTerms!.Value);
        if (unseen == looked) throw new InvalidDataException($"None of the topics' terms occurs in '{request.Path}', so there is no coherence to measure. Give documents on the model's subjects, or for counts their vocabulary with --vocab.");
        if (unseen > 0) reporter.Warn($"{Numbers.Count(unseen)} of the {Numbers.Count(looked)} terms that were looked at never occur in '{request.Path}'; coherence can say nothing of them.");
        return quality;
    }
}
