using CsCheck;
using Elbo.Corpora;
using Elbo.Text;

namespace Elbo.Tests;

public sealed class TextCorpusTests
{
    /// <summary>Keeps every term, so that a test shows the one filter it is about.</summary>
    static readonly ImportOptions All = new()
    {
        MinimumDocumentFrequency = DocumentFrequency.Count(1),
        MaximumDocumentFrequency = DocumentFrequency.Share(1),
    };

    static ImportResult Build(string[] texts, ImportOptions options) =>
        TextCorpus.Build(TextSource.FromTexts(texts), options, cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public void Documents_keep_tokens_places_ids_labels_and_sources()
    {
        TextSource source = TextSource.FromDocuments([new("The cat, the dog's cat.", "a", "pets", "x.csv:row 1"), new(null, "b"), new("", "c"), new("Zebra cat", "d")]);
        (Corpus corpus, ImportReport report) = TextCorpus.Build(source, All, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["cat", "dog", "zebra"], corpus.Vocabulary);
        Assert.Equal(4, corpus.DocumentCount);
        Assert.Equal([0, 1, 0], corpus.Tokens(0).ToArray());
        Assert.Equal([4, 13, 19], corpus.TokenStarts(0).ToArray());
        Assert.Equal([3, 3, 3], corpus.TokenLengths(0).ToArray());
        Assert.Equal(["a", "b", "c", "d"], Enumerable.Range(0, 4).Select(corpus.Id));
        Assert.Equal("pets", corpus.Label(0));
        Assert.Equal("x.csv:row 1", corpus.Source(0));
        Assert.True(corpus.Tokens(1).IsEmpty);
        Assert.Equal((4, 4, 2, 1), (report.DocumentsRead, report.DocumentsKept, report.DocumentsEmpty, report.DocumentsWithoutText));
    }

    [Fact]
    public void Rare_and_frequent_terms_are_dropped_and_counted()
    {
        string[] texts = ["alpha beta common", "alpha common gamma gamma", "beta common", "common delta"];
        (Corpus corpus, ImportReport report) = Build(texts, All with
        {
            MinimumDocumentFrequency = DocumentFrequency.Count(2),
            MaximumDocumentFrequency = DocumentFrequency.Share(0.5),
        });
        Assert.Equal(["alpha", "beta"], corpus.Vocabulary);
        Assert.Equal((11, 4, 3, 4), (report.TokensRead, report.TokensKept, report.TokensRare, report.TokensFrequent));
        Assert.Equal((5, 2, 2, 1), (report.TermsRead, report.TermsKept, report.TermsRare, report.TermsFrequent));
        Assert.Equal(1, report.DocumentsEmpty);
        Assert.Equal(4, corpus.DocumentCount);
    }

    [Fact]
    public void The_limit_keeps_the_terms_of_most_documents_and_then_the_first()
    {
        (Corpus corpus, ImportReport report) = Build(["delta beta alpha", "delta gamma beta beta"], All with { MaximumTerms = 3 });
        Assert.Equal(["alpha", "beta", "delta"], corpus.Vocabulary);
        Assert.Equal((1, 1), (report.TermsBeyondLimit, report.TokensBeyondLimit));
    }

    [Fact]
    public void Short_documents_are_left_out_when_asked_for()
    {
        (Corpus corpus, ImportReport report) = Build(["alpha beta gamma", "alpha delta", "alpha beta"], All with { MinimumDocumentTokens = 3 });
        Assert.Equal(1, corpus.DocumentCount);
        Assert.Equal(["alpha", "beta", "gamma"], corpus.Vocabulary);
        Assert.Equal((2, 4, 1), (report.DocumentsTooShort, report.TokensInShortDocuments, report.TermsInShortDocuments));
    }

    [Fact]
    public void Properties_hold_the_report_and_the_settings_that_give_the_same_tokens()
    {
        var text = new TextOptions { Stemming = true, ExtraStopWords = ["gamma"], MaximumNGram = 2 };
        (Corpus corpus, ImportReport report) = Build(["Running streams of gamma", "streams run"], All with { Text = text });
        Assert.Equal("2", corpus.Properties["import.documents_read"]);
        Assert.Equal(report.ToProperties(), corpus.Properties.Where(p => p.Key.StartsWith("import.", StringComparison.Ordinal)).OrderBy(p => p.Key, StringComparer.Ordinal));

        var analyzer = new TextAnalyzer(TextOptions.FromProperties(corpus.Properties));
        TextCounts counts = analyzer.Count("Running streams of gamma", corpus.Vocabulary);
        Assert.Equal(0, counts.Unknown);
        Assert.Equal(corpus.Terms(0).ToArray(), counts.Counts.Select(c => c.Term));
        Assert.Equal(corpus.Counts(0).ToArray(), counts.Counts.Select(c => c.Count));
    }

    static readonly string[] Words =
        ["the", "of", "a", "x", "7", "1984", "don't", "cat", "dog's", "stream", "streams", "byte", "socket", "zebra", ".", "\n\n", new string('w', 300)];

    static readonly Gen<string[]> AnyTexts =
        Gen.Int[0, Words.Length - 1].Select(i => Words[i]).Array[0, 12].Select(words => string.Join(' ', words)).Array[1, 12];

    [Fact]
    public void What_was_read_is_kept_or_dropped_by_one_cause() => Gen.Select(AnyTexts, Gen.Int[1, 3], Gen.Int[1, 3], Gen.Double[0.2, 1], Gen.Int[0, 4], Gen.Int[1, 8]).Sample((texts, nGram, least, most, tokens, limit) =>
    {
        var options = new ImportOptions
        {
            Text = new TextOptions { MaximumNGram = nGram },
            MinimumDocumentFrequency = DocumentFrequency.Count(least),
            MaximumDocumentFrequency = DocumentFrequency.Share(most),
            MaximumTerms = limit,
            MinimumDocumentTokens = tokens,
        };
        ImportResult result, again;
        try
        {
            result = TextCorpus.Build(TextSource.FromTexts(texts), options);
            again = TextCorpus.Build(TextSource.FromTexts(texts), options);
        }
        catch (InvalidDataException error)
        {
            Assert.StartsWith("Nothing is left of", error.Message, StringComparison.Ordinal);
            return;
        }
        ImportReport r = result.Report;
        Corpus corpus = result.Corpus;
        Assert.Equal(r.TokensRead + r.NGramsFormed, r.TokensKept + r.TokensStopWords + r.TokensTooShort + r.TokensTooLong + r.TokensNumbers
            + r.TokensRare + r.TokensFrequent + r.TokensBeyondLimit + r.TokensInShortDocuments);
        Assert.Equal(r.TermsRead, r.TermsKept + r.TermsRare + r.TermsFrequent + r.TermsBeyondLimit + r.TermsInShortDocuments);
        Assert.Equal(r.DocumentsRead, r.DocumentsKept + r.DocumentsTooShort);
        Assert.Equal((texts.Length, corpus.DocumentCount, corpus.TokenCount, corpus.Vocabulary.Count), (r.DocumentsRead, r.DocumentsKept, r.TokensKept, (int)r.TermsKept));
        Assert.Equal(r.DocumentsEmpty, Enumerable.Range(0, corpus.DocumentCount).Count(d => corpus.Tokens(d).IsEmpty));
        Assert.Equal(r.TermsKept, Enumerable.Range(0, corpus.DocumentCount).SelectMany(d => corpus.Terms(d).ToArray()).Distinct().Count());

        Assert.Equal(r, again.Report);
        Assert.Equal(corpus.Vocabulary, again.Corpus.Vocabulary);
        for (int d = 0; d < corpus.DocumentCount; d++)
        {
            Assert.Equal(corpus.Tokens(d), again.Corpus.Tokens(d));
            Assert.Equal(corpus.TokenStarts(d), again.Corpus.TokenStarts(d));
        }
    }, iter: 400);

    [Fact]
    public void The_report_reads_in_three_lines()
    {
        ImportReport report = Build(["The 1984 alpha beta", "alpha beta", "", "alpha"], All with { MaximumTerms = 1 }).Report;
        Assert.Equal(
            [
                "documents: 4 of 4 (1 empty)",
                "tokens: 3 of 7; dropped: 1 stop words, 1 numbers, 2 beyond the vocabulary limit",
                "terms: 1 of 2; dropped: 1 beyond the vocabulary limit",
            ],
            report.ToLines());
    }

    [Theory]
    [InlineData("the of and", "of 6 tokens 6 are stop words. Change that first: check the language, or keep stop words.")]
    [InlineData("1 2 3", "of 6 tokens 6 have no letter. Change that first: keep numbers.")]
    [InlineData("b c d", "of 6 tokens 6 are shorter than 2 characters. Change that first: lower the minimum token length.")]
    [InlineData("alpha beta", "of 4 tokens 4 are of terms in more than 50% of the documents. Change that first: raise the maximum document frequency.")]
    [InlineData(" ... ", "they have no words at all. Check that the right files or column were read.")]
    public void When_nothing_is_left_the_message_says_why(string text, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Build([text, text], new ImportOptions()));
        Assert.Contains("Nothing is left of the 2 documents in the given texts", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rare_terms_and_short_documents_are_named_too()
    {
        Assert.Contains("lower the minimum document frequency", Error(["alpha", "beta"], new()), StringComparison.Ordinal);
        Assert.Contains("lower the minimum of tokens per document", Error(["alpha", "alpha beta"], All with { MinimumDocumentTokens = 5 }), StringComparison.Ordinal);
        Assert.Contains("There are no documents in the given texts", Error([], All), StringComparison.Ordinal);

        static string Error(string[] texts, ImportOptions options) => Assert.Throws<InvalidDataException>(() => Build(texts, options)).Message;
    }

    [Fact]
    public void Options_without_sense_are_named()
    {
        Assert.Contains("MaximumTerms is 0", Assert.Throws<ArgumentException>(() => Build(["a"], All with { MaximumTerms = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("MinimumDocumentTokens is -1", Assert.Throws<ArgumentException>(() => Build(["a"], All with { MinimumDocumentTokens = -1 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_spool_is_gone_however_an_import_ends()
    {
        using var folder = new TemporaryFolder();
        Run(["alpha beta"], CancellationToken.None);
        Assert.Throws<InvalidDataException>(() => Run(["the"], CancellationToken.None));
        using var cancelled = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Run(Cancelling(), cancelled.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Root));

        void Run(IEnumerable<string> texts, CancellationToken token) =>
            new CorpusImport(TextSource.FromTexts(texts), All, null, token).Run(folder.Root, vocabulary => new MemorySink(vocabulary));

        IEnumerable<string> Cancelling()
        {
            yield return "alpha";
            cancelled.Cancel();
            yield return "beta";
        }
    }

    [Fact]
    public void A_corpus_file_holds_what_memory_would()
    {
        using var folder = new TemporaryFolder();
        TextSource source = TextSource.FromDocuments([new("Cats and streams of cats", "a", "x", "a.txt"), new(null, "b", "y", "b.txt")]);
        CancellationToken token = TestContext.Current.CancellationToken;
        (Corpus memory, ImportReport report) = TextCorpus.Build(source, All, cancellationToken: token);
        Assert.Equal(report, TextCorpus.Write(source, folder.Path("c.elboc"), All, cancellationToken: token));

        using Corpus file = CorpusFile.Open(folder.Path("c.elboc"));
        Assert.Equal(memory.Vocabulary, file.Vocabulary);
        Assert.Equal(memory.Properties.OrderBy(p => p.Key, StringComparer.Ordinal), file.Properties.OrderBy(p => p.Key, StringComparer.Ordinal));
        for (int d = 0; d < memory.DocumentCount; d++)
        {
            Assert.Equal(memory.Tokens(d), file.Tokens(d));
            Assert.Equal(memory.TokenStarts(d), file.TokenStarts(d));
            Assert.Equal((memory.Id(d), memory.Label(d), memory.Source(d)), (file.Id(d), file.Label(d), file.Source(d)));
        }

        Assert.Throws<InvalidDataException>(() => TextCorpus.Write(TextSource.FromTexts(["the"]), folder.Path("none.elboc"), All, cancellationToken: token));
        Assert.Equal(["c.elboc"], Directory.EnumerateFileSystemEntries(folder.Root).Select(Path.GetFileName));
    }

    [Fact]
    public void Progress_is_told()
    {
        var seen = new List<ImportProgress>();
        TextCorpus.Build(TextSource.FromTexts(Enumerable.Repeat("alpha beta", 600)), All, new Listener(seen), TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                new(false, 256, null, 512), new(false, 512, null, 1024), new(false, 600, null, 1200),
                new(true, 256, 600, 1200), new(true, 512, 600, 1200), new(true, 600, 600, 1200),
            ],
            seen);
    }

    sealed class Listener(List<ImportProgress> seen) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => seen.Add(value);
    }
}
