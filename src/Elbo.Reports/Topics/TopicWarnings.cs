using Elbo.Engine;
using Elbo.Reports.Fits;
using Elbo.Topics;

namespace Elbo.Reports.Topics;

/// <summary>What should be known before topics are trusted, in plain words with numbers and advice.</summary>
static class TopicWarnings
{
    /// <summary>Topics of real text differ in size by a factor of ten. One with less than a twentieth of an even share was left over.</summary>
    public const double UnusedOfEvenShare = 0.05;

    /// <summary>JS divergence over ln 2 is what a word tells of the question which of two topics it comes from, as a share of the answer. Below a tenth, the topics are one topic.</summary>
    public const double DuplicateInformation = 0.1;

    /// <summary>A topic that is present in so many documents tells none from the others.</summary>
    public const double BoilerplatePresence = 0.9;

    /// <summary>Nats per token: starts that end further below the best than this have found other topics; half a percent of the perplexity.</summary>
    public const double StartTolerance = 0.005;

    /// <summary>From a tenth of unknown words on, the model has seen another language, or text that was prepared in another way.</summary>
    public const double UnknownShare = 0.1;

    /// <summary>A few empty documents are usual; from a twentieth on they are a sign.</summary>
    public const double EmptyShare = 0.05;

    public static bool IsUnused(TopicModel model, int topic) => model.Record.Prevalence[topic] < UnusedOfEvenShare / model.Topics.Count;

    public static IReadOnlyList<ReportWarning> Of(TopicModel model, TopicDistances distances, IReadOnlyList<double> termShares, DocumentSurvey? survey) =>
    [
        .. Fit(model),
        .. Unused(model),
        .. Duplicates(model, distances),
        .. Boilerplate(model, termShares, survey),
        .. Documents(survey),
    ];

    static IEnumerable<ReportWarning> Fit(TopicModel model)
    {
        TopicModelRecord record = model.Record;
        if (model.Trace.Count == 0) yield break;
        IReadOnlyList<Iteration> trace = FitWords.Certified(model.Trace);
        if (record.StopReason is StopReason.IterationLimit or StopReason.TimeLimit or StopReason.Cancelled)
        {
            string change = trace[^1].Change is { } last ? $"; the last iteration still changed the bound by {Numbers.Nats(last)} nats ({Numbers.PerToken(last / record.Tokens)} per token)" : "";
            string advice = record.StopReason == StopReason.IterationLimit ? "Give it more (--max-iterations)." : "Let it run on.";
            yield return new("not-converged", $"The fit was {FitWords.Describe(record.StopReason).TrimEnd(',')}{change}: it has not converged. {advice}", []);
        }
        string end = trace[^1].Segment;
        Iteration[] fell = [.. trace.Where(step => step.Segment == end && FitWords.Fell(step))];
        if (fell.Length > 0)
            yield return new("bound-fell", $"The bound fell in {Numbers.Count(fell.Length)} of the last passes, by up to {Numbers.Nats(-fell.Min(step => step.Change!.Value))} nats: documents that begin cold promise no ascent. "
                + "Without --document-start cold the end of the fit is certified.", []);
        foreach (ReportWarning warning in Starts(model)) yield return warning;
    }

    static IEnumerable<ReportWarning> Starts(TopicModel model)
    {
        TopicModelRecord record = model.Record;
        double[] ends = [.. record.Traces.Select(trace => FitWords.Certified(trace).Max(step => step.Objective) / record.Tokens)];
        if (ends.Length == 1 || record.Options.ShortIterations is not null)
        {
            string why = ends.Length == 1 ? "There was only one start" : "Only the best start was run to its end";
            yield return new("one-start", $"{why}, so whether others find the same topics is not known. Several (--restarts 5) would tell.", []);
            yield break;
        }
        double best = ends[record.BestStart];
        double[] below = [.. ends.Where((_, start) => start != record.BestStart).Select(end => best - end).Order()];
        if (below[0] <= StartTolerance) yield break;
        yield return new("starts-disagree", $"No other of the {ends.Length} starts came near to the best: the next ended {Numbers.PerToken(below[0])} nats per token below it, the last {Numbers.PerToken(below[^1])}. "
            + "The topics depend on the start; more of them (--restarts) may find better ones.", []);
    }

    static IEnumerable<ReportWarning> Unused(TopicModel model)
    {
        int[] unused = [.. model.Topics.Where(topic => IsUnused(model, topic.Id)).Select(topic => topic.Id)];
        if (unused.Length == 0) yield break;
        yield return new("unused", $"{unused.Length} of {model.Topics.Count} topics {(unused.Length == 1 ? "is" : "are")} unused ({Names(unused)}): each explains less than {Numbers.Share(UnusedOfEvenShare / model.Topics.Count)} of the words. "
            + $"K is too large: try {model.Topics.Count - unused.Length} topics.", unused);
    }

    static IEnumerable<ReportWarning> Duplicates(TopicModel model, TopicDistances distances)
    {
        double near = Math.Sqrt(DuplicateInformation) * TopicDistances.Largest;
        int[] used = [.. model.Topics.Select(topic => topic.Id).Where(topic => !IsUnused(model, topic))];
        var left = new HashSet<int>(used);
        foreach (int topic in used)
        {
            if (!left.Remove(topic)) continue;
            var group = new List<int> { topic };
            for (int i = 0; i < group.Count; i++)
            {
                int[] more = [.. left.Where(other => distances[group[i], other] < near).Order()];
                group.AddRange(more);
                left.ExceptWith(more);
            }
            if (group.Count == 1) continue;
            int[] same = [.. group.Order()];
            yield return new("duplicate", $"Topics {Names(same)} use nearly the same words: one word tells them apart by less than {Numbers.Share(DuplicateInformation)} of what it could. "
                + $"Read them as one topic, or try {model.Topics.Count - same.Length + 1} topics.", same);
        }
    }

    static IEnumerable<ReportWarning> Boilerplate(TopicModel model, IReadOnlyList<double> termShares, DocumentSurvey? survey)
    {
        // A topic alone is what all documents have.
        if (model.Topics.Count == 1) yield break;
        int[] used = [.. model.Topics.Select(topic => topic.Id).Where(topic => !IsUnused(model, topic))];
        int[] everywhere = survey is null ? [] : [.. used.Where(topic => survey.Presence(topic) >= BoilerplatePresence)];
        foreach (int topic in everywhere)
            yield return new("boilerplate", $"Topic {topic} is in {Numbers.Share(survey!.Presence(topic))} of the documents, in much the same measure: it is what all of them say ({Words(model, topic)}), not what some are about. "
                + "Drop its words (--stop-words, --max-df), or leave the topic aside.", [topic]);
        // Half of all words or more are near to the average by their weight alone.
        int[] average = [.. used.Except(everywhere).Where(topic => model.Record.Prevalence[topic] < 0.5 && InformationOf(model.Parameters, topic, termShares) < DuplicateInformation)];
        foreach (int topic in average)
            yield return new("boilerplate", $"Topic {topic} uses words nearly as often as all text does ({Words(model, topic)}): they are everywhere, and the topic is about nothing in particular. "
                + "Drop its words (--stop-words, --max-df), or leave the topic aside.", [topic]);
    }

    /// <summary>What a word tells of whether it is from a topic or from anywhere, as a share of the answer: JS divergence of E[β_k] and p(v), over ln 2.</summary>
    static double InformationOf(LdaParameters parameters, int topic, IReadOnlyList<double> termShares)
    {
        double divergence = 0;
        for (int term = 0; term < termShares.Count; term++)
        {
            double own = parameters.TermProbability(topic, term), all = termShares[term], middle = 0.5 * (own + all);
            if (own > 0) divergence += 0.5 * own * Math.Log(own / middle);
            if (all > 0) divergence += 0.5 * all * Math.Log(all / middle);
        }
        return divergence / Math.Log(2);
    }

    static IEnumerable<ReportWarning> Documents(DocumentSurvey? survey)
    {
        if (survey is null) yield break;
        if (survey.UnknownTokens > UnknownShare * survey.Tokens)
            yield return new("unknown-words", $"{Numbers.Share((double)survey.UnknownTokens / survey.Tokens)} of the words of these documents are unknown to the model, which says nothing of them. "
                + "Is it the language that the model was fitted to, prepared in the same way?", []);
        if (survey.EmptyDocuments > EmptyShare * survey.Documents)
            yield return new("empty-documents", $"{Numbers.Count(survey.EmptyDocuments)} of {Numbers.Plural(survey.Documents, "document")} have no word that the model knows; their topics are a guess from the prior.", []);
    }

    static string Words(TopicModel model, int topic) => string.Join(", ", model.Topics[topic].TopTerms(5).Select(term => term.Term));

    static string Names(int[] topics) => topics.Length == 1 ? $"{topics[0]}" : $"{string.Join(", ", topics[..^1])} and {topics[^1]}";
}
