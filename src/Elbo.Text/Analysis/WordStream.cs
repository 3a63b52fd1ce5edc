using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Lucene.Net.Analysis.Standard;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Tartarus.Snowball;
using Lucene.Net.Util;

namespace Elbo.Text;

/// <summary>
/// The words of one text after another that are left after the filters, in order: a cursor that allocates nothing per word.
/// Every word that is dropped is counted by its cause.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The tokenizer and the reader hold nothing but memory.")]
sealed class WordStream
{
    static readonly SearchValues<char> Hyphens = SearchValues.Create("-\u00AD\u2010\u2011");

    readonly TextOptions _options;
    readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _stopWords;
    readonly SnowballProgram? _stemmer;
    readonly StringSource _source = new();
    readonly StandardTokenizer _tokenizer;
    readonly ICharTermAttribute _term;
    readonly IOffsetAttribute _offset;
    readonly IPositionIncrementAttribute _position;
    readonly ITypeAttribute _type;
    readonly string _ideographic = StandardTokenizer.TOKEN_TYPES[StandardTokenizer.IDEOGRAPHIC];
    readonly string _hiragana = StandardTokenizer.TOKEN_TYPES[StandardTokenizer.HIRAGANA];
    string _text = "";
    char[] _word = [];
    int _wordLength;
    int _previousEnd;
    bool _previousKept;

    /// <param name="options">Valid options.</param>
    /// <param name="stopWords">The words of <see cref="StopWordLists.Of"/>; read only, so that streams share them.</param>
    public WordStream(TextOptions options, HashSet<string> stopWords)
    {
        _options = options;
        _stopWords = stopWords.GetAlternateLookup<ReadOnlySpan<char>>();
        _stemmer = options.Stemming ? Stemmers.Create(options.Language) : null;
        _tokenizer = new StandardTokenizer(LuceneVersion.LUCENE_48, _source);
        _term = _tokenizer.GetAttribute<ICharTermAttribute>();
        _offset = _tokenizer.GetAttribute<IOffsetAttribute>();
        _position = _tokenizer.GetAttribute<IPositionIncrementAttribute>();
        _type = _tokenizer.GetAttribute<ITypeAttribute>();
        _tokenizer.Dispose();
    }

    /// <summary>The word under the cursor; valid until the next move.</summary>
    public ReadOnlySpan<char> Word => _word.AsSpan(0, _wordLength);

    /// <summary>Where the word begins in the text.</summary>
    public int Start { get; private set; }

    /// <summary>Where the word ends in the text (exclusive).</summary>
    public int End { get; private set; }

    /// <summary>Whether the word stands right after the one before it, which was kept too: nothing but white space or a hyphen between them.</summary>
    public bool Follows { get; private set; }

    /// <summary>What was met and dropped since this stream was made.</summary>
    public AnalysisTally Tally;

    /// <summary>Puts the cursor before the first word of a text.</summary>
    public void Reset(string text)
    {
        _text = text;
        _previousEnd = 0;
        _previousKept = false;
        _source.Set(text);
        _tokenizer.SetReader(_source);
        _tokenizer.Reset();
    }

    /// <summary>Moves to the next word that is kept; false at the end of the text, after which only <see cref="Reset"/> may be called.</summary>
    public bool MoveNext()
    {
        while (_tokenizer.IncrementToken())
        {
            SkipTooLong(_position.PositionIncrement - 1);
            int start = _offset.StartOffset, end = _offset.EndOffset;
            bool follows = _previousKept && Joined(_text.AsSpan(_previousEnd, start - _previousEnd));
            _previousEnd = end;
            Tally.Read++;
            _previousKept = Keep(start);
            if (!_previousKept) continue;
            Follows = follows;
            return true;
        }
        _tokenizer.End();
        SkipTooLong(_position.PositionIncrement);
        _tokenizer.Dispose();
        return false;
    }

    /// <summary>The tokenizer skips tokens above its limit (255 code units) and says so only by a jump of the position.</summary>
    void SkipTooLong(int skipped)
    {
        if (skipped == 0) return;
        Tally.Read += skipped;
        Tally.TooLong += skipped;
        _previousKept = false;
    }

    bool Keep(int start)
    {
        ReadOnlySpan<char> token = _term.Buffer.AsSpan(0, _term.Length);
        if (_word.Length < token.Length) _word = new char[Math.Max(256, token.Length)];
        Span<char> word = _word.AsSpan(0, token.Length);
        token.CopyTo(word);
        WordForm.Normalize(word);
        (int coreStart, int coreLength) = WordForm.Core(word, _options.Language).GetOffsetAndLength(word.Length);
        ReadOnlySpan<char> core = word.Slice(coreStart, coreLength);
        (bool letters, bool digits) = Look(core);
        if (!letters && !(digits && _options.Numbers))
            return Drop(ref Tally.Numbers);
        if (_stopWords.Contains(word) || _stopWords.Contains(core))
            return Drop(ref Tally.StopWords);
        if (core.Length < _options.MinimumTokenLength && !ReferenceEquals(_type.Type, _ideographic) && !ReferenceEquals(_type.Type, _hiragana))
            return Drop(ref Tally.TooShort);

        Start = start + coreStart;
        End = Start + coreLength;
        Stem(coreStart, coreLength);
        return true;
    }

    static bool Drop(ref long cause)
    {
        cause++;
        return false;
    }

    /// <summary>Puts the word at the beginning of the buffer, stemmed where that was asked for.</summary>
    void Stem(int start, int length)
    {
        if (start > 0) Array.Copy(_word, start, _word, 0, length);
        _wordLength = length;
        if (_stemmer is null) return;
        _stemmer.SetCurrent(_word, length);
        _stemmer.Stem();
        ReadOnlySpan<char> stem = _stemmer.CurrentBuffer.AsSpan(0, _stemmer.CurrentBufferLength);
        if (stem.IsEmpty) return;
        if (!ReferenceEquals(_stemmer.CurrentBuffer, _word)) stem.CopyTo(_word);
        _wordLength = stem.Length;
    }

    static (bool Letters, bool Digits) Look(ReadOnlySpan<char> word)
    {
        bool digits = false;
        foreach (char c in word)
        {
            // Letters above the basic plane come as surrogates; digits there are rare enough to be taken for letters.
            if (char.IsLetter(c) || char.IsSurrogate(c)) return (true, digits);
            digits |= char.IsDigit(c);
        }
        return (false, digits);
    }

    static bool Joined(ReadOnlySpan<char> gap)
    {
        if (gap.Length == 1 && Hyphens.Contains(gap[0])) return true;
        int lines = 0;
        foreach (char c in gap)
        {
            if (!char.IsWhiteSpace(c)) return false;
            if (c == '\n' && ++lines > 1) return false;
        }
        return true;
    }
}
