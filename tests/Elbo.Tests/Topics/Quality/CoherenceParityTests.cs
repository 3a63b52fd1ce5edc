using System.Globalization;
using Elbo.Corpora;
using Elbo.Topics.Quality;

namespace Elbo.Tests.Topics.Quality;

/// <summary>All four measures against gensim's CoherenceModel: tests/Data/coherence_reference.py made texts, topics and values.</summary>
public sealed class CoherenceParityTests
{
    static readonly string[][] Topics = [.. File.ReadLines(SmallTables.PathOf("coherence-topics.txt")).Select(line => line.Split(' '))];

    static Corpus Texts() => SmallCorpora.OfTexts(File.ReadLines(SmallTables.PathOf("coherence-texts.txt")));

    [Theory]
    [InlineData(CoherenceMeasure.UMass, 1, 7)]
    [InlineData(CoherenceMeasure.Uci, 2, 6)]
    [InlineData(CoherenceMeasure.Npmi, 3, 6)]
    [InlineData(CoherenceMeasure.Cv, 4, 6)]
    public void Every_topic_has_the_value_of_gensim_wherever_that_is_finite(CoherenceMeasure measure, int column, int defined)
    {
        double[] reference = [.. File.ReadLines(SmallTables.PathOf("coherence-reference.csv")).Skip(2).Select(line => double.Parse(Python(line.Split(',')[column]), CultureInfo.InvariantCulture))];
        IReadOnlyList<double> found = TopicCoherence.Of(measure, Topics, Texts(), new CoherenceOptions { Terms = 8 });
        Assert.Equal(Topics.Length, reference.Length);
        Assert.Equal(Topics.Length, found.Count);
        int compared = 0;
        for (int topic = 0; topic < reference.Length; topic++)
        {
            Assert.True(double.IsFinite(found[topic]));
            if (!double.IsFinite(reference[topic])) continue;
            Assert.Equal(reference[topic], found[topic], 1e-6);
            compared++;
        }
        Assert.Equal(defined, compared);
    }

    [Fact]
    public void The_texts_are_shorter_and_longer_than_both_windows_and_repeat_words()
    {
        Corpus texts = Texts();
        int[] lengths = [.. Enumerable.Range(0, texts.DocumentCount).Select(document => texts.Tokens(document).Length)];
        Assert.Equal([1, 2, 5, 9, 10, 11, 109, 110, 111, 180], lengths.Distinct().Order());
        // Where words are repeated the two ways of counting differ; a window of one token repeats none.
        Assert.NotEqual(Values(10, WindowCounting.Gensim), Values(10, WindowCounting.Occurrence));
        Assert.Equal(Values(1, WindowCounting.Gensim), Values(1, WindowCounting.Occurrence));

        IReadOnlyList<double> Values(int window, WindowCounting counting) => TopicCoherence.Of(CoherenceMeasure.Npmi, Topics, texts, new CoherenceOptions { Window = window, Counting = counting });
    }

    static string Python(string value) => value switch { "inf" => "Infinity", "-inf" => "-Infinity", "nan" => "NaN", _ => value };
}
