using System.Text;
using Elbo.Corpora;
using Elbo.Reports.Topics;
using Elbo.Topics;

namespace Elbo.Reports.Tests.Topics;

public sealed class DocumentEntriesTests
{
    static readonly TopicModel Model = TopicCases.Model([[0.5, 0.5, 0], [0, 0.5, 0.5]], vocabulary: new Vocabulary(["a", "b", "c"]));

    static DocumentEntries Entries()
    {
        var builder = new CorpusBuilder(Model.Vocabulary);
        builder.Add([(0, 1)]);
        var entries = new DocumentEntries(Model, builder.Build(), new TopicReportOptions());
        entries.Of([new DocumentTopics(0, [0.5, 0.5], 1, 0)]);
        return entries;
    }

    [Fact]
    public void A_text_is_cut_at_the_end_of_a_token()
    {
        string text = string.Concat(Enumerable.Repeat("word ", 100));
        DocumentToken[] tokens = [.. Enumerable.Range(0, 100).Select(i => new DocumentToken(i % 3, 5 * i, 4))];
        for (int most = 20; most < 400; most += 7)
        {
            (int end, int[] marks) = Entries().Mark(new DocumentText(text, tokens), 0, most);
            Assert.Equal(4, end % 5);
            Assert.InRange(end, 4, most);
            Assert.Equal((end + 1) / 5, marks.Length / 4);
        }
        Assert.Equal(text.Length, Entries().Mark(new DocumentText(text, tokens), 0, 10_000).End);
    }

    [Fact]
    public void A_text_without_known_tokens_is_never_cut_inside_a_character()
    {
        string text = string.Concat(Enumerable.Repeat("🚀", 50));
        for (int most = 0; most < 300; most++)
        {
            int end = Entries().Mark(new DocumentText(text, []), 0, most).End;
            Assert.True(end % 2 == 0 && 6 * end <= most, $"{end} of {most}");
            Encoding.GetEncoding("utf-8", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetBytes(text[..end]);
        }
    }

    [Fact]
    public void Of_tokens_that_overlap_the_first_and_longest_is_marked()
    {
        var text = new DocumentText("a b c", [new(0, 0, 1), new(1, 0, 3), new(1, 2, 1), new(2, 4, 1)]);
        (int end, int[] marks) = Entries().Mark(text, 0, 1000);
        Assert.Equal(5, end);
        Assert.Equal([0, 3, 1, 1], new[] { 0, 1, 4, 5 }.Select(i => marks[i]));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 6)]
    [InlineData(6, 0)]
    [InlineData(0, int.MaxValue)]
    [InlineData(4, 1)]
    public void A_token_outside_its_text_or_inside_a_character_is_an_error(int start, int length)
    {
        var error = Assert.Throws<ArgumentException>(() => Entries().Mark(new DocumentText("abc🚀", [new(0, start, length)]), 7, 1000));
        Assert.Contains("Document 7", error.Message, StringComparison.Ordinal);
    }
}
