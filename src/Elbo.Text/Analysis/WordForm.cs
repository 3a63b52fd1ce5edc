using System.Text;

namespace Elbo.Text;

/// <summary>The written form of a word: lower case, one kind of apostrophe, and what a language hangs on with apostrophes cut off.</summary>
static class WordForm
{
    static readonly string[] EnglishEndings = ["'s", "'re", "'ve", "'ll", "'d", "'m"];

    /// <summary>Articles and pronouns that lose their vowel before another one (l'eau, dell'arte, d'água).</summary>
    static readonly HashSet<string> French = ["c", "d", "j", "jusqu", "l", "lorsqu", "m", "n", "puisqu", "qu", "quoiqu", "s", "t"];
    static readonly HashSet<string> Italian =
        ["agl", "all", "c", "coll", "d", "dagl", "dall", "degl", "dell", "gl", "l", "m", "negl", "nell", "pell", "quell", "quest", "s", "sugl", "sull", "t", "un", "v"];
    static readonly HashSet<string> Portuguese = ["d"];

    /// <summary>Lower case, and a plain apostrophe for the typographic ones; the length stays.</summary>
    public static void Normalize(Span<char> word)
    {
        if (!Ascii.IsValid(word))
        {
            // ToLowerInvariant works on whole strings, so it needs a source apart; words are short.
            Span<char> source = word.Length <= 256 ? stackalloc char[word.Length] : new char[word.Length];
            word.CopyTo(source);
            ((ReadOnlySpan<char>)source).ToLowerInvariant(word);
            foreach (ref char letter in word)
                if (letter is '\u2018' or '\u2019' or '\u02BC' or '\uFF07') letter = '\'';
            return;
        }
        Ascii.ToLowerInPlace(word, out _);
    }

    /// <summary>
    /// The part of a normalised word that carries meaning: government's → government, don't → do, l'eau → eau; underscores around a word
    /// (as in _emphasis_) belong to no language. Never empty unless the word has nothing but underscores.
    /// </summary>
    public static Range Core(ReadOnlySpan<char> word, TextLanguage language)
    {
        int start = 0, end = word.Length;
        while (end > 0 && word[end - 1] == '_') end--;
        while (start < end && word[start] == '_') start++;
        int first = word[start..end].IndexOf('\'');
        if (first <= 0) return start..end;
        switch (language)
        {
            case TextLanguage.English:
                return start..(start + WithoutEnglishEnding(word[start..end]));
            case TextLanguage.German or TextLanguage.Dutch when word[start..end].EndsWith("'s"):
                return start..(end - 2);
            case TextLanguage.French when IsArticle(French, word.Slice(start, first)):
            case TextLanguage.Italian when IsArticle(Italian, word.Slice(start, first)):
            case TextLanguage.Portuguese when IsArticle(Portuguese, word.Slice(start, first)):
                return (start + first + 1)..end;
            default:
                return start..end;
        }
    }

    static bool IsArticle(HashSet<string> articles, ReadOnlySpan<char> beginning) =>
        articles.GetAlternateLookup<ReadOnlySpan<char>>().Contains(beginning);

    static int WithoutEnglishEnding(ReadOnlySpan<char> word)
    {
        // can't is can + n't with the n's run together; won't, shan't and ain't have no whole word in them.
        if (word is "can't") return 3;
        if (word is "won't" or "shan't" or "ain't") return word.Length;
        if (word.Length > 3 && word.EndsWith("n't")) return word.Length - 3;
        foreach (string ending in EnglishEndings)
            if (word.Length > ending.Length && word.EndsWith(ending)) return word.Length - ending.Length;
        return word.Length;
    }
}
