using Elbo.Engine;
using Elbo.Selection;
using Elbo.Tests.Topics.Quality;
using Elbo.Topics;
using Elbo.Topics.Quality;

namespace Elbo.Tests.Selection;

/// <summary>What is said of scores that are written down.</summary>
public sealed class TopicAdviceTests
{
    [Fact]
    public void Scores_within_the_spread_are_comparable_and_the_smallest_number_is_recommended()
    {
        // Means −7, −6.5, −6.49, −6.6; spreads of the middle two 0.01 each, so that 0.0142 is the most that restarts explain.
        TopicSelectionResult result = Result([Candidate(10, -7.01, -6.99), Candidate(20, -6.5 - 0.01 / Math.Sqrt(2), -6.5 + 0.01 / Math.Sqrt(2)), Candidate(50, -6.49 - 0.01 / Math.Sqrt(2), -6.49 + 0.01 / Math.Sqrt(2)), Candidate(100, -6.6, -6.6)]);
        Assert.Equal(0.01, result.Candidates[1].HeldOutSpread, 1e-12);
        Assert.Equal(50, result.Highest.Topics);
        Assert.Equal([20, 50], result.Comparable.Select(candidate => candidate.Topics));
        Assert.Equal(20, result.Recommended.Topics);
        Assert.Equal(["The held-out scores of 20 and 50 topics are within the spread of restarts; 20 is the smallest of these numbers."], result.Advice);
    }

    [Fact]
    public void A_score_beyond_the_spread_is_not_comparable()
    {
        TopicSelectionResult result = Result([Candidate(10, -7, -7.001), Candidate(20, -6.5, -6.501), Candidate(50, -6.6, -6.601)]);
        Assert.Equal([20], result.Comparable.Select(candidate => candidate.Topics));
        Assert.Equal(["The highest held-out score is that of 20 topics, by more than restarts alone make it differ."], result.Advice);
    }

    [Fact]
    public void The_ends_of_what_was_tried_are_named()
    {
        Assert.Contains("The highest score is that of the largest number tried: more topics may score higher still.", Result([Candidate(10, -7, -7.001), Candidate(20, -6.5, -6.501)]).Advice);
        Assert.Contains("10 is the smallest number tried: fewer topics may do as well.", Result([Candidate(10, -6, -6.001), Candidate(20, -6.5, -6.501)]).Advice);
        // The order in which they were given does not matter.
        Assert.Equal(10, Result([Candidate(20, -6.5, -6.6), Candidate(10, -6.5, -6.6)]).Recommended.Topics);
    }

    [Fact]
    public void Without_a_spread_nothing_is_said_of_chance()
    {
        TopicSelectionResult result = Result([Candidate(10, -7), Candidate(20, -6.5), Candidate(50, -6.5000001)]);
        Assert.Equal([20], result.Comparable.Select(candidate => candidate.Topics));
        Assert.StartsWith("The highest held-out score is that of 20 topics; where a number has one fit alone, there is no telling", Assert.Single(result.Advice), StringComparison.Ordinal);
        Assert.Equal(["No other number than 10 was fitted: there is nothing to compare with."], Result([Candidate(10, -7, -8)]).Advice);
    }

    [Fact]
    public void A_cut_comparison_and_cut_fits_are_named()
    {
        TopicCandidate cut = Candidate(20, -6.5, -6.501);
        cut = cut with { Restarts = [cut.Restarts[0] with { StopReason = StopReason.IterationLimit }, cut.Restarts[1]] };
        IReadOnlyList<string> advice = (Result([Candidate(10, -7, -7.001), cut, Candidate(50, -6.7, -6.701)]) with { IsComplete = false }).Advice;
        Assert.Equal("The comparison was stopped: this is about the fits that were done.", advice[0]);
        Assert.Equal("1 of 6 fits ended at their limit of passes or time: longer ones may compare otherwise.", advice[^1]);
    }

    static TopicSelectionResult Result(TopicCandidate[] candidates) => new()
    {
        Candidates = candidates,
        IsComplete = true,
        Options = new TopicSelectionOptions { Topics = [.. candidates.Select(candidate => candidate.Topics)] },
        EStep = new TopicEStepChoice(TopicEStep.MeanField, "as asked for"),
        Coherence = CoherenceMeasure.UMass,
        TrainingDocuments = 90,
        TrainingTokens = 9000,
        HeldOutDocuments = 10,
    };

    static TopicCandidate Candidate(int topics, params double[] scores)
    {
        TopicModel model = HandMadeModel.Of([0.5, 0.5]);
        return new TopicCandidate
        {
            Topics = topics,
            Restarts = [.. scores.Select((score, number) => new TopicRestart
            {
                Topics = topics,
                Number = number,
                Seed = (ulong)number,
                Bound = -1,
                HeldOut = new CompletionScore(default, new TokenScore(score * 1000, 1000), 10, 0, 0),
                Coherence = 0,
                StopReason = StopReason.Converged,
            })],
            Best = 0,
            Model = model,
            Quality = ModelQuality.Of(model),
        };
    }
}
