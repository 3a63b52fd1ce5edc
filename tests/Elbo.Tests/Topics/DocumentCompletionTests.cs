using Elbo.Corpora;
using Elbo.Topics;

namespace Elbo.Tests.Topics;

public sealed class DocumentCompletionTests
{
    [Fact]
    public void One_topic_scores_by_its_own_probabilities()
    {
        TopicModel model = LdaCases.Model(new LdaParameters([0.25, 0.75, 0], [0.3], null), Vocabulary.Numbered(3), [10, 10, 0]);
        // Term 2, which the topic finds impossible, is scored at the floor; a term that the model does not have is not scored.
        var other = new CorpusBuilder(Vocabulary.Numbered(4));
        other.Add([(0, 2), (1, 1), (3, 5)]);
        other.Add([(1, 1), (2, 1)]);
        CompletionScore score = DocumentCompletion.Score(model, LdaCases.Build(3, [(0, 1)], [(2, 3)]), other.Build());
        AssertClose(2 * Math.Log(0.25) + 2 * Math.Log(0.75) + Math.Log(1e-12), score.All.LogLikelihood);
        AssertClose(2 * Math.Log(0.25) + 2 * Math.Log(0.75), score.Seen.LogLikelihood);
        Assert.Equal((5L, 4L), (score.All.Tokens, score.Seen.Tokens));
        Assert.Equal((2, 0, 5L), (score.Documents, score.SkippedDocuments, score.UnknownTokens));
        AssertClose(Math.Exp(-score.All.LogLikelihood / 5), score.All.Perplexity);
        AssertClose(score.All.LogLikelihood / 5, score.All.PerToken);
    }

    [Fact]
    public void Topics_without_common_terms_are_computed_by_hand()
    {
        // Three observed tokens of the first topic's term: γ = (α + 3, α), E[ϑ] = (3.5, 0.5) / 4. The other topics' terms are floored at 1e-12.
        TopicModel model = LdaCases.Model(new LdaParameters([1, 0, 0, 1], [0.5, 0.5], null), Vocabulary.Numbered(2), [7, 0]);
        CompletionScore score = DocumentCompletion.Score(model, LdaCases.Build(2, [(0, 3)]), LdaCases.Build(2, [(0, 2), (1, 1)]));
        AssertClose(2 * Math.Log(3.5 / 4) + Math.Log(0.5 / 4), score.All.LogLikelihood);
        // Term 1 does not occur in training.
        AssertClose(2 * Math.Log(3.5 / 4), score.Seen.LogLikelihood);
        Assert.Equal((3L, 2L), (score.All.Tokens, score.Seen.Tokens));
    }

    [Fact]
    public void Smoothed_topics_are_scored_at_their_means()
    {
        TopicModel model = LdaCases.Model(new LdaParameters([1, 3, 6], [0.3], new TopicPrior(0.5)), Vocabulary.Numbered(3));
        CompletionScore score = DocumentCompletion.Score(model, LdaCases.Build(3, [(0, 1)]), LdaCases.Build(3, [(1, 1), (2, 2)]));
        AssertClose(Math.Log(0.3) + 2 * Math.Log(0.6), score.All.LogLikelihood);
    }

    [Fact]
    public void Documents_with_an_empty_half_are_skipped()
    {
        TopicModel model = Fitted(out Corpus corpus);
        Corpus observed = LdaCases.Build(16, [(0, 1)], [], [(1, 1)], []), heldOut = LdaCases.Build(16, [(2, 1)], [(3, 5)], [], []);
        CompletionScore score = DocumentCompletion.Score(model, observed, heldOut);
        Assert.Equal((1, 3, 1L), (score.Documents, score.SkippedDocuments, score.All.Tokens));

        // Of whole documents, those of no token and of one.
        score = model.Evaluate(LdaCases.Build(16, [], [(3, 1)], [(3, 2)]));
        Assert.Equal((1, 2, 1L), (score.Documents, score.SkippedDocuments, score.All.Tokens));
        score = model.Evaluate(LdaCases.Build(16, [], [(3, 1)]));
        Assert.Equal((0, 0L), (score.Documents, score.All.Tokens));
        Assert.True(double.IsNaN(score.All.PerToken));
        Assert.Equal(corpus.Vocabulary.Count, model.Vocabulary.Count);
    }

    [Fact]
    public void The_score_of_a_union_is_the_sum_of_the_scores_in_any_order()
    {
        TopicModel model = Fitted(out _);
        (Corpus observed, Corpus heldOut) = Halves();
        CompletionScore whole = DocumentCompletion.Score(model, observed, heldOut);
        TokenScore all = default, seen = default;
        foreach (int[] part in new[] { Enumerable.Range(0, 3).ToArray(), [.. Enumerable.Range(3, 1)], [.. Enumerable.Range(4, observed.DocumentCount - 4)] })
        {
            CompletionScore own = DocumentCompletion.Score(model, Pick(observed, part), Pick(heldOut, part));
            all = new TokenScore(all.LogLikelihood + own.All.LogLikelihood, all.Tokens + own.All.Tokens);
            seen = new TokenScore(seen.LogLikelihood + own.Seen.LogLikelihood, seen.Tokens + own.Seen.Tokens);
        }
        AssertClose(whole.All.LogLikelihood, all.LogLikelihood);
        AssertClose(whole.Seen.LogLikelihood, seen.LogLikelihood);
        Assert.Equal((whole.All.Tokens, whole.Seen.Tokens), (all.Tokens, seen.Tokens));

        int[] reversed = [.. Enumerable.Range(0, observed.DocumentCount).Reverse()];
        CompletionScore backwards = DocumentCompletion.Score(model, Pick(observed, reversed), Pick(heldOut, reversed));
        AssertClose(whole.All.LogLikelihood, backwards.All.LogLikelihood);
        Assert.Equal(whole with { All = default, Seen = default }, backwards with { All = default, Seen = default });
    }

    [Fact]
    public void A_seeded_split_observes_the_larger_half()
    {
        TopicModel model = Fitted(out _);
        Corpus corpus = SmallCorpora.Random(seed: 22, documents: 10, terms: 16, tokens: 15);
        CompletionScore one = model.Evaluate(corpus, seed: 1);
        Assert.Equal(10 * 7, one.All.Tokens);
        Assert.Equal(one, model.Evaluate(corpus, seed: 1, threads: 3));
        Assert.NotEqual(one.All.LogLikelihood, model.Evaluate(corpus, seed: 2).All.LogLikelihood);
    }

    [Fact]
    public void Halves_must_be_of_the_same_documents()
    {
        TopicModel model = Fitted(out _);
        var error = Assert.Throws<ArgumentException>(() => DocumentCompletion.Score(model, LdaCases.Build(16, [(0, 1)]), LdaCases.Build(16, [], [])));
        Assert.Contains("The observed half has 1 documents and the held-out half 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fitted_topics_tell_held_out_halves_better_than_one_topic()
    {
        TopicModel two = Fitted(out Corpus corpus);
        TopicModel one = Lda.Fit(corpus, new LdaOptions { Topics = 1, Threads = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        Corpus test = SmallCorpora.Random(seed: 23, documents: 30, terms: 16, tokens: 30);
        Assert.True(two.Evaluate(test).All.PerToken > one.Evaluate(test).All.PerToken + 0.1);
    }

    static TopicModel Fitted(out Corpus corpus)
    {
        corpus = SmallCorpora.Random(seed: 20, documents: 40, terms: 16, tokens: 30);
        return Lda.Fit(corpus, new LdaOptions { Topics = 2, Threads = 1 }, cancellationToken: TestContext.Current.CancellationToken);
    }

    static (Corpus, Corpus) Halves() => (SmallCorpora.Random(seed: 21, documents: 12, terms: 16, tokens: 9), SmallCorpora.Random(seed: 24, documents: 12, terms: 16, tokens: 8));

    static Corpus Pick(Corpus corpus, int[] documents) =>
        LdaCases.Build(corpus.Vocabulary.Count, [.. documents.Select(document => corpus.Terms(document).ToArray().Zip(corpus.Counts(document).ToArray()).ToArray())]);

    static void AssertClose(double expected, double actual) => Assert.Equal(expected, actual, 1e-9 * (1 + Math.Abs(expected)));
}
