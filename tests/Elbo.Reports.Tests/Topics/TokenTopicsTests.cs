using Elbo.Corpora;
using Elbo.Numerics;
using Elbo.Reports.Topics;
using Elbo.Topics;

namespace Elbo.Reports.Tests.Topics;

public sealed class TokenTopicsTests
{
    // With two topics the likelier one's φ tells both, and the E-step's fixed point is γ = α + Σ φ.
    [Theory]
    [InlineData(0.05)]
    [InlineData(null)]
    public void Responsibilities_are_those_of_the_E_step(double? eta)
    {
        (Corpus corpus, _) = TopicCases.Texts(12);
        TopicModel model = Lda.Fit(corpus, new LdaOptions { Topics = 2, Eta = eta, EStep = TopicEStep.MeanField, Document = new DocumentOptions { Tolerance = 1e-13, MaximumUpdates = 5000 } }, cancellationToken: TestContext.Current.CancellationToken);
        var tokenTopics = new TokenTopics(model.Parameters);
        foreach (DocumentTopics document in model.Infer(corpus))
        {
            tokenTopics.Turn(document.Proportions, document.Tokens);
            double gamma = model.Parameters.Alpha[0];
            foreach (int term in corpus.Tokens(document.Document))
            {
                (int topic, double phi) = tokenTopics.Likeliest(term)!.Value;
                Assert.InRange(phi, 0.5, 1);
                gamma += topic == 0 ? phi : 1 - phi;
            }
            Assert.Equal(document.Proportions[0] * (document.Tokens + 0.2), gamma, 1e-8);
        }
    }

    [Fact]
    public void Responsibilities_are_those_of_the_formula_and_impossible_terms_have_none()
    {
        double[][] topics = TopicCases.Topics(5, 6, 10, 0.3);
        foreach (double[] topic in topics) (topic[0], topic[1]) = (topic[0] + topic[1], 0);
        TopicModel model = TopicCases.Model(topics);
        double[] proportions = [0.4, 0.3, 0.1, 0.1, 0.05, 0.05];
        var tokenTopics = new TokenTopics(model.Parameters);
        tokenTopics.Turn(proportions, 30);
        Assert.Null(tokenTopics.Likeliest(1));
        foreach (int term in new[] { 0, 2, 3, 4, 5, 6, 7, 8, 9 })
        {
            double[] phi = [.. proportions.Select((share, topic) => topics[topic][term] * Math.Exp(SpecialFunctions.Digamma(share * (30 + 6 * 0.1))))];
            Assert.Equal(Array.IndexOf(phi, phi.Max()), tokenTopics.Likeliest(term)!.Value.Topic);
            Assert.Equal(phi.Max() / phi.Sum(), tokenTopics.Likeliest(term)!.Value.Probability, 12);
        }
    }
}
