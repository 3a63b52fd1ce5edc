namespace Elbo.Text;

/// <summary>How text becomes tokens. The same options give the same tokens, always; a model made from text keeps them (<see cref="ToProperties"/>).</summary>
public sealed partial record TextOptions
{
    /// <summary>The language of the text, for stop words, apostrophes and stems. Default English.</summary>
    public TextLanguage Language { get; init; } = TextLanguage.English;

    /// <summary>Whether the language's stop words are dropped. Default true.</summary>
    public bool StopWords { get; init; } = true;

    /// <summary>Words to be dropped besides the language's, in any case; compared with the words of the text before stemming. Default none.</summary>
    public IReadOnlyList<string> ExtraStopWords { get; init; } = [];

    /// <summary>Whether words are cut to their stems (Snowball's). Default false: stems make topics harder to read and seldom better.</summary>
    public bool Stemming { get; init; }

    /// <summary>
    /// The least length of a word in UTF-16 code units. Default 2, which keeps AI, EU and TV. Ideographs and hiragana are exempt:
    /// they come one by one.
    /// </summary>
    public int MinimumTokenLength { get; init; } = 2;

    /// <summary>Whether words with digits and no letter (1984, 3.14) are kept. Default false. Words without both are dropped always.</summary>
    public bool Numbers { get; init; }

    /// <summary>
    /// Up to how many neighbouring words are joined by <c>_</c> into a term of its own, besides the words themselves. Default 1: none.
    /// Words are joined only where nothing but white space (no blank line) or a hyphen stands between them: never across a dropped word or the end of a sentence.
    /// </summary>
    public int MaximumNGram { get; init; } = 1;

    /// <summary>These options with the words of a file as further stop words: UTF-8, words separated by white space, <c>#</c> begins a comment.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is not UTF-8 text.</exception>
    public TextOptions WithStopWordFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"The stop-word file '{path}' does not exist.", path);
        return this with { ExtraStopWords = [.. ExtraStopWords, .. WordList.Parse(TextFile.Read(path))] };
    }

    /// <summary>Checks that every option has a sensible value.</summary>
    /// <exception cref="ArgumentException">An option has none; the message names it.</exception>
    internal void Validate()
    {
        if (!Enum.IsDefined(Language))
            throw new ArgumentException($"{nameof(Language)} is {Language}; known languages are {string.Join(", ", Enum.GetNames<TextLanguage>())}.");
        if (Stemming && Language == TextLanguage.None)
            throw new ArgumentException($"{nameof(Stemming)} needs a {nameof(Language)}; it is {Language}.");
        if (MinimumTokenLength < 1)
            throw new ArgumentException($"{nameof(MinimumTokenLength)} is {MinimumTokenLength}; it must be at least 1.");
        if (MaximumNGram is < 1 or > 10)
            throw new ArgumentException($"{nameof(MaximumNGram)} is {MaximumNGram}; it must be from 1 to 10.");
        foreach (string word in ExtraStopWords)
            if (string.IsNullOrEmpty(word) || word.Any(char.IsWhiteSpace))
                throw new ArgumentException($"The extra stop word '{word}' is empty or has white space in it; stop words are single words.");
    }
}
