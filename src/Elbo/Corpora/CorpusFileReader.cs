using System.Globalization;
using System.Security.Cryptography;
using System.Text.Unicode;
using Elbo.Files;

namespace Elbo.Corpora;

/// <summary>Makes a corpus of a mapped file, after checking everything that its readers rely on: no later read can leave the mapping or an array of terms.</summary>
internal sealed unsafe class CorpusFileReader(MappedFile file, SafeTensorsHeader header, string path)
{
    const int HashChunk = 1 << 24;

    public Corpus Read()
    {
        CheckData();
        Vocabulary vocabulary = ReadVocabulary();
        Section<long> entryOffsets = Find<long>(CorpusFile.EntryOffsets, TensorType.I64);
        if (entryOffsets.Length is < 1 or > int.MaxValue)
            throw Bad($"'{CorpusFile.EntryOffsets}' has {entryOffsets.Length} values: one more than documents, of which there may be {int.MaxValue - 1}");
        int documents = (int)(entryOffsets.Length - 1);
        bool tokens = Has(CorpusFile.TokenOffsets);
        var sections = new CorpusSections
        {
            EntryOffsets = entryOffsets,
            EntryTerms = Find<int>(CorpusFile.EntryTerms, TensorType.I32),
            EntryCounts = Find<int>(CorpusFile.EntryCounts, TensorType.I32),
            TokenCount = ReadTokenCount(),
            TokenOffsets = tokens ? Find<long>(CorpusFile.TokenOffsets, TensorType.I64) : default,
            TokenTerms = tokens ? Find<int>(CorpusFile.TokenTerms, TensorType.I32) : default,
            TokenStarts = tokens ? Find<int>(CorpusFile.TokenStarts, TensorType.I32) : default,
            TokenLengths = tokens ? Find<int>(CorpusFile.TokenLengths, TensorType.I32) : default,
            Ids = ReadColumn(CorpusFile.Ids, documents),
            Labels = ReadColumn(CorpusFile.Labels, documents),
            Sources = ReadColumn(CorpusFile.Sources, documents),
            Properties = ReadProperties(),
            Owner = file,
        };
        CheckOffsets(CorpusFile.EntryOffsets, entryOffsets, documents, sections.EntryTerms.Length, int.MaxValue);
        SameLength(CorpusFile.EntryCounts, sections.EntryCounts, CorpusFile.EntryTerms, sections.EntryTerms);
        if (tokens)
        {
            CheckOffsets(CorpusFile.TokenOffsets, sections.TokenOffsets, documents, sections.TokenTerms.Length, int.MaxValue);
            SameLength(CorpusFile.TokenStarts, sections.TokenStarts, CorpusFile.TokenTerms, sections.TokenTerms);
            SameLength(CorpusFile.TokenLengths, sections.TokenLengths, CorpusFile.TokenTerms, sections.TokenTerms);
        }
        var corpus = new Corpus(vocabulary, sections);
        CheckDocuments(corpus);
        return corpus;
    }

    InvalidDataException Bad(string what) => SafeTensorsHeaderReader.Bad(path, what);

    void CheckData()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long place = 0; place < header.DataLength; place += HashChunk)
        {
            hash.AppendData(new ReadOnlySpan<byte>(file.Pointer + header.DataStart + place, (int)Math.Min(HashChunk, header.DataLength - place)));
            file.Release();
        }
        if (Metadata(CorpusFile.DataChecksum) != Convert.ToHexStringLower(hash.GetHashAndReset()))
            throw Bad("its data do not match their checksum. It is damaged: make or copy it again");
    }

    string Metadata(string key) => header.Metadata.TryGetValue(key, out string? value) ? value : throw Bad($"its metadata lack '{key}'");

    long ReadTokenCount() => long.TryParse(Metadata(CorpusFile.TokenCount), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
        ? count
        : throw Bad($"its '{CorpusFile.TokenCount}' is '{Metadata(CorpusFile.TokenCount)}', which is no number of tokens");

    Dictionary<string, string> ReadProperties() => header.Metadata
        .Where(pair => pair.Key.StartsWith(CorpusFile.PropertyPrefix, StringComparison.Ordinal))
        .ToDictionary(pair => pair.Key[CorpusFile.PropertyPrefix.Length..], pair => pair.Value, StringComparer.Ordinal);

    bool Has(string name) => header.Tensors.Any(tensor => tensor.Name == name);

    Section<T> Find<T>(string name, TensorType type) where T : unmanaged
    {
        TensorEntry tensor = header.Tensors.FirstOrDefault(tensor => tensor.Name == name) ?? throw Bad($"tensor '{name}' is missing");
        if (tensor.Type != type)
            throw Bad($"tensor '{name}' has the dtype {tensor.Type} where {type} was expected");
        if (tensor.Shape.Length != 1)
            throw Bad($"tensor '{name}' has {tensor.Shape.Length} axes where 1 was expected");
        long place = header.DataStart + tensor.Begin;
        if (place % sizeof(T) != 0)
            throw Bad($"tensor '{name}' begins at byte {place}, which is no multiple of {sizeof(T)}");
        return new Section<T>((T*)(file.Pointer + place), tensor.Shape[0]);
    }

    StringColumn? ReadColumn(string name, int rows)
    {
        string offsetsName = name + CorpusFile.OffsetsSuffix, textName = name + CorpusFile.TextSuffix;
        if (!Has(offsetsName) && !Has(textName)) return null;
        var column = new StringColumn(Find<long>(offsetsName, TensorType.I64), Find<byte>(textName, TensorType.U8));
        CheckOffsets(offsetsName, column.Offsets, rows, column.Text.Length, CorpusFile.MaxTextLength);
        for (int row = 0; row < rows; row++)
            if (!Utf8.IsValid(column.Text.Slice(column.Offsets[row], (int)(column.Offsets[row + 1L] - column.Offsets[row]))))
                throw Bad($"'{textName}' has no valid UTF-8 in row {row}");
        return column;
    }

    Vocabulary ReadVocabulary()
    {
        long offsets = Find<long>(CorpusFile.Vocabulary + CorpusFile.OffsetsSuffix, TensorType.I64).Length;
        if (offsets < 1 || offsets - 1 > Array.MaxLength)
            throw Bad($"'{CorpusFile.Vocabulary}{CorpusFile.OffsetsSuffix}' has {offsets} values: one more than terms, of which there may be {Array.MaxLength}");
        StringColumn column = ReadColumn(CorpusFile.Vocabulary, (int)(offsets - 1))!;
        try
        {
            return new Vocabulary(Enumerable.Range(0, (int)(offsets - 1)).Select(id => column[id] ?? ""));
        }
        catch (ArgumentException error)
        {
            throw SafeTensorsHeaderReader.Bad(path, "its vocabulary has a term twice", error);
        }
    }

    /// <summary>Offsets must rise from 0 to the number of values, one row at most so long.</summary>
    void CheckOffsets(string name, Section<long> offsets, int rows, long values, int longest)
    {
        if (offsets.Length != rows + 1L)
            throw Bad($"'{name}' has {offsets.Length} values where {rows + 1L} were expected");
        if (offsets[0] != 0)
            throw Bad($"'{name}' begins with {offsets[0]} instead of 0");
        for (int row = 0; row < rows; row++)
        {
            // Only rising offsets that stay below the end: their difference cannot overflow.
            long begin = offsets[row], end = offsets[row + 1L];
            if (end < begin || end > values)
                throw Bad($"'{name}' goes from {begin} to {end} in row {row}, and must rise to {values}");
            if (end - begin > longest)
                throw Bad($"'{name}' has a row {row} of length {end - begin}; at most {longest} are allowed");
        }
        if (offsets[rows] != values)
            throw Bad($"'{name}' ends at {offsets[rows]} instead of {values}");
    }

    void SameLength(string name, Section<int> section, string otherName, Section<int> other)
    {
        if (section.Length != other.Length)
            throw Bad($"'{name}' has {section.Length} values and '{otherName}' {other.Length}; they must be as many");
    }

    void CheckDocuments(Corpus corpus)
    {
        var bag = new int[corpus.HasTokens ? corpus.Vocabulary.Count : 0];
        long total = 0, unreleased = 0;
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            corpus.ReleaseAfter(ref unreleased, corpus.Terms(document).Length);
            long sum = CheckEntries(document, corpus.Terms(document), corpus.Counts(document), corpus.Vocabulary.Count);
            if (corpus.HasTokens) CheckTokens(document, corpus, sum, bag);
            if (sum > long.MaxValue - total)
                throw Bad("the sum of its counts is beyond 2^63");
            total += sum;
        }
        if (total != corpus.TokenCount)
            throw Bad($"its '{CorpusFile.TokenCount}' is {corpus.TokenCount}, and its counts add up to {total}");
    }

    long CheckEntries(int document, ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, int termCount)
    {
        long sum = 0;
        int previous = -1;
        for (int i = 0; i < terms.Length; i++)
        {
            if (terms[i] <= previous || terms[i] >= termCount)
                throw Bad($"document {document} (from 0) has term {terms[i]} after {previous}; terms must rise from 0 to {termCount - 1}");
            if (counts[i] <= 0)
                throw Bad($"document {document} (from 0) has the count {counts[i]} for term {terms[i]}; counts must be above 0");
            previous = terms[i];
            sum += counts[i];
        }
        return sum;
    }

    /// <summary>The tokens must be exactly those that the entries count. <paramref name="bag"/> is zero before and after.</summary>
    void CheckTokens(int document, Corpus corpus, long sum, int[] bag)
    {
        ReadOnlySpan<int> tokens = corpus.Tokens(document);
        ReadOnlySpan<int> starts = corpus.TokenStarts(document);
        ReadOnlySpan<int> lengths = corpus.TokenLengths(document);
        if (tokens.Length != sum)
            throw Bad($"document {document} (from 0) has {tokens.Length} tokens, and its counts add up to {sum}");
        for (int i = 0; i < tokens.Length; i++)
        {
            if ((uint)tokens[i] >= (uint)bag.Length)
                throw Bad($"document {document} (from 0) has the token {tokens[i]}, and there are {bag.Length} terms");
            if (starts[i] < 0 || lengths[i] < 0 || starts[i] > int.MaxValue - lengths[i])
                throw Bad($"document {document} (from 0) has a token that begins at {starts[i]} and is {lengths[i]} long, which is no place in a text");
            bag[tokens[i]]++;
        }
        ReadOnlySpan<int> terms = corpus.Terms(document);
        ReadOnlySpan<int> counts = corpus.Counts(document);
        for (int i = 0; i < terms.Length; i++)
        {
            if (bag[terms[i]] != counts[i])
                throw Bad($"document {document} (from 0) has {bag[terms[i]]} tokens of term {terms[i]}, and its count is {counts[i]}");
            bag[terms[i]] = 0;
        }
    }
}
