using CsCheck;
using Elbo.Corpora;
using Elbo.Tests.Files;

namespace Elbo.Tests.Corpora;

public sealed class UciFormatTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("4\n3\n4\n1 3 2\n1 1 1\n3 2 4\n3 3 1\n")]
    [InlineData("4\r\n3\r\n4\r\n1 3 2\r\n1 1 1\r\n3 2 4\r\n3 3 1")]
    [InlineData("4\n3\n4\n3 2 4\n1 3 2\n3 3 1\n1 1 1\n")]
    public void Entries_are_read_in_any_order(string text)
    {
        Corpus corpus = UciFormat.Read(_folder.Write("docword", text), _folder.Write("vocab", "a\nb\nc\n"));
        Assert.Equal(4, corpus.DocumentCount);
        Assert.Equal(8, corpus.TokenCount);
        Assert.Equal([0, 2], corpus.Terms(0).ToArray());
        Assert.Equal([1, 2], corpus.Counts(0).ToArray());
        Assert.True(corpus.Terms(1).IsEmpty);
        Assert.Equal([1, 2], corpus.Terms(2).ToArray());
        Assert.Equal([4, 1], corpus.Counts(2).ToArray());
        Assert.True(corpus.Terms(3).IsEmpty);
        Assert.Equal(["a", "b", "c"], corpus.Vocabulary);
    }

    [Fact]
    public void Without_a_vocabulary_the_header_says_how_many_terms_there_are() =>
        Assert.Equal(["0", "1", "2"], UciFormat.Read(_folder.Write("docword", "1\n3\n1\n1 1 1\n"), null).Vocabulary);

    [Theory]
    [InlineData("docword", "vocab")]
    [InlineData("docword.gz", "vocab.gz")]
    public void What_is_written_reads_the_same(string documents, string vocabulary) =>
        CorpusGen.OfCounts.Sample(corpus =>
        {
            UciFormat.Write(corpus, _folder[documents], _folder[vocabulary]);
            CorpusGen.AssertSameCounts(corpus, UciFormat.Read(_folder[documents], _folder[vocabulary]));
        }, iter: 30, threads: 1);

    [Fact]
    public void Shuffled_entries_give_the_same_corpus() =>
        Gen.Select(CorpusGen.OfCounts, Gen.Int).Sample((corpus, seed) =>
        {
            UciFormat.Write(corpus, _folder["docword"], _folder["vocab"]);
            string[] lines = File.ReadAllLines(_folder["docword"]);
            lines = [.. lines[..3], .. lines[3..].Select((line, i) => (line, key: (uint)(i + seed) * 2654435761u)).OrderBy(pair => pair.key).Select(pair => pair.line)];
            CorpusGen.AssertSameCounts(corpus, UciFormat.Read(_folder.Write("docword", string.Join('\n', lines)), _folder["vocab"]));
        }, iter: 30, threads: 1);

    [Theory]
    [InlineData("x\n", 1, "must hold the number of documents and nothing else, and holds 'x'")]
    [InlineData("2\n3 4\n", 2, "must hold the number of words")]
    [InlineData("2\n3\n-1\n", 3, "must hold the number of entries")]
    [InlineData("2\n3\n\n", 3, "must hold the number of entries")]
    [InlineData("2\n4\n0\n", 2, "the header announces 4 words, and the vocabulary")]
    [InlineData("3000000000\n3\n0\n", 1, "the header announces 3000000000 documents")]
    [InlineData("2000000000\n3\n1\n1 1 1\n", 1, "nearly all would be empty")]
    [InlineData("2\n3\n2\n1 1 1\n", 4, "the file ends after 1 entries, and its header (line 3) announces 2")]
    [InlineData("2\n3\n1\n1 1 1\n2 1 1\n", 5, "announces 1 entries, and here is one more")]
    [InlineData("2\n3\n2\n1 1 1\n\n2 1 1\n", 5, "the line is blank")]
    [InlineData("2\n3\n1\n3 1 1\n", 4, "the docID 3 is not between 1 and 2")]
    [InlineData("2\n3\n1\n0 1 1\n", 4, "the docID 0 is not between 1 and 2")]
    [InlineData("2\n3\n1\n1 4 1\n", 4, "the wordID 4 is not between 1 and 3")]
    [InlineData("2\n3\n1\n1 0 1\n", 4, "the wordID 0 is not between 1 and 3")]
    [InlineData("2\n3\n1\n1 1 0\n", 4, "the count is 0")]
    [InlineData("2\n3\n1\n1 1 -1\n", 4, "the count is -1")]
    [InlineData("2\n3\n1\n1 1 2147483648\n", 4, "the count is above 2147483647")]
    [InlineData("2\n3\n1\n1 1 1.5\n", 4, "the count '1.5' is not a whole number")]
    [InlineData("2\n3\n1\n1 x 1\n", 4, "the wordID 'x' is not a whole number")]
    [InlineData("2\n3\n1\n1 1\n", 4, "the count is missing")]
    [InlineData("2\n3\n1\n1 1 1 1\n", 4, "'1' follows the count")]
    [InlineData("2\n3\n3\n1 2 1\n1 1 1\n1 2 7\n", 6, "document 1 has word 2 for the second time, first in line 4")]
    [InlineData("2\n3\n3\n2 2 1\n1 1 1\n2 2 7\n", 6, "document 2 has word 2 for the second time, first in line 4")]
    public void A_malformed_line_is_named(string text, int line, string message)
    {
        string path = _folder.Write("docword", text);
        var error = Assert.Throws<InvalidDataException>(() => UciFormat.Read(path, _folder.Write("vocab", "a\nb\nc\n")));
        Assert.StartsWith($"{path}:{line}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "documents")]
    [InlineData("1\n", "words")]
    [InlineData("1\n3\n", "entries")]
    public void A_missing_header_line_is_named(string text, string what)
    {
        var error = Assert.Throws<InvalidDataException>(() => UciFormat.Read(_folder.Write("docword", text), null));
        Assert.Contains($"ends before the line with its number of {what}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_anywhere_is_an_error_or_whole()
    {
        Corpus corpus = CorpusGen.Build(new Vocabulary(["a", "b"]), builder =>
        {
            builder.Add([(0, 12), (1, 3)]);
            builder.Add([(1, 45)]);
        });
        UciFormat.Write(corpus, _folder["docword"], _folder["vocab"]);
        byte[] whole = File.ReadAllBytes(_folder["docword"]);
        // The last cut loses only the final newline; the one before it a digit of the last count, which no reader can know.
        for (int cut = 0; cut < whole.Length - 2; cut++)
        {
            string path = _folder.Write("cut", whole[..cut]);
            Assert.Throws<InvalidDataException>(() => UciFormat.Read(path, _folder["vocab"]));
        }
    }

    [Fact]
    [Trait("Category", "SharedData")]
    public void The_AP_corpus_survives_the_way_through_this_format()
    {
        Corpus corpus = LdaCFormat.Read(SharedData.Find("data/ap/docs.ldac"), SharedData.Find("data/ap/vocab.txt"));
        UciFormat.Write(corpus, _folder["docword.gz"], _folder["vocab"]);
        CorpusGen.AssertSameCounts(corpus, UciFormat.Read(_folder["docword.gz"], _folder["vocab"]));
    }
}
