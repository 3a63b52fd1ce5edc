using CsCheck;
using Elbo.Corpora;

namespace Elbo.Tests.Corpora;

/// <summary>Small corpora of all kinds: empty documents, no labels, some labels, any script.</summary>
static class CorpusGen
{
    static readonly string[] Words = ["a", "the", "Ärger", "東京", "𝛌", "it's", "x\"y", " ", "naïve", "🎈"];

    static readonly Gen<string?> Text = Gen.OneOf(new string?[] { null, "", "one", "zwölf", "文書 1", "a\nb", "🎈" }.Select(Gen.Const).ToArray());

    public static readonly Gen<Vocabulary> Vocabulary = Gen.Int[1, Words.Length].Select(count => new Vocabulary(Words.Take(count)));

    /// <summary>Corpora of counts alone, as lda-c and UCI files give them.</summary>
    public static readonly Gen<Corpus> OfCounts =
        from vocabulary in Vocabulary
        from documents in Gen.Dictionary(Gen.Int[0, vocabulary.Count - 1], Gen.Int[1, 5])[0, vocabulary.Count].Array[1, 5]
        from texts in Gen.Select(Text, Text, Text).Array[documents.Length]
        from named in Gen.Bool
        select Build(vocabulary, builder =>
        {
            for (int d = 0; d < documents.Length; d++)
            {
                (string? id, string? label, string? source) = named ? texts[d] : default;
                builder.Add(documents[d].Select(pair => (pair.Key, pair.Value)), id, label, source);
            }
        });

    /// <summary>Corpora with tokens in order.</summary>
    public static readonly Gen<Corpus> OfTokens =
        from vocabulary in Vocabulary
        from documents in Gen.Select(Gen.Int[0, vocabulary.Count - 1], Gen.Int[0, 1000], Gen.Int[0, 9]).Array[0, 8].Array[1, 5]
        from texts in Gen.Select(Text, Text, Text).Array[documents.Length]
        from named in Gen.Bool
        select Build(vocabulary, builder =>
        {
            builder.Properties["language"] = "any: ü";
            for (int d = 0; d < documents.Length; d++)
            {
                (string? id, string? label, string? source) = named ? texts[d] : default;
                builder.Add([.. documents[d].Select(token => token.Item1)], [.. documents[d].Select(token => token.Item2)], [.. documents[d].Select(token => token.Item3)], id, label, source);
            }
        });

    public static Corpus Build(Vocabulary vocabulary, Action<CorpusBuilder> add)
    {
        var builder = new CorpusBuilder(vocabulary);
        add(builder);
        return builder.Build();
    }

    public static void AssertSameCounts(Corpus expected, Corpus actual)
    {
        Assert.Equal(expected.Vocabulary, actual.Vocabulary);
        Assert.Equal(expected.DocumentCount, actual.DocumentCount);
        Assert.Equal(expected.EntryCount, actual.EntryCount);
        Assert.Equal(expected.TokenCount, actual.TokenCount);
        for (int d = 0; d < expected.DocumentCount; d++)
        {
            Assert.Equal(expected.Terms(d).ToArray(), actual.Terms(d).ToArray());
            Assert.Equal(expected.Counts(d).ToArray(), actual.Counts(d).ToArray());
        }
        Assert.Equal(expected.Checksum, actual.Checksum);
    }

    public static void AssertSame(Corpus expected, Corpus actual)
    {
        AssertSameCounts(expected, actual);
        Assert.Equal(expected.HasTokens, actual.HasTokens);
        Assert.Equal(expected.HasLabels, actual.HasLabels);
        Assert.Equal(expected.Properties.OrderBy(pair => pair.Key), actual.Properties.OrderBy(pair => pair.Key));
        for (int d = 0; d < expected.DocumentCount; d++)
        {
            Assert.Equal(expected.Id(d), actual.Id(d));
            Assert.Equal(expected.Label(d), actual.Label(d));
            Assert.Equal(expected.Source(d), actual.Source(d));
            if (!expected.HasTokens) continue;
            Assert.Equal(expected.Tokens(d).ToArray(), actual.Tokens(d).ToArray());
            Assert.Equal(expected.TokenStarts(d).ToArray(), actual.TokenStarts(d).ToArray());
            Assert.Equal(expected.TokenLengths(d).ToArray(), actual.TokenLengths(d).ToArray());
        }
    }
}
