using Elbo.Corpora;

namespace Elbo.Tests;

public sealed class CorpusTests
{
    [Fact]
    public void Counts_are_kept_in_order_of_terms()
    {
        var builder = new CorpusBuilder(new Vocabulary(["a", "b", "c"]));
        builder.Add([(2, 1), (0, 3)], id: "first");
        builder.Add([]);
        Corpus corpus = builder.Build();

        Assert.Equal(2, corpus.DocumentCount);
        Assert.Equal(4, corpus.TokenCount);
        Assert.Equal([0, 2], corpus.Terms(0).ToArray());
        Assert.Equal([3, 1], corpus.Counts(0).ToArray());
        Assert.True(corpus.Terms(1).IsEmpty);
        Assert.Equal("first", corpus.Id(0));
        Assert.False(corpus.HasTokens);
    }

    [Fact]
    public void Tokens_keep_their_order_and_places()
    {
        var builder = new CorpusBuilder(new Vocabulary(["a", "b"]));
        builder.Add([1, 0, 1], [0, 4, 8], [3, 3, 3], label: "x");
        Corpus corpus = builder.Build();

        Assert.Equal([0, 1], corpus.Terms(0).ToArray());
        Assert.Equal([1, 2], corpus.Counts(0).ToArray());
        Assert.Equal([1, 0, 1], corpus.Tokens(0).ToArray());
        Assert.Equal([0, 4, 8], corpus.TokenStarts(0).ToArray());
        Assert.Equal("x", corpus.Label(0));
    }

    [Fact]
    public void A_term_outside_the_vocabulary_is_named()
    {
        var builder = new CorpusBuilder(new Vocabulary(["a", "b"]));
        var error = Assert.Throws<ArgumentException>(() => builder.Add([(2, 1)]));
        Assert.Contains("Document 0 has term 2", error.Message, StringComparison.Ordinal);
    }
}
