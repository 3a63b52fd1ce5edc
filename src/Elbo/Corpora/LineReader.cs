using System.Runtime.CompilerServices;
using System.Text;
using Elbo.Files;

namespace Elbo.Corpora;

/// <summary>Reads a text file, plain or gzip, line by line as bytes, without a string for each. Lines end with LF or CR LF; a byte order mark is skipped.</summary>
internal sealed class LineReader(string path) : IDisposable
{
    const int MaxLineLength = 1 << 30;

    static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    readonly Stream _stream = InputFile.OpenText(path);
    byte[] _buffer = new byte[1 << 16];
    int _start, _end;
    bool _ended;

    /// <summary>The number of the line read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line without its end, valid until the next call; false after the last. The end of the last line may be missing.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        int length;
        while ((length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n')) < 0 && !_ended)
        {
            searched = _end - _start;
            Fill();
        }
        bool terminated = length >= 0;
        length = terminated ? length + searched : _end - _start;
        line = _buffer.AsSpan(_start, length);
        if (!terminated && length == 0) return false;
        _start += terminated ? length + 1 : length;
        Number++;
        if (Number == 1 && line.StartsWith(ByteOrderMark)) line = line[ByteOrderMark.Length..];
        if (line is [.., (byte)'\r']) line = line[..^1];
        return true;
    }

    /// <summary>An error in the line read last.</summary>
    public InvalidDataException Error(string what, Exception? inner = null) => ErrorAt(Number, what, inner);

    public InvalidDataException ErrorAt(long line, string what, Exception? inner = null) => new($"{path}:{line}: {what}", inner);

    public void Dispose() => _stream.Dispose();

    void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
        {
            if (_end >= MaxLineLength)
                throw ErrorAt(Number + 1, "the line is longer than a gigabyte. Is this a text file?");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        int read = _stream.Read(_buffer.AsSpan(_end));
        _end += read;
        _ended = read == 0;
    }
}

/// <summary>Takes whole numbers out of a line.</summary>
internal ref struct NumberScanner(ReadOnlySpan<byte> line)
{
    // Larger than any number that is allowed, and far from overflowing.
    const long TooLarge = 1L << 60;

    readonly ReadOnlySpan<byte> _line = line;
    int _place;

    /// <summary>Skips spaces and tabs, and says whether nothing follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool AtEnd()
    {
        while (_place < _line.Length && IsSpace(_line[_place])) _place++;
        return _place == _line.Length;
    }

    /// <summary>Reads digits, perhaps after a minus; numbers beyond 10^17 come out as some number above 10^17. False where there are none: nothing was read then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNumber(out long number)
    {
        int place = _place;
        bool negative = place < _line.Length && _line[place] == (byte)'-';
        if (negative) place++;
        int first = place;
        number = 0;
        for (; place < _line.Length && (uint)(_line[place] - '0') <= 9; place++)
            number = number < TooLarge / 10 ? number * 10 + (_line[place] - '0') : TooLarge;
        if (place == first) return false;
        if (negative) number = -number;
        _place = place;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySkip(byte expected)
    {
        if (_place == _line.Length || _line[_place] != expected) return false;
        _place++;
        return true;
    }

    /// <summary>Whether a space, or the end of the line, comes next: the number just read was whole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool AtSpace() => _place == _line.Length || IsSpace(_line[_place]);

    /// <summary>What stands between spaces around the present place, for errors.</summary>
    public readonly string Word()
    {
        int first = _place, end = _place;
        while (first > 0 && !IsSpace(_line[first - 1])) first--;
        while (end < _line.Length && !IsSpace(_line[end])) end++;
        string word = Encoding.UTF8.GetString(_line[first..end]);
        return word.Length <= 40 ? word : word[..40] + "…";
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool IsSpace(byte character) => character is (byte)' ' or (byte)'\t';
}
