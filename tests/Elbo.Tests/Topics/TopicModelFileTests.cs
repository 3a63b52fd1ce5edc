using Elbo.Corpora;
using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Tests.Topics;

public sealed class TopicModelFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("elbo").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0.01)]
    [InlineData(null)]
    public void Save_and_load_infers_the_same_bits(double? eta)
    {
        Corpus corpus = SmallCorpora.Random(seed: 5, documents: 30, terms: 40, tokens: 25);
        TopicModel model = Lda.Fit(corpus, new LdaOptions { Topics = 4, Eta = eta, MaximumIterations = 15, Restarts = 2, UpdateAlpha = ConcentrationUpdate.Asymmetric }, cancellationToken: TestContext.Current.CancellationToken);
        string path = Path.Combine(_folder, "model.elbo");
        TopicModelFile.Save(model, path);
        TopicModel loaded = TopicModelFile.Load(path);

        Assert.Equal(model.Parameters.TermTopic.ToArray(), loaded.Parameters.TermTopic.ToArray());
        Assert.Equal(model.Infer(corpus).SelectMany(row => row.Proportions), loaded.Infer(corpus).SelectMany(row => row.Proportions));
        Assert.Equal(model.Record.Options with { Threads = 1, GuidedTopics = [] }, loaded.Record.Options with { Threads = 1, GuidedTopics = [] });
        Assert.Equal(model.Vocabulary, loaded.Vocabulary);
        Assert.Equal(model.Record.TermCounts, loaded.Record.TermCounts);
        Assert.Equal(model.Record.Traces.Count, loaded.Record.Traces.Count);
        Assert.Equal(model.Trace.Select(iteration => iteration with { Elapsed = default }), loaded.Trace);

        string again = Path.Combine(_folder, "again.elbo");
        TopicModelFile.Save(loaded, again);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(again));
        using var stream = new MemoryStream();
        TopicModelFile.Save(TopicModelFile.Load(new MemoryStream(File.ReadAllBytes(path)), "model"), stream);
        Assert.Equal(File.ReadAllBytes(path), stream.ToArray());
    }

    [Fact]
    public void A_file_cut_at_any_byte_is_an_error_that_names_it()
    {
        Corpus corpus = SmallCorpora.Random(seed: 6, documents: 3, terms: 4, tokens: 5);
        TopicModel model = Lda.Fit(corpus, new LdaOptions { Topics = 2, MaximumIterations = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        string path = Path.Combine(_folder, "model.elbo"), cut = Path.Combine(_folder, "cut.elbo");
        TopicModelFile.Save(model, path);
        byte[] bytes = File.ReadAllBytes(path);
        for (int length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(cut, bytes[..length]);
            var error = Assert.Throws<InvalidDataException>(() => TopicModelFile.Load(cut));
            Assert.Contains(cut, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_flipped_byte_is_an_error_or_another_model_but_never_a_crash()
    {
        Corpus corpus = SmallCorpora.Random(seed: 7, documents: 3, terms: 4, tokens: 5);
        TopicModel model = Lda.Fit(corpus, new LdaOptions { Topics = 2, MaximumIterations = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        string path = Path.Combine(_folder, "model.elbo"), broken = Path.Combine(_folder, "broken.elbo");
        TopicModelFile.Save(model, path);
        byte[] bytes = File.ReadAllBytes(path);
        Philox random = new(3);
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] copy = [.. bytes];
            copy[random.NextInt32(copy.Length)] ^= (byte)(1 << random.NextInt32(8));
            File.WriteAllBytes(broken, copy);
            try
            {
                foreach (DocumentTopics row in TopicModelFile.Load(broken).Infer(corpus)) Assert.Equal(2, row.Proportions.Length);
            }
            catch (InvalidDataException error)
            {
                Assert.Contains(broken, error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_checkpoint_goes_on_to_the_same_bits_through_its_file()
    {
        Corpus corpus = SmallCorpora.Random(seed: 8, documents: 40, terms: 30, tokens: 20);
        var options = new LdaOptions { Topics = 3, MaximumIterations = 12, RelativeTolerance = 1e-12, Restarts = 2 };
        List<string> paths = [];
        TopicModel whole = Lda.Fit(corpus, options, checkpoint: checkpoint =>
        {
            paths.Add(Path.Combine(_folder, $"{paths.Count}.checkpoint"));
            LdaCheckpointFile.Save(checkpoint, paths[^1], new Dictionary<string, string> { ["path"] = "x" });
        }, cancellationToken: TestContext.Current.CancellationToken);
        string expected = Path.Combine(_folder, "whole.elbo"), actual = Path.Combine(_folder, "resumed.elbo");
        TopicModelFile.Save(whole, expected);
        Assert.NotEmpty(paths);
        foreach (string path in paths)
        {
            (LdaCheckpoint checkpoint, IReadOnlyDictionary<string, string> input) = LdaCheckpointFile.Load(path);
            Assert.Equal("x", input["path"]);
            using var stream = new MemoryStream();
            LdaCheckpointFile.Save(checkpoint, stream, input);
            Assert.Equal(File.ReadAllBytes(path), stream.ToArray());
            Assert.Equal(input, LdaCheckpointFile.Load(stream, path).Input);
            TopicModelFile.Save(await Lda.ResumeAsync(corpus, checkpoint, cancellationToken: TestContext.Current.CancellationToken), actual);
            Assert.Equal(File.ReadAllBytes(expected), File.ReadAllBytes(actual));
        }
    }
}
