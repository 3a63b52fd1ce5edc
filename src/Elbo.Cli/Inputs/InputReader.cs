using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Text;

namespace Elbo.Cli.Inputs;

/// <summary>Reads the input of a fit.</summary>
static class InputReader
{
    public static Corpus Read(InputRequest request, Reporter reporter, CancellationToken cancellationToken)
    {
        Corpus corpus;
        if (request.Format.IsText())
        {
            ImportResult result = reporter.Working($"reading {request.Path}", show => TextCorpus.Build(request.OpenText(), request.Import, new ImportNews(show), cancellationToken));
            SayReport(result.Report, reporter);
            corpus = result.Corpus;
        }
        else
        {
            corpus = ReadCounts(request, reporter);
        }
        return Said(corpus, request.Path, reporter);
    }

    /// <summary>Text straight to a corpus file, without ever being in memory together; the corpus is the file, opened.</summary>
    public static Corpus ReadInto(string path, InputRequest request, Reporter reporter, CancellationToken cancellationToken)
    {
        SayReport(reporter.Working($"reading {request.Path}", show => TextCorpus.Write(request.OpenText(), path, request.Import, new ImportNews(show), cancellationToken)), reporter);
        return Said(CorpusFile.Open(path), request.Path, reporter);
    }

    static void SayReport(ImportReport report, Reporter reporter)
    {
        foreach (string line in report.ToLines()) reporter.Say($"  {line}");
    }

    static Corpus Said(Corpus corpus, string path, Reporter reporter)
    {
        reporter.Say($"{path}: {Numbers.Plural(corpus.DocumentCount, "document")}, {Numbers.Plural(corpus.Vocabulary.Count, "term")}, {Numbers.Plural(corpus.TokenCount, "token")}");
        return corpus;
    }

    public static Corpus ReadCounts(InputRequest request, Reporter reporter)
    {
        Corpus corpus = request.Format switch
        {
            InputFormat.LdaC => LdaCFormat.Read(request.Path, request.VocabularyPath),
            InputFormat.Uci => UciFormat.Read(request.Path, request.VocabularyPath),
            InputFormat.Elboc => CorpusFile.Open(request.Path),
            _ => throw new ArgumentOutOfRangeException(nameof(request), request.Format, "This is no format of counts."),
        };
        if (request.Format is InputFormat.LdaC or InputFormat.Uci && request.VocabularyPath is null)
            reporter.Warn($"without --vocab the terms of '{request.Path}' are called by their numbers, from 0.");
        return corpus;
    }

    sealed class ImportNews(Action<string> show) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => show(value.Writing
            ? $"counting terms of {Numbers.Plural(value.Documents, "document")}"
            : $"reading: {Numbers.Plural(value.Documents, "document")}, {Numbers.Plural(value.Tokens, "token")}");
    }
}
