using System.IO.Compression;
using System.Text;
using CsCheck;
using Elbo.Corpora;
using Elbo.Tests.Files;

namespace Elbo.Tests.Corpora;

public sealed class LdaCFormatTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2 3:1 0:2\n0\n1 1:4\n")]
    [InlineData("2 3:1 0:2\r\n0\r\n1 1:4\r\n")]
    [InlineData("2 3:1  0:2 \n0\n1\t1:4")]
    [InlineData("\uFEFF2 3:1 0:2\n0\n1 1:4")]
    public void Documents_are_read_with_their_ids_sorted(string text)
    {
        Corpus corpus = LdaCFormat.Read(_folder.Write("docs", text), null);
        Assert.Equal(3, corpus.DocumentCount);
        Assert.Equal(7, corpus.TokenCount);
        Assert.Equal([0, 3], corpus.Terms(0).ToArray());
        Assert.Equal([2, 1], corpus.Counts(0).ToArray());
        Assert.True(corpus.Terms(1).IsEmpty);
        Assert.Equal(["0", "1", "2", "3"], corpus.Vocabulary);
        Assert.False(corpus.HasTokens);
    }

    [Fact]
    public void Gzip_is_known_by_its_bytes()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write("1 0:2\n"u8);
        Assert.Equal(2, LdaCFormat.Read(_folder.Write("docs.txt", packed.ToArray()), _folder.Write("vocab.gz", "a\n")).TokenCount);
    }

    [Theory]
    [InlineData("docs", "vocab")]
    [InlineData("docs.gz", "vocab.gz")]
    public void What_is_written_reads_the_same(string documents, string vocabulary)
    {
        CorpusGen.OfCounts.Sample(corpus =>
        {
            LdaCFormat.Write(corpus, _folder[documents], _folder[vocabulary]);
            CorpusGen.AssertSameCounts(corpus, LdaCFormat.Read(_folder[documents], _folder[vocabulary]));
        }, iter: 30, threads: 1);
        Assert.Equal(documents.EndsWith(".gz", StringComparison.Ordinal), File.ReadAllBytes(_folder[documents])[0] == 0x1F);
    }

    [Theory]
    [InlineData("1 0:1\n\n1 1:1\n", 2, "the line is blank. Write 0 for an empty document")]
    [InlineData("1 0:1\n  \n", 2, "the line is blank")]
    [InlineData("2 0:1\n", 1, "announces 2 pairs and has 1")]
    [InlineData("1 0:1 1:1\n", 1, "announces 1 pairs and has 2")]
    [InlineData("0 0:1\n", 1, "announces 0 pairs and has 1")]
    [InlineData("0:1 1:1\n", 1, "must begin with its number of pairs, and begins with '0:1'")]
    [InlineData("x 1:1\n", 1, "begins with 'x'")]
    [InlineData("-1 1:1\n", 1, "begins with '-1'")]
    [InlineData("0\n3 2:1 0:1 2:5\n", 2, "the id 2 occurs twice")]
    [InlineData("1 2:0\n", 1, "the count of id 2 is 0")]
    [InlineData("1 2:-3\n", 1, "the count of id 2 is -3")]
    [InlineData("1 2:1.5\n", 1, "'2:1.5' is not a pair")]
    [InlineData("1 2:\n", 1, "'2:' is not a pair")]
    [InlineData("1 2\n", 1, "'2' is not a pair")]
    [InlineData("1 a:b\n", 1, "'a:b' is not a pair")]
    [InlineData("1 2:1,3:1\n", 1, "'2:1,3:1' is not a pair")]
    [InlineData("1 2 :1\n", 1, "'2' is not a pair")]
    [InlineData("1 -2:1\n", 1, "the id -2 is negative")]
    [InlineData("1 2:2147483648\n", 1, "the count of id 2 is above 2147483647")]
    [InlineData("1 2:99999999999999999999999999\n", 1, "the count of id 2 is above 2147483647")]
    [InlineData("1 99999999999999999999999999:1\n", 1, "outside the vocabulary")]
    [InlineData("0\n1 3:1\n", 2, "the id 3 is outside the vocabulary")]
    [InlineData("1 0:1\u0000\n", 1, "is not a pair")]
    public void A_malformed_line_is_named(string text, int line, string message)
    {
        string path = _folder.Write("docs", text);
        var error = Assert.Throws<InvalidDataException>(() => LdaCFormat.Read(path, _folder.Write("vocab", "a\nb\nc\n")));
        Assert.StartsWith($"{path}:{line}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_vocabulary_a_huge_id_is_an_error_and_no_allocation()
    {
        var error = Assert.Throws<InvalidDataException>(() => LdaCFormat.Read(_folder.Write("docs", "1 2000000000:1\n"), null));
        Assert.Contains("the id 2000000000 would make a vocabulary of more than 16777216 nameless terms", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_an_error()
    {
        var error = Assert.Throws<InvalidDataException>(() => LdaCFormat.Read(_folder.Write("docs", ""), null));
        Assert.Contains("it holds no documents", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string documents = _folder.Write("docs", "0\n");
        Assert.Contains("there is no such file", Assert.Throws<FileNotFoundException>(() => LdaCFormat.Read(_folder["none"], null)).Message, StringComparison.Ordinal);
        Assert.Contains(_folder["none"], Assert.Throws<FileNotFoundException>(() => LdaCFormat.Read(documents, _folder["none"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\nb\na\n", 3, "the term 'a' is already in line 1")]
    [InlineData("a\n\nb\n", 2, "the line is blank")]
    public void A_malformed_vocabulary_is_named(string text, int line, string message)
    {
        string path = _folder.Write("vocab", text);
        var error = Assert.Throws<InvalidDataException>(() => LdaCFormat.Read(_folder.Write("docs", "0\n"), path));
        Assert.StartsWith($"{path}:{line}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_that_is_not_utf8_is_named()
    {
        string path = _folder.Write("vocab", [(byte)'a', (byte)'\n', 0xE9, (byte)'\n']);
        var error = Assert.Throws<InvalidDataException>(() => LdaCFormat.Read(_folder.Write("docs", "0\n"), path));
        Assert.StartsWith($"{path}:2: the line is not UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("half a pair: \\ud800")]
    public void A_term_that_a_line_cannot_hold_is_refused_and_nothing_is_written(string term)
    {
        // An attribute cannot hold half a surrogate pair either.
        term = term.Replace("\\ud800", "\ud800", StringComparison.Ordinal);
        Corpus corpus = CorpusGen.Build(new Vocabulary([term]), builder => builder.Add([(0, 1)]));
        Assert.Throws<ArgumentException>(() => LdaCFormat.Write(corpus, _folder["docs"], _folder["vocab"]));
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void Documents_and_vocabulary_cannot_be_one_file()
    {
        Corpus corpus = CorpusGen.Build(new Vocabulary(["a"]), builder => builder.Add([(0, 1)]));
        Assert.Throws<ArgumentException>(() => LdaCFormat.Write(corpus, _folder["docs"], _folder["docs"]));
    }

    [Fact]
    public void Lines_longer_than_the_buffer_are_read()
    {
        const int terms = 50_000;
        var line = new StringBuilder().Append(terms);
        for (int id = terms - 1; id >= 0; id--) line.Append($" {id}:1");
        Corpus corpus = LdaCFormat.Read(_folder.Write("docs", $"1 5:1\n{line}\n0\n"), null);
        Assert.Equal(terms, corpus.Terms(1).Length);
        Assert.Equal(3, corpus.DocumentCount);
    }

    [Theory]
    [Trait("Category", "SharedData")]
    [InlineData("ap", 2_246, 435_838, 10_473)]
    [InlineData("sotu", 8_205, 700_314, 7_388)]
    public void Known_corpora_have_their_known_sizes(string name, int documents, int tokens, int terms)
    {
        Corpus corpus = LdaCFormat.Read(SharedData.Find($"data/{name}/docs.ldac"), SharedData.Find($"data/{name}/vocab.txt"));
        Assert.Equal(documents, corpus.DocumentCount);
        Assert.Equal(tokens, corpus.TokenCount);
        Assert.Equal(terms, corpus.Vocabulary.Count);
    }
}
