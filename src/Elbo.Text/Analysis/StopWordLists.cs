using Lucene.Net.Analysis.Util;
using Lucene.Net.Util;

namespace Elbo.Text;

/// <summary>The stop words of the languages: Snowball's lists, as Lucene.NET embeds them, and for English some more.</summary>
static class StopWordLists
{
    /// <summary>Everything that the options drop, in the form that words have when they are looked up.</summary>
    public static HashSet<string> Of(TextOptions options)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        if (options.StopWords && options.Language != TextLanguage.None)
        {
            foreach (string word in Snowball(options.Language)) words.Add(Normalize(word));
            if (options.Language == TextLanguage.English) words.UnionWith(WordList.Embedded("english.txt"));
        }
        foreach (string word in options.ExtraStopWords) words.Add(Normalize(word));
        return words;
    }

    static string Normalize(string word)
    {
        char[] letters = word.ToCharArray();
        WordForm.Normalize(letters);
        return new string(letters);
    }

    static CharArraySet Snowball(TextLanguage language)
    {
        string name = $"Lucene.Net.Analysis.Common.Analysis.Snowball.{language.ToString().ToLowerInvariant()}_stop.txt";
        using var reader = new StreamReader(typeof(CharArraySet).Assembly.GetManifestResourceStream(name)!);
        return WordlistLoader.GetSnowballWordSet(reader, LuceneVersion.LUCENE_48);
    }
}
