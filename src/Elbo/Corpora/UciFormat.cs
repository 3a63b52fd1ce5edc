using System.Runtime.InteropServices;

namespace Elbo.Corpora;

/// <summary>
/// The bag-of-words format of the UCI repository: three lines with the number of documents, of words and of entries, then one entry a line,
/// <c>docID wordID count</c>, both ids from 1; the vocabulary in a file of its own, one word a line. Files may be packed with gzip (recognised by
/// content when read, written where the name ends in ".gz"). Entries may come in any order; documents without entries are empty.
/// </summary>
public static class UciFormat
{
    const int HeaderLines = 3;

    /// <summary>Reads documents and, where given, their vocabulary; without one, terms are called by their numbers from 0.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is malformed, or the header and the content disagree; the message begins with <c>file:line</c>.</exception>
    public static Corpus Read(string docwordPath, string? vocabularyPath)
    {
        Vocabulary? vocabulary = vocabularyPath is null ? null : VocabularyFile.Read(vocabularyPath);
        using var lines = new LineReader(docwordPath);
        (int documents, int words, long entries) = ReadHeader(lines, docwordPath, vocabulary, vocabularyPath);
        var content = new Entries();
        while (lines.TryRead(out ReadOnlySpan<byte> line))
            ReadEntry(lines, line, content, documents, words, entries);
        if (content.Terms.Count < entries)
            throw lines.Error($"the file ends after {content.Terms.Count} entries, and its header (line 3) announces {entries}. It is cut off, or the header is wrong.");
        if (!content.InOrder) content = content.Ordered();
        long[] offsets = content.Offsets(documents);
        for (int document = 0; document < documents; document++)
            SortDocument(content, offsets, document, docwordPath);
        return new Corpus(vocabulary ?? Vocabulary.Numbered(words), new CorpusSections
        {
            EntryOffsets = new(offsets),
            EntryTerms = new([.. content.Terms]),
            EntryCounts = new([.. content.Counts]),
            TokenCount = content.TokenCount,
        });
    }

    /// <summary>Writes the counts of a corpus and its vocabulary; the order of tokens, ids and labels have no place in this format.</summary>
    /// <exception cref="ArgumentException">A term is empty or holds a line break.</exception>
    /// <exception cref="IOException">A file cannot be written; both then stay as they were.</exception>
    public static void Write(Corpus corpus, string docwordPath, string vocabularyPath)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        VocabularyFile.WriteBeside(corpus, docwordPath, vocabularyPath, WriteDocuments);
    }

    static (int Documents, int Words, long Entries) ReadHeader(LineReader lines, string path, Vocabulary? vocabulary, string? vocabularyPath)
    {
        long documents = ReadHeaderLine(lines, path, "documents");
        if (documents >= int.MaxValue)
            throw lines.Error($"the header announces {documents} documents; at most {int.MaxValue - 1} are supported.");
        long words = ReadHeaderLine(lines, path, "words");
        if (vocabulary is not null && words != vocabulary.Count)
            throw lines.Error($"the header announces {words} words, and the vocabulary '{vocabularyPath}' has {vocabulary.Count}. Is it the right vocabulary?");
        if (vocabulary is null && words > VocabularyFile.MaxNumbered)
            throw lines.Error($"the header announces {words} words; more than {VocabularyFile.MaxNumbered} need a vocabulary file. Mend the line, or give the vocabulary.");
        long entries = ReadHeaderLine(lines, path, "entries");
        if (documents > VocabularyFile.MaxNumbered && documents / 16 > entries)
            throw lines.ErrorAt(1, $"the header announces {documents} documents for {entries} entries: nearly all would be empty. Mend the line.");
        return ((int)documents, (int)words, entries);
    }

    static long ReadHeaderLine(LineReader lines, string path, string what)
    {
        if (!lines.TryRead(out ReadOnlySpan<byte> line))
            throw new InvalidDataException($"'{path}' ends before the line with its number of {what}: it must begin with the numbers of documents, words and entries on three lines.");
        var scanner = new NumberScanner(line);
        if (scanner.AtEnd() || !scanner.TryNumber(out long number) || !scanner.AtEnd() || number < 0)
            throw lines.Error($"the line must hold the number of {what} and nothing else, and holds '{scanner.Word()}'. Is this a file of the UCI format?");
        return number;
    }

    static void ReadEntry(LineReader lines, ReadOnlySpan<byte> line, Entries content, int documents, int words, long entries)
    {
        var scanner = new NumberScanner(line);
        if (scanner.AtEnd())
            throw lines.Error("the line is blank. Remove it.");
        if (content.Terms.Count == entries)
            throw lines.Error($"the header (line 3) announces {entries} entries, and here is one more. The header is wrong, or something was added.");
        long document = ReadNumber(lines, ref scanner, "docID");
        long word = ReadNumber(lines, ref scanner, "wordID");
        long count = ReadNumber(lines, ref scanner, "count");
        if (!scanner.AtEnd())
            throw lines.Error($"'{scanner.Word()}' follows the count. An entry is docID wordID count.");
        if (document < 1 || document > documents)
            throw lines.Error($"the docID {document} is not between 1 and {documents}, the number of documents in the header (line 1).");
        if (word < 1 || word > words)
            throw lines.Error($"the wordID {word} is not between 1 and {words}, the number of words in the header (line 2).");
        if (count <= 0)
            throw lines.Error($"the count is {count}. Counts must be above 0; leave out words that do not occur.");
        if (count > int.MaxValue)
            throw lines.Error($"the count is above {int.MaxValue}, the largest that is supported.");
        content.Add((int)document - 1, (int)word - 1, (int)count);
    }

    static long ReadNumber(LineReader lines, ref NumberScanner scanner, string what)
    {
        if (scanner.AtEnd())
            throw lines.Error($"the {what} is missing: the line is cut off. An entry is docID wordID count.");
        return scanner.TryNumber(out long number) && scanner.AtSpace()
            ? number
            : throw lines.Error($"the {what} '{scanner.Word()}' is not a whole number. An entry is docID wordID count.");
    }

    static void SortDocument(Entries content, long[] offsets, int document, string path)
    {
        Range range = (int)offsets[document]..(int)offsets[document + 1];
        Span<int> terms = CollectionsMarshal.AsSpan(content.Terms)[range];
        bool rising = true;
        for (int i = 1; i < terms.Length && rising; i++) rising = terms[i - 1] < terms[i];
        if (rising) return;
        terms.Sort(CollectionsMarshal.AsSpan(content.Counts)[range]);
        for (int i = 1; i < terms.Length; i++)
            if (terms[i - 1] == terms[i])
                throw Twice(path, document + 1, terms[i] + 1);
    }

    /// <summary>Reads the file again to find the lines: they are not remembered, because nearly no file has this error.</summary>
    static InvalidDataException Twice(string path, int document, int word)
    {
        long first = 0;
        using var lines = new LineReader(path);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (lines.Number <= HeaderLines) continue;
            var scanner = new NumberScanner(line);
            scanner.AtEnd();
            if (!scanner.TryNumber(out long d) || d != document || scanner.AtEnd() || !scanner.TryNumber(out long w) || w != word) continue;
            if (first > 0) break;
            first = lines.Number;
        }
        return lines.Error($"document {document} has word {word} for the second time, first in line {first}. Add up the counts.");
    }

    static void WriteDocuments(Corpus corpus, Stream stream)
    {
        foreach (long number in (ReadOnlySpan<long>)[corpus.DocumentCount, corpus.Vocabulary.Count, corpus.EntryCount])
        {
            stream.WriteNumber(number);
            stream.WriteByte((byte)'\n');
        }
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            ReadOnlySpan<int> terms = corpus.Terms(document);
            ReadOnlySpan<int> counts = corpus.Counts(document);
            for (int i = 0; i < terms.Length; i++)
            {
                stream.WriteNumber(document + 1L);
                stream.WriteByte((byte)' ');
                stream.WriteNumber(terms[i] + 1L);
                stream.WriteByte((byte)' ');
                stream.WriteNumber(counts[i]);
                stream.WriteByte((byte)'\n');
            }
        }
    }

    /// <summary>The entries as they come, cut into runs of one document each.</summary>
    sealed class Entries
    {
        readonly List<(int Document, int Start)> _runs = [];

        public List<int> Terms { get; } = [];
        public List<int> Counts { get; } = [];
        public long TokenCount { get; private set; }

        /// <summary>Whether every document has one run at most, in rising order.</summary>
        public bool InOrder { get; private set; } = true;

        public void Add(int document, int term, int count)
        {
            if (_runs.Count == 0 || _runs[^1].Document != document)
            {
                InOrder &= _runs.Count == 0 || _runs[^1].Document < document;
                _runs.Add((document, Terms.Count));
            }
            Terms.Add(term);
            Counts.Add(count);
            TokenCount += count;
        }

        public Entries Ordered()
        {
            var ordered = new Entries();
            foreach (int run in Enumerable.Range(0, _runs.Count).OrderBy(run => _runs[run].Document))
            {
                int end = run + 1 < _runs.Count ? _runs[run + 1].Start : Terms.Count;
                for (int i = _runs[run].Start; i < end; i++) ordered.Add(_runs[run].Document, Terms[i], Counts[i]);
            }
            return ordered;
        }

        /// <summary>Where each of so many documents begins, once the runs are in order.</summary>
        public long[] Offsets(int documents)
        {
            var offsets = new long[documents + 1];
            int run = 0;
            for (int document = 0; document < documents; document++)
            {
                offsets[document] = run < _runs.Count ? _runs[run].Start : Terms.Count;
                if (run < _runs.Count && _runs[run].Document == document) run++;
            }
            offsets[documents] = Terms.Count;
            return offsets;
        }
    }
}
