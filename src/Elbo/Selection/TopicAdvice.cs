using Elbo.Engine;

namespace Elbo.Selection;

/// <summary>What a comparison of numbers of topics allows one to say, and no more.</summary>
static class TopicAdvice
{
    public static IReadOnlyList<string> Of(TopicSelectionResult result)
    {
        var advice = new List<string>();
        TopicCandidate recommended = result.Recommended, highest = result.Highest;
        IReadOnlyList<TopicCandidate> comparable = result.Comparable;
        if (!result.IsComplete) advice.Add("The comparison was stopped: this is about the fits that were done.");
        if (result.Candidates.Count == 1)
        {
            advice.Add($"No other number than {recommended.Topics} was fitted: there is nothing to compare with.");
            return advice;
        }
        if (comparable.Count > 1)
            advice.Add($"The held-out scores of {List([.. comparable.Select(candidate => candidate.Topics).Order()])} topics are within the spread of restarts; {recommended.Topics} is the smallest of these numbers.");
        else if (result.Candidates.Any(candidate => candidate.Restarts.Count == 1))
            advice.Add($"The highest held-out score is that of {Topics(highest)}; where a number has one fit alone, there is no telling how much of the difference is chance. More restarts would tell.");
        else
            advice.Add($"The highest held-out score is that of {Topics(highest)}, by more than restarts alone make it differ.");
        if (highest.Topics == result.Options.Topics.Max()) advice.Add("The highest score is that of the largest number tried: more topics may score higher still.");
        else if (recommended.Topics == result.Options.Topics.Min()) advice.Add($"{recommended.Topics} is the smallest number tried: fewer topics may do as well.");
        int fits = result.Candidates.Sum(candidate => candidate.Restarts.Count);
        int cut = result.Candidates.Sum(candidate => candidate.Restarts.Count(restart => restart.StopReason is StopReason.IterationLimit or StopReason.TimeLimit));
        if (cut > 0) advice.Add($"{cut} of {fits} fits ended at their limit of passes or time: longer ones may compare otherwise.");
        return advice;
    }

    static string Topics(TopicCandidate candidate) => candidate.Topics == 1 ? "1 topic" : $"{candidate.Topics} topics";

    static string List(int[] numbers) => $"{string.Join(", ", numbers[..^1])} and {numbers[^1]}";
}
