using Elbo.Corpora;
using Elbo.Topics;

namespace Elbo.Tests.Topics.Sweeps;

/// <summary>Quality does not slip unseen: held-out scores on a small corpus drawn from known topics, against those committed here, and between unigram and oracle.</summary>
public sealed class CommittedScoreTests
{
    const double Oracle = -4.9324, Unigram = -5.6341;

    static readonly LdaGenerator Generator = new(new LdaGeneratorOptions { Topics = 10, Terms = 400, Length = 80, Seed = 3 });

    [Theory]
    [InlineData(TopicEStep.MeanField, Precision.Double, -4.9463)]
    [InlineData(TopicEStep.MeanField, Precision.Single, -4.9460)]
    [InlineData(TopicEStep.Map, Precision.Double, -4.9519)]
    [InlineData(TopicEStep.Map, Precision.Single, -4.9527)]
    [InlineData(TopicEStep.Collapsed, Precision.Single, -4.9455)]
    [InlineData(TopicEStep.OnlineMap, Precision.Single, -4.9482)]
    [InlineData(TopicEStep.OnlineMeanField, Precision.Single, -4.9463)]
    public void A_fit_scores_as_it_did(TopicEStep eStep, Precision precision, double committed)
    {
        (Corpus corpus, LdaDraw draw) = Generator.Draw(1500);
        Corpus heldOut = Generator.Draw(300, LdaGenerator.HeldOut).Corpus;
        Assert.Equal(Oracle, Generator.Truth(draw).Evaluate(heldOut).All.PerToken, 0.001);
        Assert.Equal(Unigram, Generator.Unigram(draw).Evaluate(heldOut).All.PerToken, 0.001);
        TopicModel model = Lda.Fit(corpus, new LdaOptions { Topics = 10, EStep = eStep, Precision = precision, Threads = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        double score = model.Evaluate(heldOut).All.PerToken;
        Assert.Equal(committed, score, 0.02);
        Assert.InRange(score, Unigram, Oracle + 0.02);
    }
}
