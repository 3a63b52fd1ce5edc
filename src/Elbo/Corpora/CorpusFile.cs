using Elbo.Files;

namespace Elbo.Corpora;

/// <summary>
/// The file form of a corpus (<c>.elboc</c>): a safetensors container of the corpus's columns, checked as a whole when opened and then mapped, not loaded.
/// <c>docs/corpus-file.md</c> describes it.
/// </summary>
public static class CorpusFile
{
    internal const string EntryOffsets = "entry_offsets";
    internal const string EntryTerms = "entry_terms";
    internal const string EntryCounts = "entry_counts";
    internal const string TokenOffsets = "token_offsets";
    internal const string TokenTerms = "token_terms";
    internal const string TokenStarts = "token_starts";
    internal const string TokenLengths = "token_lengths";
    internal const string Vocabulary = "vocabulary";
    internal const string Ids = "id";
    internal const string Labels = "label";
    internal const string Sources = "source";
    internal const string OffsetsSuffix = "_offsets";
    internal const string TextSuffix = "_text";

    internal const string TokenCount = "token_count";
    internal const string DataChecksum = "data_sha256";
    internal const string PropertyPrefix = "property.";

    /// <summary>The longest string in bytes, so that a damaged file cannot ask for one that does not fit in memory.</summary>
    internal const int MaxTextLength = 1 << 24;

    /// <summary>So many entries are read before their memory is given back (<see cref="Corpus.Release"/>).</summary>
    internal const int EntriesPerRelease = 1 << 20;

    /// <summary>Whoever reads one document here and one there has so many entries brought in with each: systems map some 64 KB around what is asked for.</summary>
    internal const int EntriesAround = 1 << 14;

    /// <summary>Writes a corpus, in one step (<see cref="AtomicFile"/>).</summary>
    /// <exception cref="ArgumentException">A term or property is no Unicode text.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(Corpus corpus, string path)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        using var writer = new CorpusFileWriter(path);
        CorpusSections sections = corpus.Sections;
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            // Not Corpus.Id: a number that stands in for a missing id must not become one.
            string? id = sections.Ids?[document], label = sections.Labels?[document], source = sections.Sources?[document];
            if (corpus.HasTokens)
                writer.AddTokens(corpus.Tokens(document), corpus.TokenStarts(document), corpus.TokenLengths(document), id, label, source);
            else
                writer.AddCounts(corpus.Terms(document), corpus.Counts(document), id, label, source);
        }
        writer.Complete(corpus.Vocabulary, corpus.Properties);
    }

    /// <summary>
    /// Opens a corpus file. Its checksum and everything that readers rely on are checked first, once, which reads the whole file; afterwards it is mapped.
    /// Dispose of the corpus to let the file go. Nobody may change the file in place meanwhile (Elbo itself replaces files as a whole, which does no harm).
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, of another kind or of a newer version; the message says where.</exception>
    public static Corpus Open(string path)
    {
        SafeTensors.RequireLittleEndian();
        (MappedFile file, SafeTensorsHeader header) = Map(path);
        try
        {
            return new CorpusFileReader(file, header, path).Read();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    static (MappedFile File, SafeTensorsHeader Header) Map(string path)
    {
        FileStream stream = InputFile.Open(path);
        try
        {
            SafeTensorsHeader header = SafeTensorsHeaderReader.Read(stream, path);
            ElboFile.Expect(header.Metadata, ElboFile.Corpus, path);
            return (new MappedFile(stream, header.DataStart + header.DataLength), header);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
