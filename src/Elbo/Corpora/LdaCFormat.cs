using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Elbo.Corpora;

/// <summary>
/// The format of lda-c: one document a line, <c>N id:count id:count …</c>, where N is the number of pairs and ids count from 0, in any order; the
/// vocabulary in a file of its own, one term a line. Files may be packed with gzip (recognised by content when read, written where the name ends in ".gz").
/// </summary>
public static class LdaCFormat
{
    /// <summary>Reads documents and, where given, their vocabulary; without one, terms are called by their numbers, up to the largest id.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is malformed; the message begins with <c>file:line</c>.</exception>
    public static Corpus Read(string documentsPath, string? vocabularyPath)
    {
        Vocabulary? vocabulary = vocabularyPath is null ? null : VocabularyFile.Read(vocabularyPath);
        int termLimit = vocabulary?.Count ?? VocabularyFile.MaxNumbered;
        var offsets = new List<long> { 0 };
        var terms = new List<int>();
        var counts = new List<int>();
        int largest = -1;
        long tokenCount = 0;
        using var lines = new LineReader(documentsPath);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            int start = terms.Count;
            tokenCount += ReadDocument(lines, line, terms, counts, termLimit, vocabularyPath);
            SortDocument(lines, CollectionsMarshal.AsSpan(terms)[start..], CollectionsMarshal.AsSpan(counts)[start..]);
            if (terms.Count > start) largest = Math.Max(largest, terms[^1]);
            offsets.Add(terms.Count);
        }
        if (offsets.Count == 1)
            throw new InvalidDataException($"'{documentsPath}' is empty: it holds no documents (an empty document is a line with '0').");
        return new Corpus(vocabulary ?? Vocabulary.Numbered(largest + 1), new CorpusSections
        {
            EntryOffsets = new([.. offsets]),
            EntryTerms = new([.. terms]),
            EntryCounts = new([.. counts]),
            TokenCount = tokenCount,
        });
    }

    /// <summary>Writes the counts of a corpus and its vocabulary; the order of tokens, ids and labels have no place in this format.</summary>
    /// <exception cref="ArgumentException">A term is empty or holds a line break.</exception>
    /// <exception cref="IOException">A file cannot be written; both then stay as they were.</exception>
    public static void Write(Corpus corpus, string documentsPath, string vocabularyPath)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        VocabularyFile.WriteBeside(corpus, documentsPath, vocabularyPath, WriteDocuments);
    }

    /// <summary>Adds the pairs of one line; the sum of its counts.</summary>
    // Optimised at once: a file is read in less time than the runtime takes to notice that this is hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static long ReadDocument(LineReader lines, ReadOnlySpan<byte> line, List<int> terms, List<int> counts, int termLimit, string? vocabularyPath)
    {
        var scanner = new NumberScanner(line);
        if (scanner.AtEnd())
            throw lines.Error("the line is blank. Write 0 for an empty document, or remove the line.");
        if (!scanner.TryNumber(out long pairs) || !scanner.AtSpace() || pairs < 0)
            throw lines.Error($"the line must begin with its number of pairs, and begins with '{scanner.Word()}'.");
        int start = terms.Count;
        long sum = 0;
        while (!scanner.AtEnd())
        {
            if (!scanner.TryNumber(out long id) || !scanner.TrySkip((byte)':') || !scanner.TryNumber(out long count) || !scanner.AtSpace())
                throw lines.Error($"'{scanner.Word()}' is not a pair id:count of two whole numbers.");
            if (id < 0)
                throw lines.Error($"the id {id} is negative. Ids count from 0.");
            if (id >= termLimit)
                throw lines.Error(OutsideVocabulary(id, termLimit, vocabularyPath));
            if (count <= 0)
                throw lines.Error($"the count of id {id} is {count}. Counts must be above 0; leave out terms that do not occur.");
            if (count > int.MaxValue)
                throw lines.Error($"the count of id {id} is above {int.MaxValue}, the largest that is supported.");
            terms.Add((int)id);
            counts.Add((int)count);
            sum += count;
        }
        if (pairs != terms.Count - start)
            throw lines.Error($"the line announces {pairs} pairs and has {terms.Count - start}. It is cut off, or its first number is wrong.");
        return sum;
    }

    static string OutsideVocabulary(long id, int termLimit, string? vocabularyPath) => vocabularyPath is null
        ? $"the id {id} would make a vocabulary of more than {termLimit} nameless terms. Mend the line, or give the vocabulary file."
        : $"the id {id} is outside the vocabulary '{vocabularyPath}' of {termLimit} terms (ids 0 to {termLimit - 1}). Is it the right vocabulary?";

    static void SortDocument(LineReader lines, Span<int> terms, Span<int> counts)
    {
        bool rising = true;
        for (int i = 1; i < terms.Length && rising; i++) rising = terms[i - 1] < terms[i];
        if (rising) return;
        terms.Sort(counts);
        for (int i = 1; i < terms.Length; i++)
            if (terms[i - 1] == terms[i])
                throw lines.Error($"the id {terms[i]} occurs twice. Add up its counts.");
    }

    static void WriteDocuments(Corpus corpus, Stream stream)
    {
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            ReadOnlySpan<int> terms = corpus.Terms(document);
            ReadOnlySpan<int> counts = corpus.Counts(document);
            stream.WriteNumber(terms.Length);
            for (int i = 0; i < terms.Length; i++)
            {
                stream.WriteByte((byte)' ');
                stream.WriteNumber(terms[i]);
                stream.WriteByte((byte)':');
                stream.WriteNumber(counts[i]);
            }
            stream.WriteByte((byte)'\n');
        }
    }
}
