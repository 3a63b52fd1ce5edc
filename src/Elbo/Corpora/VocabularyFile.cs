using System.Buffers.Text;
using System.Text;
using Elbo.Files;

namespace Elbo.Corpora;

/// <summary>Vocabularies as text files with one term a line, as lda-c and the UCI format have them.</summary>
internal static class VocabularyFile
{
    /// <summary>So many nameless terms may be made where no vocabulary is given; a larger number is far more likely a damaged line.</summary>
    public const int MaxNumbered = 1 << 24;

    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static Vocabulary Read(string path)
    {
        var terms = new List<string>();
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        using var reader = new LineReader(path);
        while (reader.TryRead(out ReadOnlySpan<byte> line))
        {
            if (line.IsEmpty)
                throw reader.Error("the line is blank. A vocabulary has one term a line and no blank lines.");
            string term = Decode(reader, line);
            if (!lines.TryAdd(term, reader.Number))
                throw reader.Error($"the term '{term}' is already in line {lines[term]}. Every term must be listed once.");
            terms.Add(term);
        }
        return new Vocabulary(terms);
    }

    /// <summary>Writes a corpus as a file of documents and a file of terms; neither appears before both are whole.</summary>
    /// <exception cref="ArgumentException">A term cannot stand alone on a line, or the two files are one.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void WriteBeside(Corpus corpus, string documentsPath, string vocabularyPath, Action<Corpus, Stream> writeDocuments)
    {
        if (Path.GetFullPath(documentsPath) == Path.GetFullPath(vocabularyPath))
            throw new ArgumentException($"'{documentsPath}' is given for both the documents and the vocabulary. Give two names.", nameof(vocabularyPath));
        using AtomicFile vocabulary = AtomicFile.Create(vocabularyPath);
        using AtomicFile documents = AtomicFile.Create(documentsPath);
        using (Stream stream = InputFile.Pack(vocabulary.Stream, vocabularyPath)) Write(corpus.Vocabulary, stream);
        using (Stream stream = InputFile.Pack(documents.Stream, documentsPath)) writeDocuments(corpus, stream);
        documents.Commit();
        vocabulary.Commit();
    }

    /// <summary>Writes a whole number in decimal digits.</summary>
    public static void WriteNumber(this Stream stream, long number)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, text, out int length);
        stream.Write(text[..length]);
    }

    static void Write(Vocabulary vocabulary, Stream stream)
    {
        for (int id = 0; id < vocabulary.Count; id++)
        {
            string term = vocabulary[id];
            if (term.Length == 0 || term.AsSpan().IndexOfAny('\n', '\r') >= 0)
                throw new ArgumentException($"Term {id} ('{term}') is empty or holds a line break, which a vocabulary of one term a line cannot store.", nameof(vocabulary));
            try
            {
                stream.Write(Strict.GetBytes(term));
            }
            catch (EncoderFallbackException error)
            {
                throw new ArgumentException($"Term {id} holds half a surrogate pair, which is no Unicode text and cannot be stored.", nameof(vocabulary), error);
            }
            stream.WriteByte((byte)'\n');
        }
    }

    static string Decode(LineReader reader, ReadOnlySpan<byte> line)
    {
        try
        {
            return Strict.GetString(line);
        }
        catch (DecoderFallbackException error)
        {
            throw reader.Error("the line is not UTF-8 text. Convert the file to UTF-8.", error);
        }
    }
}
