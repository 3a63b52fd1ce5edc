using Elbo.Corpora;
using Elbo.Text;
using Elbo.Topics;

namespace Elbo.Tests;

public sealed class TopicModelTextTests
{
    [Fact]
    public void A_text_is_analysed_as_the_training_text_was_and_inferred_to_the_same_bits()
    {
        string[] texts = ["The river floods the meadow; rivers, rain and water.", "A bank lends money. Interest and money, credit and loans!", "Rain fills the river with water.", "Loans, credit, interest: the bank's money."];
        ImportResult import = TextCorpus.Build(TextSource.FromTexts(texts), new ImportOptions { MinimumDocumentFrequency = DocumentFrequency.Count(1), MaximumDocumentFrequency = DocumentFrequency.Share(1) }, cancellationToken: TestContext.Current.CancellationToken);
        TopicModel model = Lda.Fit(import.Corpus, new LdaOptions { Topics = 2, MaximumIterations = 20 }, cancellationToken: TestContext.Current.CancellationToken);

        List<DocumentTopics> rows = [.. model.Infer(import.Corpus)];
        for (int i = 0; i < texts.Length; i++)
            Assert.Equal(rows[i].Proportions, model.Infer(texts[i]).Proportions);

        DocumentTopics strange = model.Infer("river water zebra quagga");
        Assert.Equal(4, strange.Tokens);
        Assert.Equal(0.5, strange.UnknownShare);
    }

    [Fact]
    public void A_model_of_counts_says_that_it_knows_no_text()
    {
        var builder = new CorpusBuilder(new Vocabulary(["a", "b"]));
        builder.Add([(0, 2), (1, 1)]);
        TopicModel model = Lda.Fit(builder.Build(), new LdaOptions { Topics = 1, MaximumIterations = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains("counts", Assert.Throws<InvalidOperationException>(() => model.Infer("a b")).Message, StringComparison.Ordinal);
    }
}
