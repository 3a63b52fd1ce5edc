using CsCheck;
using Elbo.Corpora;
using Elbo.Files;
using Elbo.Tests.Files;

namespace Elbo.Tests.Corpora;

public sealed class CorpusFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_opens_the_same() =>
        Gen.OneOf(CorpusGen.OfCounts, CorpusGen.OfTokens).Sample(corpus =>
        {
            CorpusFile.Write(corpus, _folder["c.elboc"]);
            using (Corpus opened = CorpusFile.Open(_folder["c.elboc"])) CorpusGen.AssertSame(corpus, opened);
            Assert.Equal(["c.elboc"], _folder.Files);
        }, iter: 200, threads: 1);

    [Fact]
    public void The_same_corpus_gives_the_same_bytes()
    {
        WriteSmall("a");
        using (Corpus opened = CorpusFile.Open(_folder["a"])) CorpusFile.Write(opened, _folder["b"]);
        Assert.Equal(File.ReadAllBytes(_folder["a"]), File.ReadAllBytes(_folder["b"]));
    }

    [Fact]
    public void The_file_under_an_open_corpus_may_be_replaced()
    {
        WriteSmall("c");
        using Corpus opened = CorpusFile.Open(_folder["c"]);
        CorpusFile.Write(CorpusGen.Build(new Vocabulary(["other"]), builder => builder.Add([])), _folder["c"]);
        Assert.Equal([1, 0, 1], opened.Tokens(0).ToArray());
        using Corpus other = CorpusFile.Open(_folder["c"]);
        Assert.Equal(["other"], other.Vocabulary);
    }

    [Fact]
    public void After_disposal_a_read_is_an_error_and_no_crash()
    {
        WriteSmall("c");
        Corpus opened = CorpusFile.Open(_folder["c"]);
        opened.Dispose();
        opened.Dispose();
        Assert.Throws<ObjectDisposedException>(() => opened.Terms(0).Length);
    }

    [Fact]
    public void A_corpus_without_any_document_or_term_opens_too()
    {
        using (var writer = new CorpusFileWriter(_folder["c"])) writer.Complete(new Vocabulary([]), new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        using Corpus opened = CorpusFile.Open(_folder["c"]);
        Assert.Equal(0, opened.DocumentCount);
        Assert.Equal(0, opened.TokenCount);
    }

    [Fact]
    public void A_file_cut_anywhere_is_an_error()
    {
        byte[] whole = WriteSmall("c");
        for (int cut = 0; cut < whole.Length; cut++)
            AssertBad(whole[..cut], "cannot be read");
    }

    [Fact]
    public void Any_changed_byte_of_the_data_is_an_error_and_of_the_header_no_crash()
    {
        byte[] whole = WriteSmall("c");
        int dataStart = 8 + BitConverter.ToInt32(whole);
        for (int place = 0; place < whole.Length; place++)
        {
            byte[] changed = [.. whole];
            changed[place] ^= (byte)(1 << (place % 8));
            if (place >= dataStart)
            {
                AssertBad(changed, "its data do not match their checksum");
                continue;
            }
            try
            {
                using Corpus opened = CorpusFile.Open(_folder.Write("changed", changed));
                for (int document = 0; document < opened.DocumentCount; document++) Assert.True(opened.Terms(document).Length <= 2);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    // The corpus: terms a, b, c; document 0 is "b a b", document 1 is empty, document 2 is "c".
    [Theory]
    [InlineData("entry_offsets", 0, 1, "'entry_offsets' begins with 1 instead of 0")]
    [InlineData("entry_offsets", 1, 3, "'entry_offsets' goes from 3 to 2 in row 1")]
    [InlineData("entry_offsets", 1, 4, "'entry_offsets' goes from 0 to 4 in row 0")]
    [InlineData("entry_offsets", 1, -1, "'entry_offsets' goes from 0 to -1 in row 0")]
    [InlineData("entry_offsets", 1, long.MaxValue, "in row 0")]
    [InlineData("entry_offsets", 1, long.MinValue, "in row 0")]
    [InlineData("entry_offsets", 3, 2, "'entry_offsets' ends at 2 instead of 3")]
    [InlineData("entry_terms", 0, -1, "document 0 (from 0) has term -1")]
    [InlineData("entry_terms", 0, 1, "document 0 (from 0) has term 1 after 1")]
    [InlineData("entry_terms", 2, 3, "document 2 (from 0) has term 3")]
    [InlineData("entry_terms", 2, int.MaxValue, "document 2 (from 0) has term 2147483647")]
    [InlineData("entry_counts", 0, 0, "document 0 (from 0) has the count 0 for term 0")]
    [InlineData("entry_counts", 0, -5, "document 0 (from 0) has the count -5 for term 0")]
    [InlineData("entry_counts", 0, 2, "document 0 (from 0) has 3 tokens, and its counts add up to 4")]
    [InlineData("token_offsets", 1, 2, "document 0 (from 0) has 2 tokens, and its counts add up to 3")]
    [InlineData("token_offsets", 1, 4, "'token_offsets' goes from 4 to 3 in row 1")]
    [InlineData("token_offsets", 1, 5, "'token_offsets' goes from 0 to 5 in row 0")]
    [InlineData("token_terms", 0, 3, "document 0 (from 0) has the token 3, and there are 3 terms")]
    [InlineData("token_terms", 0, -1, "document 0 (from 0) has the token -1, and there are 3 terms")]
    [InlineData("token_terms", 0, 0, "document 0 (from 0) has 2 tokens of term 0, and its count is 1")]
    [InlineData("token_terms", 3, 0, "document 2 (from 0) has 0 tokens of term 2, and its count is 1")]
    [InlineData("token_starts", 1, -1, "which is no place in a text")]
    [InlineData("token_lengths", 1, -1, "which is no place in a text")]
    [InlineData("token_lengths", 1, int.MaxValue, "which is no place in a text")]
    [InlineData("vocabulary_offsets", 1, 4, "'vocabulary_offsets' goes from 0 to 4 in row 0")]
    [InlineData("vocabulary_text", 0, 0x80, "'vocabulary_text' has no valid UTF-8 in row 0")]
    [InlineData("vocabulary_text", 0, (byte)'b', "its vocabulary has a term twice")]
    [InlineData("id_offsets", 2, 1, "'id_offsets' goes from 5 to 1 in row 1")]
    [InlineData("label_text", 0, 0xC3, "'label_text' has no valid UTF-8 in row 0")]
    [InlineData("source_offsets", 3, 0, "'source_offsets' goes from")]
    public void A_lie_under_a_right_checksum_is_found(string column, int index, long value, string message)
    {
        WriteSmall("c");
        AssertBad(new ForgedCorpus(_folder["c"]).Set(column, index, value).ToBytes(), message);
    }

    [Fact]
    public void The_forger_alone_changes_nothing()
    {
        byte[] whole = WriteSmall("c");
        Assert.Equal(whole, new ForgedCorpus(_folder["c"]).ToBytes());
    }

    [Theory]
    [InlineData("entry_offsets", "tensor 'entry_offsets' is missing")]
    [InlineData("entry_terms", "tensor 'entry_terms' is missing")]
    [InlineData("entry_counts", "tensor 'entry_counts' is missing")]
    [InlineData("token_terms", "tensor 'token_terms' is missing")]
    [InlineData("token_starts", "tensor 'token_starts' is missing")]
    [InlineData("token_lengths", "tensor 'token_lengths' is missing")]
    [InlineData("vocabulary_offsets", "tensor 'vocabulary_offsets' is missing")]
    [InlineData("vocabulary_text", "tensor 'vocabulary_text' is missing")]
    [InlineData("id_offsets", "tensor 'id_offsets' is missing")]
    [InlineData("label_text", "tensor 'label_text' is missing")]
    public void A_missing_column_is_named(string column, string message)
    {
        WriteSmall("c");
        AssertBad(new ForgedCorpus(_folder["c"]).Remove(column).ToBytes(), message);
    }

    [Theory]
    [InlineData("entry_offsets", 8, "'id_offsets' has 4 values where 3 were expected")]
    [InlineData("entry_offsets", 32, "'entry_offsets' has 0 values")]
    [InlineData("entry_terms", 4, "'entry_offsets' goes from 2 to 3 in row 2")]
    [InlineData("entry_counts", 4, "'entry_counts' has 2 values and 'entry_terms' 3")]
    [InlineData("token_starts", 4, "'token_starts' has 3 values and 'token_terms' 4")]
    [InlineData("token_lengths", 16, "'token_lengths' has 0 values and 'token_terms' 4")]
    [InlineData("id_offsets", 8, "'id_offsets' has 3 values where 4 were expected")]
    [InlineData("vocabulary_offsets", 32, "'vocabulary_offsets' has 0 values")]
    [InlineData("vocabulary_text", 1, "'vocabulary_offsets' goes from")]
    public void A_column_of_another_length_is_named(string column, int bytes, string message)
    {
        WriteSmall("c");
        AssertBad(new ForgedCorpus(_folder["c"]).Shorten(column, bytes).ToBytes(), message);
    }

    [Theory]
    [InlineData("format", "elbo-model", "is a model where a corpus was expected")]
    [InlineData("format_version", "2", "it has version 2 of the format 'elbo-corpus'")]
    [InlineData("token_count", "5", "its 'token_count' is 5, and its counts add up to 4")]
    [InlineData("token_count", "-4", "its 'token_count' is '-4', which is no number of tokens")]
    public void A_lie_in_the_metadata_is_named(string key, string value, string message)
    {
        WriteSmall("c");
        var forged = new ForgedCorpus(_folder["c"]);
        forged.Metadata[key] = value;
        AssertBad(forged.ToBytes(), message);
    }

    [Fact]
    public void A_column_of_another_type_is_named()
    {
        WriteSmall("c");
        AssertBad(new ForgedCorpus(_folder["c"]).Retype("entry_offsets", TensorType.F64).ToBytes(), "tensor 'entry_offsets' has the dtype F64 where I64 was expected");
    }

    [Fact]
    public void A_column_that_is_not_aligned_is_named()
    {
        byte[] whole = WriteSmall("c");
        // One space more in the header, and every column lies at an odd place.
        byte[] shifted = [.. BitConverter.GetBytes(BitConverter.ToInt64(whole) + 1), .. whole[8..(8 + BitConverter.ToInt32(whole))], (byte)' ', .. whole[(8 + BitConverter.ToInt32(whole))..]];
        AssertBad(shifted, "which is no multiple of 8");
    }

    [Fact]
    public void Columns_that_Elbo_does_not_know_are_left_alone()
    {
        WriteSmall("c");
        // What was the label is a column of another name now: a later version may have more of them.
        byte[] forged = new ForgedCorpus(_folder["c"]).Remove("label_text").Remove("label_offsets").ToBytes();
        using Corpus opened = CorpusFile.Open(_folder.Write("forged", forged));
        Assert.False(opened.HasLabels);
        Assert.Equal("first", opened.Id(0));
    }

    [Fact]
    public void The_checksum_is_of_content_and_not_of_form()
    {
        WriteSmall("c");
        using Corpus opened = CorpusFile.Open(_folder["c"]);
        Corpus counts = CorpusGen.Build(new Vocabulary(["a", "b", "c"]), builder =>
        {
            builder.Add([(1, 2), (0, 1)]);
            builder.Add([]);
            builder.Add([(2, 1)]);
        });
        Assert.Equal(opened.Checksum, counts.Checksum);
        // Computed by Python's hashlib from the description in docs/corpus-file.md.
        Assert.Equal("d7e705572e8a8b87f3d060b1bb33c5dbf6302218b102702003a7bf6d0be3dfa9", counts.Checksum);
        foreach (Corpus other in (Corpus[])[
            CorpusGen.Build(new Vocabulary(["a", "b", "d"]), builder => { builder.Add([(1, 2), (0, 1)]); builder.Add([]); builder.Add([(2, 1)]); }),
            CorpusGen.Build(new Vocabulary(["a", "b", "c"]), builder => { builder.Add([(1, 2), (0, 1)]); builder.Add([(2, 1)]); builder.Add([]); }),
            CorpusGen.Build(new Vocabulary(["a", "b", "c"]), builder => { builder.Add([(1, 2), (0, 2)]); builder.Add([]); builder.Add([(2, 1)]); })])
            Assert.NotEqual(counts.Checksum, other.Checksum);
    }

    byte[] WriteSmall(string name)
    {
        Corpus corpus = CorpusGen.Build(new Vocabulary(["a", "b", "c"]), builder =>
        {
            builder.Properties["language"] = "en";
            builder.Add([1, 0, 1], [0, 4, 8], [3, 3, 3], "first", "x", "file.txt");
            builder.Add([], [], []);
            builder.Add([2], [7], [1], "third", null, "é");
        });
        CorpusFile.Write(corpus, _folder[name]);
        return File.ReadAllBytes(_folder[name]);
    }

    void AssertBad(byte[] bytes, string message)
    {
        string path = _folder.Write("bad", bytes);
        var error = Assert.Throws<InvalidDataException>(() => CorpusFile.Open(path).Dispose());
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{path}'", error.Message, StringComparison.Ordinal);
    }
}
