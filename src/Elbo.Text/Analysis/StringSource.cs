namespace Elbo.Text;

/// <summary>A reader over one string after another, so that a tokenizer can be used again without a new reader.</summary>
sealed class StringSource : TextReader
{
    string _text = "";
    int _position;

    public void Set(string text)
    {
        _text = text;
        _position = 0;
    }

    public override int Peek() => _position < _text.Length ? _text[_position] : -1;

    public override int Read() => _position < _text.Length ? _text[_position++] : -1;

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        int count = Math.Min(buffer.Length, _text.Length - _position);
        _text.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
