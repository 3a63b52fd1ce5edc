using CsCheck;
using Elbo.Corpora;
using Elbo.Topics;
using Elbo.Topics.Quality;

namespace Elbo.Tests.Topics.Quality;

public sealed class TopicCoherenceTests
{
    static readonly CoherenceMeasure[] OfWindows = [CoherenceMeasure.Uci, CoherenceMeasure.Npmi, CoherenceMeasure.Cv];

    static double Of(CoherenceMeasure measure, string topic, string[] texts, int? window = null, WindowCounting counting = WindowCounting.Occurrence) =>
        Assert.Single(TopicCoherence.Of(measure, [topic.Split(' ')], SmallCorpora.OfTexts(texts), new CoherenceOptions { Window = window, Counting = counting }));

    [Fact]
    public void UMass_by_hand()
    {
        string[] texts = ["a b", "b a a", "a", "c"];
        // a is in 3 documents of 4, a and b together in 2.
        Assert.Equal(Math.Log(2.0 / 3), Of(CoherenceMeasure.UMass, "a b", texts), 1e-11);
        // Given b, of two documents both have a; over the pairs (b a), (c a), (c b) with ε where two never meet.
        Assert.Equal((Math.Log(1) + Math.Log(1e-12 / 0.5) + Math.Log(1e-12 / 0.75)) / 3, Of(CoherenceMeasure.UMass, "b a c", texts), 1e-11);
    }

    [Fact]
    public void Windows_by_hand()
    {
        // Windows of 2 over "a b c d": ab, bc, cd; and "a" whole: 4. P(a) = P(b) = 2/4, together 1/4.
        string[] texts = ["a b c d", "a"];
        double information = Math.Log(0.25 / (0.5 * 0.5));
        Assert.Equal(information, Of(CoherenceMeasure.Uci, "a b", texts, 2), 1e-11);
        Assert.Equal(information / -Math.Log(0.25), Of(CoherenceMeasure.Npmi, "a b", texts, 2), 1e-11);
        // b in ab, bc; c in bc, cd; d in cd: NPMI of b and c as of a and b, 0; of c and d log(¼ / ⅛) / log 4 = ½; of b and d, which never meet, log(ε / ⅛) / −log ε.
        Assert.Equal(0.5, Of(CoherenceMeasure.Npmi, "c d", texts, 2), 1e-11);
        double apart = Math.Log(1e-12 / 0.125) / -Math.Log(1e-12);
        Assert.Equal((0 + 0.5 + apart) / 3, Of(CoherenceMeasure.Npmi, "b c d", texts, 2), 1e-11);
        // Vectors: c (1, ½), d (½, 1), whole (3/2, 3/2): both at the angle whose cosine is (9/4) / (√(5/4) · √(9/2)).
        Assert.Equal(9.0 / 4 / (Math.Sqrt(5.0 / 4) * Math.Sqrt(9.0 / 2)), Of(CoherenceMeasure.Cv, "c d", texts, 2), 1e-11);
    }

    [Fact]
    public void A_repeated_term_leaves_with_its_first_occurrence_as_gensim_has_it_or_with_its_last()
    {
        // Windows of 2 over "a a b": aa and ab. For gensim the second has b alone.
        Assert.Equal(Math.Log(0.5 / (1 * 0.5)), Of(CoherenceMeasure.Uci, "a b", ["a a b"], 2), 1e-11);
        Assert.Equal(Math.Log(1e-12 / (0.5 * 0.5)), Of(CoherenceMeasure.Uci, "a b", ["a a b"], 2, WindowCounting.Gensim), 1e-11);
    }

    [Fact]
    public void Counts_of_windows_are_those_of_looking_into_every_window()
    {
        Gen<int[][]> documents = Gen.Int[0, 6].Array[0, 25].Array[1, 6];
        Gen.Select(documents, Gen.Int[1, 30]).Sample((texts, window) =>
        {
            Corpus corpus = SmallCorpora.OfTexts(texts.Select(words => string.Join(' ', words)), "0", "1", "2", "3", "4", "5", "6");
            // Topics that share a term, and a topic of one.
            int[][] topics = [[3, 0, 1], [1, 4], [6]];
            CooccurrenceCounts counts = CooccurrenceCounts.OfWindows(topics, corpus, window, WindowCounting.Occurrence, threads: 2);
            List<int[]> windows = [.. texts.Where(words => words.Length > 0).SelectMany(words =>
                Enumerable.Range(0, Math.Max(1, words.Length - window + 1)).Select(start => words.Skip(start).Take(window).ToArray()))];
            Assert.Equal(windows.Count, counts.Places);
            for (int topic = 0; topic < topics.Length; topic++)
                for (int i = 0; i < topics[topic].Length; i++)
                    for (int j = 0; j < topics[topic].Length; j++)
                        Assert.Equal(windows.Count(words => words.Contains(topics[topic][i]) && words.Contains(topics[topic][j])), counts.Together(topic, i, j));
        });
    }

    [Fact]
    public void It_is_a_number_whatever_the_counts()
    {
        string[] topics = ["a never", "never a", "never ever", "a b", "z z2"];
        foreach (CoherenceMeasure measure in Enum.GetValues<CoherenceMeasure>())
        {
            foreach (string[] texts in (string[][])[["a b a", "b", ""], [""], ["a", "a"], ["a b", "a b"]])
                foreach (string topic in topics) Assert.True(double.IsFinite(Of(measure, topic, texts)));
        }
        // A term that never occurs tells nothing; UMass has a value for it where it stands second.
        foreach (CoherenceMeasure measure in OfWindows) Assert.Equal(0, Of(measure, "never ever", ["a b a"]));
        Assert.Equal(0, Of(CoherenceMeasure.Npmi, "a never", ["a b a"]));
        Assert.Equal(0, Of(CoherenceMeasure.UMass, "never a", ["a b a"]));
        Assert.Equal(Math.Log(1e-12), Of(CoherenceMeasure.UMass, "a never", ["a b a"]), 1e-9);
        // Without a pair there is no value.
        foreach (CoherenceMeasure measure in Enum.GetValues<CoherenceMeasure>()) Assert.Equal(double.NaN, Of(measure, "a", ["a b a"]));
    }

    [Fact]
    public void A_corpus_of_counts_has_UMass_and_the_others_say_what_they_need()
    {
        Corpus counts = SmallCorpora.Random(1, 20, 10, 15);
        string[][] topics = [["1", "2", "3"]];
        Assert.True(double.IsFinite(TopicCoherence.Of(CoherenceMeasure.UMass, topics, counts)[0]));
        foreach (CoherenceMeasure measure in OfWindows)
        {
            var error = Assert.Throws<ArgumentException>(() => TopicCoherence.Of(measure, topics, counts));
            Assert.Contains($"{measure} counts windows of tokens, and this corpus has no token order", error.Message, StringComparison.Ordinal);
            Assert.Contains("Make it from text, or take UMass", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Threads_do_not_change_it()
    {
        // Enough tokens for several shards.
        Corpus counts = SmallCorpora.Random(5, 400, 40, 300);
        Corpus texts = SmallCorpora.OfTexts(Enumerable.Range(0, counts.DocumentCount).Select(document =>
            string.Join(' ', counts.Terms(document).ToArray().Zip(counts.Counts(document).ToArray()).SelectMany(pair => Enumerable.Repeat(pair.First, pair.Second)))));
        Assert.True(new DocumentShards(texts).Count > 2);
        string[][] topics = [["1", "2", "30"], ["5", "1", "39"]];
        foreach (CoherenceMeasure measure in Enum.GetValues<CoherenceMeasure>())
        {
            IReadOnlyList<double> one = TopicCoherence.Of(measure, topics, texts, new CoherenceOptions { Threads = 1 });
            foreach (int threads in (int[])[2, 5]) Assert.Equal(one, TopicCoherence.Of(measure, topics, texts, new CoherenceOptions { Threads = threads }));
        }
    }

    [Fact]
    public void A_model_is_looked_at_by_its_most_probable_terms()
    {
        TopicModel model = HandMadeModel.Of([0.5, 0.3, 0.15, 0.05], [0.05, 0.05, 0.3, 0.6]);
        Corpus corpus = SmallCorpora.OfTexts(["a b d", "b c d", "c d", "a"]);
        Assert.Equal(TopicCoherence.Of(CoherenceMeasure.Npmi, [["a", "b"], ["d", "c"]], corpus), TopicCoherence.Of(CoherenceMeasure.Npmi, model, corpus, new CoherenceOptions { Terms = 2 }));
    }

    [Fact]
    public void Bad_options_are_refused()
    {
        Corpus corpus = SmallCorpora.OfTexts(["a b"]);
        Assert.Contains("pairs of terms", Refused(["a"], new CoherenceOptions { Terms = 1 }), StringComparison.Ordinal);
        Assert.Contains("A window must have a token", Refused(["a"], new CoherenceOptions { Window = 0 }), StringComparison.Ordinal);
        Assert.Contains("one thread", Refused(["a"], new CoherenceOptions { Threads = 0 }), StringComparison.Ordinal);
        Assert.Contains("Topic 0 has the term 'a' twice", Refused(["a", "b", "a"], new CoherenceOptions()), StringComparison.Ordinal);

        string Refused(string[] topic, CoherenceOptions options) => Assert.ThrowsAny<ArgumentException>(() => TopicCoherence.Of(CoherenceMeasure.Npmi, [topic], corpus, options)).Message;
    }
}
