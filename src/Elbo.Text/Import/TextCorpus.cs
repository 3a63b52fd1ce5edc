using Elbo.Corpora;

namespace Elbo.Text;

/// <summary>Makes corpora from text.</summary>
public static class TextCorpus
{
    /// <summary>
    /// Reads a source once, analyses every text and makes a corpus of what is left, with tokens in order, their places in the text, ids, labels and sources.
    /// Term ids follow the ordinal order of the terms. The texts are never in memory together: tokens wait in a temporary file while documents are counted.
    /// </summary>
    /// <param name="source">Where the documents come from.</param>
    /// <param name="options">How they are analysed, and which terms are kept.</param>
    /// <param name="progress">Is told how far the import is, every few hundred documents.</param>
    /// <param name="cancellationToken">Stops the import.</param>
    /// <returns>
    /// The corpus, and a report of all that was dropped. Both the report and the text options are in <see cref="Corpus.Properties"/>
    /// (<c>import.…</c> and <c>text.…</c>, for <see cref="TextOptions.FromProperties"/>).
    /// </returns>
    /// <exception cref="InvalidDataException">The source has no documents or cannot be read, or nothing is left of any document; the message says what to change.</exception>
    public static ImportResult Build(TextSource source, ImportOptions? options = null, IProgress<ImportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var import = new CorpusImport(source, options ?? new ImportOptions(), progress, cancellationToken);
        MemorySink? memory = null;
        ImportReport report = import.Run(Path.GetTempPath(), vocabulary => memory = new MemorySink(vocabulary));
        return new ImportResult(memory!.Build(), report);
    }

    /// <summary>
    /// As <see cref="Build"/>, but writes the corpus to a file (<c>.elboc</c>) without ever having it in memory; <see cref="CorpusFile"/> opens it. The file is
    /// there when all of it is, and not before.
    /// </summary>
    /// <returns>The report of all that was dropped; it is in the file, too.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="InvalidDataException">The source has no documents or cannot be read, or nothing is left of any document; the message says what to change.</exception>
    public static ImportReport Write(TextSource source, string path, ImportOptions? options = null, IProgress<ImportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var writer = new CorpusFileWriter(path);
        return new CorpusImport(source, options ?? new ImportOptions(), progress, cancellationToken).Run(Path.GetTempPath(), _ => new FileSink(writer));
    }
}
