using Elbo.Topics;

namespace Elbo.Tests.Topics;

public sealed class TopicLabelTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("elbo").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    static TopicModel Model() => Lda.Fit(SmallCorpora.Random(seed: 9, documents: 6, terms: 8, tokens: 10), new LdaOptions { Topics = 3, MaximumIterations = 2 }, cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public void Labels_of_any_script_are_kept_in_the_file_and_files_without_them_stay_the_same()
    {
        TopicModel model = Model();
        string bare = Path.Combine(_folder, "bare.elbo"), labelled = Path.Combine(_folder, "labelled.elbo"), again = Path.Combine(_folder, "again.elbo");
        TopicModelFile.Save(model, bare);
        Assert.All(model.Topics, topic => Assert.Null(topic.Label));
        TopicModelFile.Save(model.WithLabels(new Dictionary<int, string> { [2] = "Märkte 市場 🚀", [0] = "<b>\"x\"</b>" }), labelled);
        TopicModel loaded = TopicModelFile.Load(labelled);
        Assert.Equal(["<b>\"x\"</b>", null, "Märkte 市場 🚀"], loaded.Topics.Select(topic => topic.Label));
        Assert.Equal(model.Parameters.TermTopic.ToArray(), loaded.Parameters.TermTopic.ToArray());
        TopicModelFile.Save(loaded, again);
        Assert.Equal(File.ReadAllBytes(labelled), File.ReadAllBytes(again));
        TopicModelFile.Save(loaded.WithLabels(new Dictionary<int, string>()), again);
        Assert.Equal(File.ReadAllBytes(bare), File.ReadAllBytes(again));
        Assert.DoesNotContain("topic_label", File.ReadAllText(bare), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "x", "no topic 3")]
    [InlineData(-1, "x", "no topic -1")]
    [InlineData(1, "", "topic 1 is blank")]
    [InlineData(1, " \t", "topic 1 is blank")]
    [InlineData(1, "a\nb", "U+000A")]
    [InlineData(1, "a\u001b[31m", "U+001B")]
    [InlineData(1, "a\u2028b", "U+2028")]
    [InlineData(1, "\ud83d", "U+FFFD")]
    public void What_is_no_label_is_refused_by_name(int topic, string label, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => Model().WithLabels(new Dictionary<int, string> { [topic] = label }));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_have_a_longest_length()
    {
        TopicModel model = Model();
        Assert.Equal(100, model.WithLabels(new Dictionary<int, string> { [1] = new('x', 100) }).Topics[1].Label!.Length);
        Assert.Contains("topic 1 has 101", Assert.Throws<ArgumentException>(() => model.WithLabels(new Dictionary<int, string> { [1] = new('x', 101) })).Message, StringComparison.Ordinal);
    }
}
