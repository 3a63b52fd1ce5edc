using System.Text;

namespace Elbo.Text;

/// <summary>
/// Documents as token ids on their way from the first pass to the second, in a temporary file that is gone when the spool is disposed of
/// (where the system allows it, its name is gone at once, so that not even a killed process leaves it behind).
/// </summary>
sealed class TokenSpool : IDisposable
{
    readonly string _path;
    readonly FileStream _file;
    readonly BinaryWriter _writer;

    public TokenSpool(string folder)
    {
        _path = Path.Combine(folder, $"elbo-{Guid.NewGuid():N}.spool");
        _file = new FileStream(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, 1 << 16, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows()) File.Delete(_path);
        _writer = new BinaryWriter(_file, Encoding.UTF8, leaveOpen: true);
    }

    public long Documents { get; private set; }

    public void Add(SpooledDocument document)
    {
        WriteText(document.Id);
        WriteText(document.Label);
        WriteText(document.Source);
        _writer.Write7BitEncodedInt(document.Count);
        int place = 0;
        for (int i = 0; i < document.Count; i++)
        {
            _writer.Write7BitEncodedInt(document.Terms[i]);
            // With n-grams a token may begin before the one that came before it.
            int step = document.Starts[i] - place;
            _writer.Write7BitEncodedInt(step << 1 ^ step >> 31);
            _writer.Write7BitEncodedInt(document.Lengths[i]);
            place = document.Starts[i];
        }
        Documents++;
    }

    /// <summary>The documents from the first on. The same object every time, filled anew: one reading at a time.</summary>
    public IEnumerable<SpooledDocument> Read()
    {
        _writer.Flush();
        _file.Position = 0;
        using var reader = new BinaryReader(_file, Encoding.UTF8, leaveOpen: true);
        var document = new SpooledDocument();
        for (long n = 0; n < Documents; n++)
        {
            document.Clear(ReadText(reader), ReadText(reader), ReadText(reader));
            int count = reader.Read7BitEncodedInt();
            for (int i = 0, place = 0; i < count; i++)
            {
                int term = reader.Read7BitEncodedInt();
                int step = reader.Read7BitEncodedInt();
                place += (int)((uint)step >> 1) ^ -(step & 1);
                document.Add(term, place, reader.Read7BitEncodedInt());
            }
            yield return document;
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }

    void WriteText(string? text)
    {
        _writer.Write(text is not null);
        if (text is not null) _writer.Write(text);
    }

    static string? ReadText(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}

/// <summary>One document as token ids, in arrays that are used again.</summary>
sealed class SpooledDocument
{
    int[] _terms = new int[256], _starts = new int[256], _lengths = new int[256];

    public string? Id { get; private set; }
    public string? Label { get; private set; }
    public string? Source { get; private set; }
    public int Count { get; private set; }
    public ReadOnlySpan<int> Terms => _terms.AsSpan(0, Count);
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Count);
    public ReadOnlySpan<int> Lengths => _lengths.AsSpan(0, Count);

    public void Clear(string? id, string? label, string? source) => (Id, Label, Source, Count) = (id, label, source, 0);

    public void Add(int term, int start, int length)
    {
        if (Count == _terms.Length)
        {
            Array.Resize(ref _terms, 2 * Count);
            Array.Resize(ref _starts, 2 * Count);
            Array.Resize(ref _lengths, 2 * Count);
        }
        (_terms[Count], _starts[Count], _lengths[Count]) = (term, start, length);
        Count++;
    }
}
