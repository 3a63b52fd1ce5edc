using Elbo.Corpora;
using Elbo.Numerics;
using Elbo.Tests.Files;

namespace Elbo.Tests.Corpora;

public sealed class CorpusFileWriterTests : IDisposable
{
    static readonly Dictionary<string, string> NoProperties = [];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_larger_than_their_memory_go_through_files_that_are_deleted()
    {
        int[] tokens = [.. Enumerable.Range(0, 10_007).Select(i => i * 31 % 1_000)];
        int[] starts = [.. Enumerable.Range(0, tokens.Length)];
        int[] lengths = [.. Enumerable.Repeat(1, tokens.Length)];
        using (var writer = new CorpusFileWriter(_folder["c"]))
        {
            for (int document = 0; document < 60; document++)
                writer.AddTokens(tokens.AsSpan(document), starts.AsSpan(document), lengths.AsSpan(document), label: "label");
            Assert.True(_folder.Files.Length > 1);
            Assert.DoesNotContain("c", _folder.Files);
            writer.Complete(Vocabulary.Numbered(1_000), NoProperties, TestContext.Current.CancellationToken);
        }
        Assert.Equal(["c"], _folder.Files);
        using Corpus opened = CorpusFile.Open(_folder["c"]);
        Assert.Equal(60, opened.DocumentCount);
        for (int document = 0; document < 60; document++)
        {
            Assert.Equal(tokens[document..], opened.Tokens(document).ToArray());
            Assert.Equal(starts[document..], opened.TokenStarts(document).ToArray());
            Assert.Equal("label", opened.Label(document));
        }
    }

    [Fact]
    public void Without_completion_nothing_remains()
    {
        string path = _folder.Write("c", "old");
        using (var writer = new CorpusFileWriter(path))
            for (int document = 0; document < 100_000; document++)
                writer.AddCounts([1, 2, 3, 4], [1, 1, 1, 1]);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["c"], _folder.Files);
    }

    [Fact]
    public void A_full_disk_at_any_time_is_named_and_leaves_nothing()
    {
        foreach (long room in (long[])[0, 100, 1_500_000, 3_000_000, 5_000_000])
        {
            var error = Assert.ThrowsAny<IOException>(() =>
            {
                using var writer = new CorpusFileWriter(_folder["c"], FullDisk.After(room));
                for (int document = 0; document < 100_000; document++)
                    writer.AddCounts([1, 2, 3, 4], [1, 1, 1, 1]);
                writer.Complete(Vocabulary.Numbered(5), NoProperties, TestContext.Current.CancellationToken);
            });
            Assert.Contains($"Cannot write '{_folder["c"]}': the disk is full", error.Message, StringComparison.Ordinal);
            Assert.Empty(_folder.Files);
        }
    }

    [Fact]
    public void After_a_full_disk_the_half_cannot_be_completed()
    {
        using var writer = new CorpusFileWriter(_folder["c"], FullDisk.After(0));
        Assert.ThrowsAny<IOException>(() =>
        {
            for (int document = 0; document < 1_000_000; document++) writer.AddCounts([1, 2, 3, 4], [1, 1, 1, 1]);
        });
        Assert.Throws<InvalidOperationException>(() => writer.Complete(Vocabulary.Numbered(5), NoProperties, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_wrong_document_is_named_and_not_added()
    {
        using var writer = new CorpusFileWriter(_folder["c"]);
        writer.AddCounts([2, 0], [1, 3]);
        AssertBad(() => writer.AddCounts([0], [0]), "Document 1 has the count 0 for term 0");
        AssertBad(() => writer.AddCounts([0, 0], [1, 1]), "Document 1 has term 0 twice");
        AssertBad(() => writer.AddCounts([-1], [1]), "Document 1 has term -1; ids count from 0");
        AssertBad(() => writer.AddCounts([0], []), "Document 1 has 1 terms and 0 counts");
        Assert.Throws<InvalidOperationException>(() => writer.AddTokens([0], [0], [1]));
        AssertBad(() => writer.Complete(Vocabulary.Numbered(2), NoProperties, TestContext.Current.CancellationToken), "has term 2, but the vocabulary has 2 terms");
        writer.Complete(Vocabulary.Numbered(3), NoProperties, TestContext.Current.CancellationToken);
        using Corpus opened = CorpusFile.Open(_folder["c"]);
        Assert.Equal(1, opened.DocumentCount);
        Assert.Equal([0, 2], opened.Terms(0).ToArray());
        Assert.Equal([3, 1], opened.Counts(0).ToArray());
        Assert.Throws<ObjectDisposedException>(() => writer.AddCounts([], []));
    }

    [Fact]
    public void A_bag_of_tokens_in_any_order_is_counted()
    {
        var random = new Philox(9);
        using (var writer = new CorpusFileWriter(_folder["c"]))
        {
            var builder = new CorpusBuilder(Vocabulary.Numbered(100_000));
            // Short documents are sorted in another way than long ones, and ids of one byte in fewer steps than those of three.
            foreach ((int length, int terms) in ((int, int)[])[(0, 5), (1, 5), (63, 200), (64, 200), (500, 300), (5_000, 100_000), (5_000, 1)])
            {
                int[] tokens = [.. Enumerable.Range(0, length).Select(_ => random.NextInt32(terms))];
                writer.AddBag(tokens);
                builder.Add(tokens.CountBy(token => token).Select(pair => (pair.Key, pair.Value)));
            }
            AssertBad(() => writer.AddBag([3, -2, 1]), "Document 7 has term -2; ids count from 0");
            Corpus expected = builder.Build();
            Assert.Equal(expected.EntryCount, writer.EntryCount);
            writer.Complete(expected.Vocabulary, NoProperties, TestContext.Current.CancellationToken);
            using Corpus opened = CorpusFile.Open(_folder["c"]);
            Assert.Equal(expected.Checksum, opened.Checksum);
        }
        AssertBad(() => new CorpusBuilder(Vocabulary.Numbered(2)).AddBag([0, 2]), "Document 0 has term 2, but the vocabulary has 2 terms");
    }

    [Fact]
    public void A_wrong_place_in_the_text_is_named()
    {
        using var writer = new CorpusFileWriter(_folder["c"]);
        AssertBad(() => writer.AddTokens([0], [-1], [1]), "Document 0 has a token that begins at -1");
        AssertBad(() => writer.AddTokens([0], [1], [int.MaxValue]), "which is no place in a text");
        AssertBad(() => writer.AddTokens([0], [1], []), "Document 0 has 1 tokens, 1 starts and 0 lengths");
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_term_is_refused_and_in_an_id_replaced()
    {
        using (var writer = new CorpusFileWriter(_folder["c"]))
        {
            writer.AddCounts([0], [1], id: "a\ud800");
            AssertBad(() => writer.Complete(new Vocabulary(["\ud800"]), NoProperties, TestContext.Current.CancellationToken), "no Unicode text");
        }
        Assert.Empty(_folder.Files);
        using (var writer = new CorpusFileWriter(_folder["c"]))
        {
            writer.AddCounts([0], [1], id: "a\ud800");
            writer.Complete(new Vocabulary(["a"]), NoProperties, TestContext.Current.CancellationToken);
        }
        using Corpus opened = CorpusFile.Open(_folder["c"]);
        Assert.Equal("a\ufffd", opened.Id(0));
    }

    static void AssertBad(Action act, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(act).Message, StringComparison.Ordinal);
}
