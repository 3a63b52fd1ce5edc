using Lucene.Net.Tartarus.Snowball;
using Lucene.Net.Tartarus.Snowball.Ext;

namespace Elbo.Text;

/// <summary>The Snowball stemmers of the languages. A stemmer holds the word it works on: one for each thread.</summary>
static class Stemmers
{
    public static SnowballProgram Create(TextLanguage language) => language switch
    {
        TextLanguage.English => new EnglishStemmer(),
        TextLanguage.Danish => new DanishStemmer(),
        TextLanguage.Dutch => new DutchStemmer(),
        TextLanguage.Finnish => new FinnishStemmer(),
        TextLanguage.French => new FrenchStemmer(),
        TextLanguage.German => new GermanStemmer(),
        TextLanguage.Hungarian => new HungarianStemmer(),
        TextLanguage.Italian => new ItalianStemmer(),
        TextLanguage.Norwegian => new NorwegianStemmer(),
        TextLanguage.Portuguese => new PortugueseStemmer(),
        TextLanguage.Russian => new RussianStemmer(),
        TextLanguage.Spanish => new SpanishStemmer(),
        TextLanguage.Swedish => new SwedishStemmer(),
        _ => throw new ArgumentOutOfRangeException(nameof(language), language, "There is no stemmer for this language."),
    };
}
