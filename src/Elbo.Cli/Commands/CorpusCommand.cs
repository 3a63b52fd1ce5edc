using System.CommandLine;
using Elbo.Cli.Inputs;
using Elbo.Cli.Outputs;
using Elbo.Cli.Terminal;
using Elbo.Corpora;

namespace Elbo.Cli.Commands;

/// <summary><c>elbo corpus INPUT -o OUT</c></summary>
static class CorpusCommand
{
    static readonly (string Name, InputFormat? Format)[] Formats = [("auto", null), ("lda-c", InputFormat.LdaC), ("uci", InputFormat.Uci), ("elboc", InputFormat.Elboc)];

    public static Command Create(CliHost host)
    {
        Option<string> output = new("--output", "-o") { Description = "What to write: .ldac or .dat (lda-c), docword*.txt (UCI), .elboc (corpus file); the first two also .gz.", HelpName = "file", Required = true };
        var to = new Choice<InputFormat?>("--to", "The format to write; auto tells by the name.", null, Formats);
        Option<string?> vocabulary = OptionOf.Path("--vocab-output", "file", "Where to write the vocabulary of lda-c and UCI counts; by default beside them.");
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new Verb("corpus", "Make a corpus of texts or counts, and write it as lda-c, UCI or a corpus file.")
        {
            Examples = ["elbo corpus texts/ -o texts.elboc", "elbo corpus reviews.csv --text-column body --max-df 20% -o reviews.ldac", "elbo corpus docs.ldac --vocab vocab.txt -o docword.news.txt.gz"],
        };
        var input = new InputOptions(command);
        foreach (Option option in (ReadOnlySpan<Option>)[output, to.Option, vocabulary]) command.Add(option);
        var import = new TextImportOptions(command);
        command.Add(json);
        command.Add(quiet);
        command.SetAction((parsed, cancellationToken) =>
        {
            var reporter = new Reporter(host, parsed.GetValue(json), parsed.GetValue(quiet));
            string path = parsed.GetRequiredValue(output);
            InputFormat format = to.Read(parsed) ?? InputFormats.OfName(path) ?? InputFormat.Auto;
            if (format is not (InputFormat.LdaC or InputFormat.Uci or InputFormat.Elboc))
                throw new UsageException($"'{path}' does not tell what to write. Name it .ldac, docword*.txt or .elboc, or say --to lda-c, uci or elboc.");
            if (format == InputFormat.Elboc && parsed.GetValue(vocabulary) is not null) throw new UsageException("--vocab-output is for lda-c and UCI counts; a corpus file holds its vocabulary.");
            string? terms = format == InputFormat.Elboc ? null : parsed.GetValue(vocabulary) ?? VocabularyBeside(path);
            InputRequest request = input.Read(parsed, import);
            OutputPath.Check(request.VocabularyPath is null ? [request.Path] : [request.Path, request.VocabularyPath], path, terms);
            bool straight = format == InputFormat.Elboc && request.Format.IsText();
            using Corpus corpus = straight ? InputReader.ReadInto(path, request, reporter, cancellationToken) : InputReader.Read(request, reporter, cancellationToken);
            if (!straight) Write(corpus, format, path, terms, reporter);
            reporter.Say($"corpus: {path}{(terms is null ? "" : $", vocabulary: {terms}")}");
            if (reporter.Json) Print(corpus, path, terms, reporter);
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    static void Write(Corpus corpus, InputFormat format, string path, string? terms, Reporter reporter)
    {
        if (format != InputFormat.Elboc && corpus.HasTokens)
            reporter.Say("counts keep no order of tokens, ids, labels and text settings; a corpus file (.elboc) does");
        switch (format)
        {
            case InputFormat.LdaC: LdaCFormat.Write(corpus, path, terms!); break;
            case InputFormat.Uci: UciFormat.Write(corpus, path, terms!); break;
            default: CorpusFile.Write(corpus, path); break;
        }
    }

    static void Print(Corpus corpus, string path, string? terms, Reporter reporter) => JsonOutput.Print(reporter.Output, json =>
    {
        json.WriteString("corpus", path);
        if (terms is not null) json.WriteString("vocabulary", terms);
        json.WriteNumber("documents", corpus.DocumentCount);
        json.WriteNumber("terms", corpus.Vocabulary.Count);
        json.WriteNumber("tokens", corpus.TokenCount);
        json.WriteString("checksum", corpus.Checksum);
        json.WriteStrings("properties", corpus.Properties);
    });

    /// <summary>docword.news.txt has vocab.news.txt, as UCI names them; docs.ldac has docs.vocab.txt.</summary>
    static string VocabularyBeside(string path)
    {
        string folder = Path.GetDirectoryName(path) ?? "", name = Path.GetFileName(path);
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) name = name[..^3];
        name = name.StartsWith("docword", StringComparison.OrdinalIgnoreCase) ? "vocab" + name["docword".Length..] : Path.GetFileNameWithoutExtension(name) + ".vocab.txt";
        return Path.Combine(folder, name);
    }
}
