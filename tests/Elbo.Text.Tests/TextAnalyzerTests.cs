using CsCheck;
using Elbo.Corpora;
using Elbo.Text;

namespace Elbo.Tests;

public sealed class TextAnalyzerTests
{
    static readonly TextOptions Plain = new() { Language = TextLanguage.None };

    static string[] Terms(string text, TextOptions? options = null) =>
        [.. new TextAnalyzer(options).Tokenize(text).Select(token => token.Term)];

    // An update of the tokenizer that cuts words in another way must be seen here: saved models would no longer fit new text.
    [Fact]
    public void Words_are_found_by_the_rules_of_Unicode() => Assert.Equal(
        ["quick", "brown", "system.io", "u.s", "foo_bar", "emphasis", "café", "3d", "1990s", "東", "京", "ひ", "カタカナ", "o'brien"],
        Terms("QUICK, brown (System.IO) U.S. foo_bar _emphasis_ Café 3d 1990s 3.14 1,000 -- x 10:30 東京 ひ カタカナ O’Brien", Plain));

    [Fact]
    public void English_contractions_and_possessives_leave_the_word_that_matters() => Assert.Equal(
        ["government", "budget", "don", "quixote", "windmills", "rock'n'roll"],
        Terms("The government's budget don’t can't won't shan't it's they’re I'd we'll let's who've Don Quixote’s windmills aren't rock'n'roll"));

    [Fact]
    public void Without_stop_words_a_contraction_leaves_its_first_word() => Assert.Equal(
        ["do", "can", "won't", "it", "they"],
        Terms("don't can’t won't it's they're", new TextOptions { StopWords = false }));

    [Theory]
    [InlineData(TextLanguage.French, "L’eau d'un lac aujourd'hui", "eau lac aujourd'hui")]
    [InlineData(TextLanguage.Italian, "L'acqua dell'arte", "acqua arte")]
    [InlineData(TextLanguage.German, "Die Häuser und der Straße", "häuser straße")]
    [InlineData(TextLanguage.Spanish, "La casa de los espíritus", "casa espíritus")]
    [InlineData(TextLanguage.Portuguese, "A casa do copo d'água", "casa copo água")]
    [InlineData(TextLanguage.Dutch, "De auto's van het huis", "auto huis")]
    [InlineData(TextLanguage.Swedish, "Jag och huset", "huset")]
    [InlineData(TextLanguage.Danish, "Jeg og huset", "huset")]
    [InlineData(TextLanguage.Norwegian, "Jeg og huset", "huset")]
    [InlineData(TextLanguage.Finnish, "Minä olen talossa", "talossa")]
    [InlineData(TextLanguage.Hungarian, "A ház az utcában", "ház utcában")]
    [InlineData(TextLanguage.Russian, "Он был в Москве", "москве")]
    public void Every_language_has_its_stop_words(TextLanguage language, string text, string expected) =>
        Assert.Equal(expected.Split(' '), Terms(text, new TextOptions { Language = language }));

    [Theory]
    [InlineData(TextLanguage.English, "running topics", "run topic")]
    [InlineData(TextLanguage.German, "Häuser", "haus")]
    [InlineData(TextLanguage.French, "continuellement", "continuel")]
    [InlineData(TextLanguage.Russian, "Москве", "москв")]
    public void Stems_are_cut_when_asked_for(TextLanguage language, string text, string expected) =>
        Assert.Equal(expected.Split(' '), Terms(text, new TextOptions { Language = language, Stemming = true }));

    [Fact]
    public void Every_language_but_none_can_be_stemmed()
    {
        foreach (TextLanguage language in Enum.GetValues<TextLanguage>().Where(l => l != TextLanguage.None))
            Assert.NotEmpty(Terms("informationen", new TextOptions { Language = language, Stemming = true }));
        var error = Assert.Throws<ArgumentException>(() => new TextAnalyzer(Plain with { Stemming = true }));
        Assert.Contains("Stemming needs a Language", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_kept_when_asked_for() => Assert.Equal(
        ["1984", "3.14", "novel"],
        Terms("1984 3.14 7 novel ___", new TextOptions { Numbers = true }));

    [Fact]
    public void N_grams_do_not_cross_dropped_words_or_sentences() => Assert.Equal(
        ["machine", "machine_learning", "learning", "machine_learning_models", "learning_models", "models", "data", "data", "data_science", "science", "mining", "end"],
        Terms("Machine-learning models of data. Data\nscience, mining\n\nend", new TextOptions { MaximumNGram = 3 }));

    [Fact]
    public void N_grams_come_where_they_end_longest_first()
    {
        const string Text = "New  York Times of today. City";
        var tokens = new TextAnalyzer(new TextOptions { MaximumNGram = 2 }).Tokenize(Text);
        Assert.Equal(["new", "new_york", "york", "york_times", "times", "city"], tokens.Select(t => t.Term));
        Assert.Equal("New  York", Text.Substring(tokens[1].Start, tokens[1].Length));
        Assert.Equal("York Times", Text.Substring(tokens[3].Start, tokens[3].Length));
    }

    [Fact]
    public void A_word_without_end_is_counted_not_lost()
    {
        TermStream terms = new TextAnalyzer(Plain).CreateStream();
        terms.Reset($"one {new string('a', 3000)} two {new string('b', 256)}");
        int kept = 0;
        while (terms.MoveNext()) kept++;
        Assert.Equal(2, kept);
        Assert.Equal(2, terms.Tally.TooLong);
        Assert.Equal(4, terms.Tally.Read);
    }

    static readonly string[] Pieces =
        ["the cat", " don't ", "l’eau ", "_x_", "Straße", "İstanbul", "ΟΔΟΣ", "東京", "\ud835\udc9c", "\ud800", "a-b", ". ", "\n\n", "42", "3.14", "é", "'", "naïve's ", "\0"];

    static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String,
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i])
            .Array[0, 40].Select(string.Concat));

    [Fact]
    public void Offsets_lead_back_to_the_word_in_the_text() => Gen.Select(AnyText, Gen.Enum<TextLanguage>(), Gen.Bool, Gen.Bool).Sample((text, language, stop, numbers) =>
    {
        var options = new TextOptions { Language = language, StopWords = stop, Numbers = numbers, MinimumTokenLength = 1 };
        foreach (TextToken token in new TextAnalyzer(options).Tokenize(text))
        {
            Assert.Equal(token.Term, string.Concat(token.Term.EnumerateRunes()));
            char[] word = text.Substring(token.Start, token.Length).ToLowerInvariant().Replace('’', '\'').ToCharArray();
            Assert.Equal(token.Term, new string(word).Replace('\u2018', '\'').Replace('\uFF07', '\'').Replace('\u02BC', '\''));
        }
    }, iter: 3000);

    [Fact]
    public void Kept_and_dropped_words_add_up() => Gen.Select(AnyText, Gen.Int[1, 4], Gen.Int[1, 4]).Sample((text, ngram, length) =>
    {
        TermStream terms = new TextAnalyzer(new TextOptions { MaximumNGram = ngram, MinimumTokenLength = length }).CreateStream();
        long kept = 0;
        for (int twice = 0; twice < 2; twice++)
        {
            terms.Reset(text);
            while (terms.MoveNext()) kept++;
        }
        AnalysisTally tally = terms.Tally;
        Assert.Equal(tally.Read + tally.NGrams, kept + tally.StopWords + tally.TooShort + tally.TooLong + tally.Numbers);
    }, iter: 2000);

    [Fact]
    public void One_analyzer_serves_many_threads()
    {
        var analyzer = new TextAnalyzer();
        string[] expected = [.. analyzer.Tokenize("streams of bytes and sockets").Select(t => t.Term)];
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 200; i++)
                Assert.Equal(expected, analyzer.Tokenize("streams of bytes and sockets").Select(t => t.Term));
        })).ToArray();
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
    }

    [Fact]
    public void Extra_stop_words_come_from_options_and_files()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("stop.txt", "# mine\nAlpha beta # and these\n\nO’Brien\n");
        TextOptions options = new TextOptions { ExtraStopWords = ["gamma"] }.WithStopWordFile(file);
        Assert.Equal(["delta"], Terms("alpha BETA gamma delta O'Brien", options));
        var error = Assert.Throws<FileNotFoundException>(() => options.WithStopWordFile(folder.Path("none.txt")));
        Assert.Contains("none.txt' does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_over_a_vocabulary_tell_what_is_unknown()
    {
        TextCounts counts = new TextAnalyzer().Count("Streams and sockets; sockets, pipes.", new Vocabulary(["sockets", "files", "streams"]));
        Assert.Equal([(0, 2), (2, 1)], counts.Counts);
        Assert.Equal(4, counts.Tokens);
        Assert.Equal(1, counts.Unknown);
        Assert.Equal(0.25, counts.UnknownShare);
        Assert.Equal(0, new TextAnalyzer().Count("", new Vocabulary([])).UnknownShare);
    }
}
