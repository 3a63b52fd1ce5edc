using Elbo.Corpora;

namespace Elbo.Text;

/// <summary>
/// One import. The first pass reads and analyses every document and spools its tokens while document frequencies are counted; then the vocabulary is chosen;
/// the second pass puts what is left into the sink.
/// </summary>
sealed class CorpusImport(TextSource source, ImportOptions options, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
{
    const int ReportEvery = 256;

    readonly TermTable _terms = new();
    ImportReport _report = new();
    long _analysed;

    public ImportReport Run(string temporaryFolder, Func<Vocabulary, ICorpusSink> createSink)
    {
        options.Validate();
        using var spool = new TokenSpool(temporaryFolder);
        Analyse(spool);
        if (spool.Documents == 0) throw new InvalidDataException($"There are no documents in {source.Name}.");

        TermFate[] fates = _terms.Judge(options, spool.Documents);
        CountTerms(fates);
        bool[] occurs = Survey(spool, fates);
        if (_report.TokensKept == 0) throw new InvalidDataException(NothingLeft());

        (Vocabulary vocabulary, int[] newIds) = Choose(fates, occurs);
        _report = _report with { TermsKept = vocabulary.Count, TermsInShortDocuments = fates.Count(fate => fate == TermFate.Kept) - vocabulary.Count };
        Write(spool, newIds, vocabulary, createSink(vocabulary));
        return _report;
    }

    void Analyse(TokenSpool spool)
    {
        TermStream stream = new TextAnalyzer(options.Text).CreateStream();
        var document = new SpooledDocument();
        long withoutText = 0;
        foreach (TextDocument text in source.Read(cancellationToken))
        {
            document.Clear(text.Id, text.Label, text.Source);
            if (text.Text is null) withoutText++;
            stream.Reset(text.Text ?? "");
            while (stream.MoveNext()) document.Add(_terms.Meet(stream.Term, checked((int)spool.Documents)), stream.Start, stream.Length);
            _analysed += document.Count;
            spool.Add(document);
            if (spool.Documents % ReportEvery == 0) Tick(writing: false, spool.Documents, null);
        }
        Tick(writing: false, spool.Documents, null);
        AnalysisTally tally = stream.Tally;
        _report = new ImportReport
        {
            DocumentsRead = spool.Documents,
            DocumentsWithoutText = withoutText,
            TokensRead = tally.Read,
            NGramsFormed = tally.NGrams,
            TokensStopWords = tally.StopWords,
            TokensTooShort = tally.TooShort,
            TokensTooLong = tally.TooLong,
            TokensNumbers = tally.Numbers,
            TermsRead = _terms.Count,
        };
    }

    void CountTerms(TermFate[] fates) => _report = _report with
    {
        TermsRare = fates.Count(fate => fate == TermFate.Rare),
        TermsFrequent = fates.Count(fate => fate == TermFate.Frequent),
        TermsBeyondLimit = fates.Count(fate => fate == TermFate.BeyondLimit),
    };

    /// <summary>Counts what becomes of the tokens, and tells which terms are left in documents that are long enough.</summary>
    bool[] Survey(TokenSpool spool, TermFate[] fates)
    {
        var occurs = new bool[fates.Length];
        Span<long> tokens = stackalloc long[4];
        long shortDocuments = 0, shortTokens = 0, empty = 0;
        foreach (SpooledDocument document in spool.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (int term in document.Terms) tokens[(int)fates[term]]++;
            int left = Left(document, fates);
            if (left < options.MinimumDocumentTokens)
            {
                shortDocuments++;
                shortTokens += left;
                continue;
            }
            if (left == 0) empty++;
            foreach (int term in document.Terms) occurs[term] |= fates[term] == TermFate.Kept;
        }
        _report = _report with
        {
            DocumentsTooShort = shortDocuments,
            DocumentsKept = spool.Documents - shortDocuments,
            DocumentsEmpty = empty,
            TokensRare = tokens[(int)TermFate.Rare],
            TokensFrequent = tokens[(int)TermFate.Frequent],
            TokensBeyondLimit = tokens[(int)TermFate.BeyondLimit],
            TokensInShortDocuments = shortTokens,
            TokensKept = tokens[(int)TermFate.Kept] - shortTokens,
        };
        return occurs;
    }

    static int Left(SpooledDocument document, TermFate[] fates)
    {
        int left = 0;
        foreach (int term in document.Terms)
            if (fates[term] == TermFate.Kept) left++;
        return left;
    }

    /// <summary>The vocabulary in ordinal order, and for every term of the first pass its id there, or −1.</summary>
    (Vocabulary Vocabulary, int[] NewIds) Choose(TermFate[] fates, bool[] occurs)
    {
        int[] kept = [.. Enumerable.Range(0, fates.Length).Where(id => fates[id] == TermFate.Kept && occurs[id]).OrderBy(id => _terms[id], StringComparer.Ordinal)];
        var newIds = new int[fates.Length];
        Array.Fill(newIds, -1);
        for (int id = 0; id < kept.Length; id++) newIds[kept[id]] = id;
        return (new Vocabulary(kept.Select(id => _terms[id])), newIds);
    }

    void Write(TokenSpool spool, int[] newIds, Vocabulary vocabulary, ICorpusSink sink)
    {
        var left = new SpooledDocument();
        long read = 0;
        foreach (SpooledDocument document in spool.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            left.Clear(document.Id, document.Label, document.Source);
            for (int i = 0; i < document.Count; i++)
                if (newIds[document.Terms[i]] is >= 0 and int term) left.Add(term, document.Starts[i], document.Lengths[i]);
            if (left.Count >= options.MinimumDocumentTokens)
                sink.Add(left.Terms, left.Starts, left.Lengths, left.Id, left.Label, left.Source);
            if (++read % ReportEvery == 0) Tick(writing: true, read, spool.Documents);
        }
        Tick(writing: true, read, spool.Documents);
        sink.Complete(vocabulary, options.Text.ToProperties().Concat(_report.ToProperties()).ToDictionary());
    }

    void Tick(bool writing, long documents, long? total) => progress?.Report(new ImportProgress(writing, documents, total, _analysed));

    /// <summary>Says which filter took most, and what would let something through.</summary>
    string NothingLeft()
    {
        (long Count, string Cause, string Remedy)[] causes =
        [
            (_report.TokensStopWords, "are stop words", "check the language, or keep stop words"),
            (_report.TokensNumbers, "have no letter", "keep numbers"),
            (_report.TokensTooShort, $"are shorter than {options.Text.MinimumTokenLength} characters", "lower the minimum token length"),
            (_report.TokensTooLong, "are longer than 255 characters", "check that this is text in words"),
            (_report.TokensRare, $"are of terms in fewer than {options.MinimumDocumentFrequency} documents", "lower the minimum document frequency"),
            (_report.TokensFrequent, $"are of terms in more than {options.MaximumDocumentFrequency} of the documents", "raise the maximum document frequency"),
            (_report.TokensInShortDocuments, $"are in documents with fewer than {options.MinimumDocumentTokens} tokens left", "lower the minimum of tokens per document"),
        ];
        string begin = $"Nothing is left of the {_report.DocumentsRead} documents in {source.Name}";
        if (_report.TokensRead == 0) return $"{begin}: they have no words at all. Check that the right files or column were read.";
        (long count, string cause, string remedy) = causes.MaxBy(c => c.Count);
        return $"{begin}: of {_report.TokensRead + _report.NGramsFormed} tokens {count} {cause}. Change that first: {remedy}.";
    }
}
