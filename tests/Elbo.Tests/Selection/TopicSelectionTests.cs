using Elbo.Corpora;
using Elbo.Selection;
using Elbo.Tests.Topics;
using Elbo.Topics;
using Elbo.Topics.Quality;

namespace Elbo.Tests.Selection;

public sealed class TopicSelectionTests
{
    static readonly Corpus Drawn = new LdaGenerator(new LdaGeneratorOptions { Topics = 5, Terms = 250, Length = 60, Seed = 2 }).Draw(400).Corpus;

    static readonly TopicSelectionOptions Options = new() { Topics = [2, 5, 9], Restarts = 3, HeldOutShare = 0.2, Fit = new LdaOptions { Threads = 2 } };

    sealed class Heard : List<TopicRestart>, IProgress<TopicRestart>
    {
        public Action<TopicRestart>? Then { get; init; }

        public void Report(TopicRestart value)
        {
            Add(value);
            Then?.Invoke(value);
        }
    }

    [Fact]
    public async Task The_number_that_documents_were_drawn_with_is_recommended()
    {
        var heard = new Heard();
        TopicSelectionResult result = await TopicSelection.RunAsync(Drawn, Options, heard, TestContext.Current.CancellationToken);
        Assert.True(result.IsComplete);
        Assert.Equal(9, heard.Count);
        Assert.Equal(heard, result.Candidates.SelectMany(candidate => candidate.Restarts));
        Assert.Equal(5, result.Recommended.Topics);
        Assert.Contains(result.Recommended, result.Comparable);
        Assert.True(result.Candidates[0].HeldOut < result.Candidates[1].HeldOut - 0.1, "two topics cannot say what five do");
        Assert.Equal((320, 80), (result.TrainingDocuments, result.HeldOutDocuments));
        Assert.Equal(CoherenceMeasure.UMass, result.Coherence);
        // Five true topics come back from every start; nine do not.
        Assert.True(result.Candidates[1].Stability!.Overlap > result.Candidates[2].Stability!.Overlap);
    }

    [Fact]
    public async Task Every_restart_is_the_fit_of_its_seed_to_the_same_documents()
    {
        TopicSelectionOptions options = Options with { Topics = [3], Restarts = 2, Fit = new LdaOptions { Seed = 11, Threads = 1 } };
        TopicCandidate candidate = Assert.Single((await TopicSelection.RunAsync(Drawn, options, cancellationToken: TestContext.Current.CancellationToken)).Candidates);
        Assert.Equal([11UL, 12], candidate.Restarts.Select(restart => restart.Seed));
        Assert.Equal(candidate.Restarts.Max(restart => restart.Bound), candidate.Model.Bound);
        Assert.Equal(candidate.Restarts[candidate.Best].Seed, candidate.Model.Record.Options.Seed);
        Assert.Equal(320, candidate.Model.Record.Documents);
        // Both were scored on the same halves, which hold the same tokens.
        Assert.Equal(candidate.Restarts[0].HeldOut.All.Tokens, candidate.Restarts[1].HeldOut.All.Tokens);
        Assert.Equal(candidate.Restarts.Average(restart => restart.HeldOut.Seen.PerToken), candidate.HeldOut);
        double mean = candidate.HeldOut, first = candidate.Restarts[0].HeldOut.Seen.PerToken - mean, second = candidate.Restarts[1].HeldOut.Seen.PerToken - mean;
        Assert.Equal(Math.Sqrt(first * first + second * second), candidate.HeldOutSpread, 1e-12);
    }

    [Fact]
    public async Task Threads_do_not_change_a_bit()
    {
        string[] results = [.. await Task.WhenAll(new[] { 1, 3 }.Select(async threads => Bits(await TopicSelection.RunAsync(
            Drawn, Options with { Topics = [4, 6], Restarts = 2, Fit = new LdaOptions { Threads = threads } }, cancellationToken: TestContext.Current.CancellationToken))))];
        Assert.Equal(results[0], results[1]);

        static string Bits(TopicSelectionResult result) => string.Join(';', result.Candidates.Select(candidate => string.Join(' ',
            candidate.Restarts.Select(restart => $"{restart.Bound:R} {restart.HeldOut.All.LogLikelihood:R} {restart.Coherence:R}")) + $" {candidate.Stability!.Overlap:R} {candidate.Quality.Topics.Sum(topic => topic.Frex):R}"));
    }

    [Fact]
    public async Task All_numbers_have_one_E_step_that_of_the_largest()
    {
        TopicSelectionOptions options = Options with { Topics = [2, 400], Restarts = 1, Fit = new LdaOptions { MaximumIterations = 2, Threads = 2 } };
        TopicSelectionResult result = await TopicSelection.RunAsync(Drawn, options, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(TopicEStep.Collapsed, result.EStep.EStep);
        Assert.All(result.Candidates, candidate => Assert.Equal(TopicEStep.Collapsed, candidate.Model.Record.Options.EStep));
        // One fit has no spread: what is best is all that can be said.
        Assert.Null(result.Candidates[0].Stability);
        Assert.True(double.IsNaN(result.Candidates[0].HeldOutSpread));
        Assert.Equal([result.Highest], result.Comparable);
    }

    [Fact]
    public async Task Text_is_told_by_NPMI()
    {
        Corpus texts = SmallCorpora.OfTexts(Enumerable.Range(0, 40).Select(document => string.Join(' ', Enumerable.Range(0, 12).Select(place => $"{(char)('a' + document % 2 * 5 + (place * 7 + document) % 5)}"))));
        TopicSelectionResult result = await TopicSelection.RunAsync(texts, Options with { Topics = [2], Restarts = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(CoherenceMeasure.Npmi, result.Coherence);
        Assert.Equal(result.Candidates[0].Coherence, result.Candidates[0].Quality.Topics.Average(topic => topic.Npmi)!.Value, 1e-12);
    }

    [Fact]
    public async Task Cancelled_it_keeps_what_is_done()
    {
        using var stop = new CancellationTokenSource();
        var heard = new Heard { Then = restart => { if (restart is { Topics: 5, Number: 0 }) stop.Cancel(); } };
        TopicSelectionResult result = await TopicSelection.RunAsync(Drawn, Options, heard, stop.Token);
        Assert.False(result.IsComplete);
        Assert.Equal([(2, 3), (5, 1)], result.Candidates.Select(candidate => (candidate.Topics, candidate.Restarts.Count)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TopicSelection.RunAsync(Drawn, Options, cancellationToken: stop.Token));
    }

    [Fact]
    public async Task Bad_options_and_too_few_documents_are_refused()
    {
        await RefusedAsync("no number of topics", Options with { Topics = [] });
        await RefusedAsync("1 or more, not 0", Options with { Topics = [3, 0] });
        await RefusedAsync("given twice", Options with { Topics = [3, 3] });
        await RefusedAsync("above 0 and at most 0.5", Options with { HeldOutShare = 0.6 });
        await RefusedAsync("restarts are fits of their own", Options with { Fit = new LdaOptions { Restarts = 2 } });
        await RefusedAsync("pairs of terms", Options with { Terms = 1 });
        await RefusedAsync("1 of 3 have the two tokens", Options, SmallCorpora.OfTexts(["a b", "a", ""]));

        static async Task RefusedAsync(string message, TopicSelectionOptions options, Corpus? corpus = null) => Assert.Contains(message,
            (await Assert.ThrowsAnyAsync<ArgumentException>(() => TopicSelection.RunAsync(corpus ?? Drawn, options, cancellationToken: TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
    }
}
