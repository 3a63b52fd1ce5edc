using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Elbo.Files;

namespace Elbo.Corpora;

/// <summary>
/// Writes a corpus file (<c>.elboc</c>) document by document: the columns wait in temporary files beside the target, so that a corpus may be larger
/// than memory. Nothing is seen at the target before <see cref="Complete"/>; without it, nothing remains. Not thread-safe.
/// </summary>
public sealed class CorpusFileWriter : IDisposable
{
    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    readonly string _path;
    readonly Func<string, Stream> _open;
    readonly AtomicFile _file;
    readonly List<Spool> _spools = [];
    readonly DocumentBag _bag = new();
    readonly Column _entryOffsets, _entryTerms, _entryCounts, _tokenOffsets, _tokenTerms, _tokenStarts, _tokenLengths;
    readonly TextColumn _ids, _labels, _sources;
    int _largestTerm = -1;
    long _tokenCount;
    bool? _hasTokens;
    bool _closed;

    // While columns are being written they differ in length; after a full disk they stay so.
    bool _incomplete;

    /// <summary>Begins a corpus file.</summary>
    /// <exception cref="IOException">The folder does not exist or cannot be written to, or the target is a folder or no regular file.</exception>
    public CorpusFileWriter(string path) : this(path, AtomicFile.OpenNew)
    {
    }

    /// <summary>As the public one; <paramref name="open"/> opens every temporary file, so that tests can stand in for a full disk.</summary>
    internal CorpusFileWriter(string path, Func<string, Stream> open)
    {
        _path = path;
        _open = open;
        _file = AtomicFile.Create(path, open);
        _entryOffsets = Add(CorpusFile.EntryOffsets, TensorType.I64);
        _entryTerms = Add(CorpusFile.EntryTerms, TensorType.I32);
        _entryCounts = Add(CorpusFile.EntryCounts, TensorType.I32);
        _tokenOffsets = Add(CorpusFile.TokenOffsets, TensorType.I64);
        _tokenTerms = Add(CorpusFile.TokenTerms, TensorType.I32);
        _tokenStarts = Add(CorpusFile.TokenStarts, TensorType.I32);
        _tokenLengths = Add(CorpusFile.TokenLengths, TensorType.I32);
        _ids = AddText(CorpusFile.Ids);
        _labels = AddText(CorpusFile.Labels);
        _sources = AddText(CorpusFile.Sources);
        _entryOffsets.Spool.Write<long>([0]);
        _tokenOffsets.Spool.Write<long>([0]);
    }

    /// <summary>How many documents were added.</summary>
    public int DocumentCount { get; private set; }

    /// <summary>How many pairs (document, distinct term) were added.</summary>
    public long EntryCount => _entryTerms.Spool.Length / sizeof(int);

    /// <summary>Adds a document given by its tokens in order, with their places in the text (UTF-16 code units from 0). Empty and null strings both stand for none.</summary>
    /// <exception cref="ArgumentException">The spans differ in length, a place is impossible, or a term is negative; nothing was added then.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void AddTokens(ReadOnlySpan<int> tokens, ReadOnlySpan<int> starts, ReadOnlySpan<int> lengths, string? id = null, string? label = null, string? source = null)
    {
        Expect(tokens: true);
        _bag.SetTokens(tokens, starts, lengths, int.MaxValue, DocumentCount);
        _hasTokens = true;
        AddDocument(tokens, starts, lengths, id, label, source);
    }

    /// <summary>Adds a document given by its counts; the order of the pairs does not matter. Empty and null strings both stand for none.</summary>
    /// <exception cref="ArgumentException">The spans differ in length, a term is negative or occurs twice, or a count is not above 0; nothing was added then.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void AddCounts(ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, string? id = null, string? label = null, string? source = null)
    {
        Expect(tokens: false);
        _bag.SetCounts(terms, counts, int.MaxValue, DocumentCount);
        _hasTokens = false;
        AddDocument([], [], [], id, label, source);
    }

    /// <summary>Adds a document given by its tokens in any order, which is not kept. Empty and null strings both stand for none.</summary>
    /// <exception cref="ArgumentException">A term is negative; nothing was added then.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void AddBag(ReadOnlySpan<int> tokens, string? id = null, string? label = null, string? source = null)
    {
        Expect(tokens: false);
        _bag.SetTokens(tokens, int.MaxValue, DocumentCount);
        _hasTokens = false;
        AddDocument([], [], [], id, label, source);
    }

    /// <summary>Puts the file at its place and ends the writing.</summary>
    /// <param name="vocabulary">The terms that the ids of all documents stand for.</param>
    /// <param name="properties">What was done to the text and what was dropped (<see cref="Corpus.Properties"/>).</param>
    /// <param name="cancellationToken">Ends the writing of a long file; dispose of the writer then, and nothing remains.</param>
    /// <exception cref="ArgumentException">A document has a term outside the vocabulary, or a term or property is no Unicode text.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Complete(Vocabulary vocabulary, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentNullException.ThrowIfNull(properties);
        CheckUsable();
        if (_largestTerm >= vocabulary.Count)
            throw new ArgumentException($"A document has term {_largestTerm}, but the vocabulary has {vocabulary.Count} terms (ids 0 to {vocabulary.Count - 1}).", nameof(vocabulary));
        _incomplete = true;
        TextColumn terms = AddText(CorpusFile.Vocabulary);
        foreach (string term in vocabulary) terms.Write(EncodeTerm(term));
        WriteFile([.. Columns(terms)], properties, cancellationToken);
        _file.Commit();
        Dispose();
    }

    /// <summary>Without a <see cref="Complete"/> before it, throws away what was added.</summary>
    public void Dispose()
    {
        _closed = true;
        foreach (Spool spool in _spools) spool.Dispose();
        _file.Dispose();
    }

    void CheckUsable()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_incomplete)
            throw new InvalidOperationException("An earlier call failed half-way. Dispose of this writer and begin anew.");
    }

    void Expect(bool tokens)
    {
        CheckUsable();
        if (_hasTokens is { } has && has != tokens)
            throw new InvalidOperationException("A corpus is written either from counts or from tokens in order, not from both.");
        if (DocumentCount == int.MaxValue - 1)
            throw new InvalidOperationException($"A corpus has at most {int.MaxValue - 1} documents.");
    }

    void AddDocument(ReadOnlySpan<int> tokens, ReadOnlySpan<int> starts, ReadOnlySpan<int> lengths, string? id, string? label, string? source)
    {
        byte[] idText = EncodeText(id), labelText = EncodeText(label), sourceText = EncodeText(source);
        _incomplete = true;
        _entryTerms.Spool.Write(_bag.Terms);
        _entryCounts.Spool.Write(_bag.Counts);
        _entryOffsets.Spool.Write<long>([EntryCount]);
        _tokenTerms.Spool.Write(tokens);
        _tokenStarts.Spool.Write(starts);
        _tokenLengths.Spool.Write(lengths);
        _tokenOffsets.Spool.Write<long>([_tokenTerms.Spool.Length / sizeof(int)]);
        _ids.Write(idText);
        _labels.Write(labelText);
        _sources.Write(sourceText);
        if (!_bag.Terms.IsEmpty) _largestTerm = Math.Max(_largestTerm, _bag.Terms[^1]);
        _tokenCount += _bag.TokenCount;
        DocumentCount++;
        _incomplete = false;
    }

    /// <summary>The columns that the file gets: those of the token order and of strings only where there are any.</summary>
    IEnumerable<Column> Columns(TextColumn vocabulary)
    {
        yield return _entryOffsets;
        yield return _entryTerms;
        yield return _entryCounts;
        foreach (Column column in _hasTokens == true ? [_tokenOffsets, _tokenTerms, _tokenStarts, _tokenLengths] : Array.Empty<Column>())
            yield return column;
        foreach (TextColumn column in (TextColumn[])[vocabulary, _ids, _labels, _sources])
        {
            if (column != vocabulary && column.Text.Spool.Length == 0) continue;
            yield return column.Offsets;
            yield return column.Text;
        }
    }

    void WriteFile(Column[] columns, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        SafeTensorsHeader header = Header(columns, properties, new string('0', 2 * SHA256.HashSizeInBytes));
        // The checksum stands before the data that it is of, so that its place is held first.
        _file.Stream.Write(header.ToBytes());
        foreach ((Column column, _) in columns.Zip(header.Tensors).OrderBy(pair => pair.Second.Begin).ThenBy(pair => pair.Second.End))
        {
            column.Spool.Read(bytes =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(bytes);
                _file.Stream.Write(bytes);
            });
            // At once, so that the disk need not hold everything twice.
            column.Spool.Dispose();
        }
        _file.Stream.Position = 0;
        _file.Stream.Write(Header(columns, properties, Convert.ToHexStringLower(hash.GetHashAndReset())).ToBytes());
    }

    SafeTensorsHeader Header(Column[] columns, IReadOnlyDictionary<string, string> properties, string checksum)
    {
        Dictionary<string, string> metadata = ElboFile.Stamp(ElboFile.Corpus, properties.ToDictionary(pair => CorpusFile.PropertyPrefix + pair.Key, pair => pair.Value));
        metadata.Add(CorpusFile.TokenCount, _tokenCount.ToString(CultureInfo.InvariantCulture));
        metadata.Add(CorpusFile.DataChecksum, checksum);
        return SafeTensorsHeader.Layout([.. columns.Select(column => (column.Name, column.Type, (long[])[column.Spool.Length / TensorEntry.SizeOf(column.Type)]))], metadata);
    }

    static byte[] EncodeTerm(string term)
    {
        try
        {
            return CheckLength(Strict.GetBytes(term));
        }
        catch (EncoderFallbackException error)
        {
            throw new ArgumentException($"The term '{term}' holds half a surrogate pair, which is no Unicode text and cannot be stored.", error);
        }
    }

    static byte[] EncodeText(string? text) => CheckLength(Encoding.UTF8.GetBytes(text ?? ""));

    static byte[] CheckLength(byte[] text) => text.Length <= CorpusFile.MaxTextLength
        ? text
        : throw new ArgumentException($"A term, id, label or source of {text.Length} bytes is longer than the {CorpusFile.MaxTextLength} that a corpus file may hold.");

    Column Add(string name, TensorType type)
    {
        _spools.Add(new Spool(_path, _open));
        return new Column(name, type, _spools[^1]);
    }

    TextColumn AddText(string name) => new(Add(name + CorpusFile.OffsetsSuffix, TensorType.I64), Add(name + CorpusFile.TextSuffix, TensorType.U8));

    sealed record Column(string Name, TensorType Type, Spool Spool);

    sealed class TextColumn
    {
        public TextColumn(Column offsets, Column text)
        {
            Offsets = offsets;
            Text = text;
            Offsets.Spool.Write<long>([0]);
        }

        public Column Offsets { get; }
        public Column Text { get; }

        public void Write(byte[] text)
        {
            Text.Spool.Write<byte>(text);
            Offsets.Spool.Write<long>([Text.Spool.Length]);
        }
    }
}
