using System.Text;

namespace Elbo.Text;

/// <summary>
/// A corpus that every .NET SDK brings along: the API documentation in its reference packs, one document a type. Identifiers are split (<c>FileStream</c> reads
/// "File Stream"), sentences that a type repeats are there once, and the hardware intrinsics are left out.
/// </summary>
public sealed class DotnetDocumentation : TextSource
{
    const string LeftOut = "System.Runtime.Intrinsics";

    DotnetDocumentation(IReadOnlyList<string> files, string? problem) => (Files, Problem) = (files, problem);

    /// <summary>The XML files that are read; none where <see cref="Problem"/> says why.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Why there is no documentation here, for people to read; null where there is some.</summary>
    public string? Problem { get; }

    /// <inheritdoc/>
    public override string Name => "the .NET API documentation";

    /// <summary>
    /// How this corpus is made: English with the boiler-plate of API documentation as further stop words, terms in at least 5 documents and at most 10 % of them,
    /// documents of at least 20 tokens.
    /// </summary>
    public static ImportOptions Options => new()
    {
        Text = new TextOptions { ExtraStopWords = [.. WordList.Embedded("dotnet-boilerplate.txt")] },
        MinimumDocumentFrequency = DocumentFrequency.Count(5),
        MaximumDocumentFrequency = DocumentFrequency.Share(0.1),
        MinimumDocumentTokens = 20,
    };

    /// <summary>Looks for the reference packs of the SDK. Never throws because they are missing: then <see cref="Problem"/> is set.</summary>
    /// <param name="root">The folder where .NET is installed; null looks at DOTNET_ROOT, the running dotnet, and the runtime's own place.</param>
    public static DotnetDocumentation Find(string? root = null)
    {
        IReadOnlyList<string> roots = root is null ? ReferencePacks.Roots() : [root];
        foreach (string folder in roots)
            if (ReferencePacks.Files(folder) is { Count: > 0 } files) return new DotnetDocumentation(files, null);
        string where = string.Join(", ", roots.Select(folder => Path.Combine(folder, "packs")));
        return new DotnetDocumentation([], roots.Any(folder => Directory.Exists(Path.Combine(folder, "packs")))
            ? $"The reference packs of this .NET SDK have no XML documentation (looked in {where})."
            : $"This .NET has no reference packs: they come with the SDK, not with the runtime (looked in {where}).");
    }

    /// <summary>Makes the corpus, in a few seconds.</summary>
    /// <exception cref="InvalidOperationException">There is no documentation here; see <see cref="Problem"/>.</exception>
    /// <exception cref="InvalidDataException">A file is broken.</exception>
    public ImportResult Build(IProgress<ImportProgress>? progress = null, CancellationToken cancellationToken = default) =>
        TextCorpus.Build(this, Options, progress, cancellationToken);

    /// <summary>One document for each type, in ordinal order; its id is the type's full name, its label the namespace.</summary>
    /// <exception cref="InvalidOperationException">There is no documentation here; see <see cref="Problem"/>.</exception>
    /// <exception cref="InvalidDataException">A file is broken.</exception>
    public override IEnumerable<TextDocument> Read(CancellationToken cancellationToken = default)
    {
        if (Problem is not null) throw new InvalidOperationException(Problem);
        var types = new SortedDictionary<string, TypeText>(StringComparer.Ordinal);
        var members = new HashSet<string>(StringComparer.Ordinal);
        foreach (string file in Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach ((string id, string text) in XmlDocumentation.Read(file))
            {
                string type = IdentifierWords.TypeOf(id);
                if (type.StartsWith(LeftOut, StringComparison.Ordinal) || type.Length == 0 || !members.Add(id)) continue;
                if (!types.TryGetValue(type, out TypeText? document)) types.Add(type, document = new TypeText(Path.GetFileName(file)));
                document.Add(text);
            }
        }
        foreach ((string type, TypeText document) in types)
            yield return new TextDocument(document.ToString(), type, NamespaceOf(type, types), document.File);
    }

    /// <summary>What stands before the outermost type: a nested type is in the namespace of the type around it.</summary>
    static string NamespaceOf(string type, SortedDictionary<string, TypeText> types)
    {
        string outer = type;
        for (int dot; (dot = outer.LastIndexOf('.')) > 0;)
        {
            outer = outer[..dot];
            if (!types.ContainsKey(outer)) return outer;
        }
        return "";
    }

    /// <summary>The text of one type, each sentence once.</summary>
    sealed class TypeText(string file)
    {
        readonly HashSet<string> _sentences = new(StringComparer.Ordinal);
        readonly StringBuilder _text = new();

        public string File => file;

        public void Add(string text)
        {
            for (int start = 0; start < text.Length;)
            {
                int end = SentenceEnd(text, start);
                string sentence = text[start..end].Trim();
                if (sentence.Length > 0 && _sentences.Add(sentence)) _text.Append(IdentifierWords.Split(sentence)).Append('\n');
                start = end;
            }
        }

        public override string ToString() => _text.ToString();

        static int SentenceEnd(string text, int start)
        {
            for (int i = start; i < text.Length; i++)
                if (text[i] == '\n' || (text[i] is '.' or '!' or '?' && i + 1 < text.Length && char.IsWhiteSpace(text[i + 1]))) return i + 1;
            return text.Length;
        }
    }
}
