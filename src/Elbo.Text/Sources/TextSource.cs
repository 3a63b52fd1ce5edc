namespace Elbo.Text;

/// <summary>Where documents come from: files, folders, tables, or a caller's own sequence. Documents are streamed, never all in memory.</summary>
public abstract class TextSource
{
    /// <summary>What the source is called in messages: the path that was given.</summary>
    public abstract string Name { get; }

    /// <summary>The documents, one after another, always in the same order. May be read more than once.</summary>
    /// <exception cref="InvalidDataException">A file cannot be read as what it should be; the message names the file and what to do.</exception>
    public abstract IEnumerable<TextDocument> Read(CancellationToken cancellationToken = default);

    /// <summary>Documents from files.</summary>
    /// <param name="path">
    /// A file; a folder, searched with its folders for text files (<c>.txt .md .text</c>, also gzipped); or a pattern, in which <c>*</c> and <c>?</c> stand for
    /// any characters of one name and <c>**</c> for folders of any depth. Hidden files are left out; links to folders are not followed.
    /// </param>
    /// <param name="options">What the files hold, and which columns of tables are read.</param>
    /// <remarks>
    /// Text files have their path below the folder (with <c>/</c>) as id and the folders of that path as label, and come in ordinal order of their ids.
    /// Text is UTF-8, or UTF-16 with a byte order mark. Tables are read by DuckDB, whose native library is loaded only then.
    /// </remarks>
    /// <exception cref="FileNotFoundException">There is no such file or folder, or nothing in it fits.</exception>
    public static TextSource Open(string path, TextSourceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new TextSourceOptions();
        return new FileSource(path, FileFinder.Find(path, options.Format), options);
    }

    /// <summary>Documents from several files, folders and patterns (see <see cref="Open(string, TextSourceOptions?)"/>), in the given order; their ids begin with the path as given.</summary>
    /// <exception cref="FileNotFoundException">There is no such file or folder, or nothing in it fits.</exception>
    public static TextSource Open(IReadOnlyList<string> paths, TextSourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0) throw new ArgumentException("No path was given.", nameof(paths));
        if (paths.Count == 1) return Open(paths[0], options);
        options ??= new TextSourceOptions();
        var files = new List<SourceFile>();
        foreach (string path in paths)
        {
            ArgumentException.ThrowIfNullOrEmpty(path, nameof(paths));
            files.AddRange(FileFinder.Find(path, options.Format).Select(file => file with { Name = FileFinder.Qualified(path, file) }));
        }
        return new FileSource($"{paths[0]} and {paths.Count - 1} more", files, options);
    }

    /// <summary>Documents that the caller has; the sequence is gone through once for every reading.</summary>
    public static TextSource FromDocuments(IEnumerable<TextDocument> documents, string name = "the given documents")
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(name);
        return new SequenceSource(documents, name);
    }

    /// <summary>Texts that the caller has, without ids and labels.</summary>
    public static TextSource FromTexts(IEnumerable<string> texts, string name = "the given texts")
    {
        ArgumentNullException.ThrowIfNull(texts);
        return FromDocuments(texts.Select(text => new TextDocument(text)), name);
    }

    sealed class SequenceSource(IEnumerable<TextDocument> documents, string name) : TextSource
    {
        public override string Name => name;

        public override IEnumerable<TextDocument> Read(CancellationToken cancellationToken)
        {
            foreach (TextDocument document in documents)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return document;
            }
        }
    }
}
