using System.Text;
using Elbo.Files;

namespace Elbo.Corpora;

/// <summary>The columns of a corpus, in memory or mapped; the file form has the same columns under the same names.</summary>
internal sealed class CorpusSections
{
    /// <summary>Where each document's entries begin, and the end: documents + 1 values.</summary>
    public required Section<long> EntryOffsets { get; init; }
    public required Section<int> EntryTerms { get; init; }
    public required Section<int> EntryCounts { get; init; }
    public required long TokenCount { get; init; }

    /// <summary>Where each document's tokens begin, and the end: documents + 1 values, or none where there is no token order.</summary>
    public Section<long> TokenOffsets { get; init; }
    public Section<int> TokenTerms { get; init; }
    public Section<int> TokenStarts { get; init; }
    public Section<int> TokenLengths { get; init; }

    public StringColumn? Ids { get; init; }
    public StringColumn? Labels { get; init; }
    public StringColumn? Sources { get; init; }
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>The mapped file that the memory belongs to, or null.</summary>
    public MappedFile? Owner { get; init; }
}

/// <summary>One string a document, as UTF-8 behind offsets; an empty one stands for none.</summary>
internal sealed class StringColumn(Section<long> offsets, Section<byte> text)
{
    public Section<long> Offsets { get; } = offsets;
    public Section<byte> Text { get; } = text;

    public string? this[int row]
    {
        get
        {
            ReadOnlySpan<byte> text = Text.Slice(Offsets[row], checked((int)(Offsets[row + 1L] - Offsets[row])));
            return text.IsEmpty ? null : Encoding.UTF8.GetString(text);
        }
    }
}
