using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Text;

namespace Elbo.Cli.Inputs;

/// <summary>Reads the input of a fit.</summary>
static class InputReader
{
    public static Corpus Read(InputRequest request, Reporter reporter, CancellationToken cancellationToken)
    {
        Corpus corpus = request.Format.IsText() ? Import(request, reporter, cancellationToken) : ReadCounts(request, reporter);
        reporter.Say($"{request.Path}: {Numbers.Plural(corpus.DocumentCount, "document")}, {Numbers.Plural(corpus.Vocabulary.Count, "term")}, {Numbers.Plural(corpus.TokenCount, "token")}");
        return corpus;
    }

    public static Corpus ReadCounts(InputRequest request, Reporter reporter)
    {
        if (request.Format is InputFormat.LdaC or InputFormat.Uci && request.VocabularyPath is null)
            reporter.Warn($"without --vocab the terms of '{request.Path}' are called by their numbers, from 0.");
        return request.Format switch
        {
            InputFormat.LdaC => LdaCFormat.Read(request.Path, request.VocabularyPath),
            InputFormat.Uci => UciFormat.Read(request.Path, request.VocabularyPath),
            InputFormat.Elboc => CorpusFile.Open(request.Path),
            _ => throw new ArgumentOutOfRangeException(nameof(request), request.Format, "This is no format of counts."),
        };
    }

    static Corpus Import(InputRequest request, Reporter reporter, CancellationToken cancellationToken)
    {
        TextSource source = request.OpenText();
        ImportResult result = reporter.Working($"reading {request.Path}", show =>
            TextCorpus.Build(source, request.Import, new ImportNews(show), cancellationToken));
        foreach (string line in result.Report.ToLines()) reporter.Say($"  {line}");
        return result.Corpus;
    }

    sealed class ImportNews(Action<string> show) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => show(value.Writing
            ? $"counting terms of {Numbers.Plural(value.Documents, "document")}"
            : $"reading: {Numbers.Plural(value.Documents, "document")}, {Numbers.Plural(value.Tokens, "token")}");
    }
}
