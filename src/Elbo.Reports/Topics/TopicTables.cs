using Elbo.Reports.Fits;
using Elbo.Reports.Pages;
using Elbo.Topics;

namespace Elbo.Reports.Topics;

/// <summary>The tables behind the page of a topic model. Topics are named by their ids, terms and documents by their names.</summary>
static class TopicTables
{
    public static IReadOnlyList<ReportTable> Of(TopicPage page, TopicDistances distances) =>
    [
        Topics(page), TopicTerms(page), TermTopics(page), Distances(distances), Correlations(page), Documents(page), DocumentTopics(page), .. Trend(page), .. Trace(page.Trust), Starts(page.Trust),
        .. Passes(page.Trust), .. Dropped(page.Trust), Warnings(page), Facts("facts", page.Facts), Facts("settings", page.Settings),
    ];

    static ReportTable Topics(TopicPage page) => new("topics",
        [("topic", typeof(int)), ("label", typeof(string)), ("words", typeof(string)), ("share", typeof(double)), ("alpha", typeof(double)), ("effective_terms", typeof(double)), ("x", typeof(double)), ("y", typeof(double))],
        [.. page.Topics.Select(topic => new object?[] { topic.Id, topic.Label, topic.Words, topic.Share, topic.Alpha, topic.EffectiveTerms, topic.X, topic.Y })]);

    static ReportTable TopicTerms(TopicPage page) => new("topic_terms",
        [("topic", typeof(int)), ("term", typeof(string)), ("probability", typeof(double)), ("share_of_all", typeof(double))],
        [.. page.Topics.SelectMany(topic => topic.Terms.Select((term, i) => new object?[] { topic.Id, page.Terms.Names[term], topic.Probabilities[i], page.Terms.Shares[term] }))]);

    static ReportTable TermTopics(TopicPage page) => new("term_topics",
        [("term", typeof(string)), ("topic", typeof(int)), ("share", typeof(double))],
        [.. page.Terms.Names.SelectMany((name, term) => page.Terms.Topics[term].Select((topic, i) => new object?[] { name, topic, page.Terms.TopicShares[term][i] }))]);

    static ReportTable Distances(TopicDistances distances) => new("topic_distances",
        [("topic", typeof(int)), ("other_topic", typeof(int)), ("jensen_shannon_distance", typeof(double))],
        [.. from a in Enumerable.Range(0, distances.Topics) from b in Enumerable.Range(a + 1, distances.Topics - a - 1) select new object?[] { a, b, distances[a, b] }]);

    static ReportTable Correlations(TopicPage page) => new("correlated_topics",
        [("topic", typeof(int)), ("other_topic", typeof(int)), ("correlation", typeof(double))],
        [.. page.Topics.SelectMany(topic => topic.Correlated.Select(other => new object?[] { topic.Id, other.Topic, other.Correlation }))]);

    static ReportTable Documents(TopicPage page) => new("documents",
        [("document", typeof(string)), ("label", typeof(string)), ("source", typeof(string)), ("tokens", typeof(long)), ("unknown_tokens", typeof(long))],
        [.. page.Documents.Select(document => new object?[] { document.Id, document.Label, document.Source, document.Tokens, document.UnknownTokens })]);

    static ReportTable DocumentTopics(TopicPage page) => new("document_topics",
        [("document", typeof(string)), ("topic", typeof(int)), ("share", typeof(double))],
        [.. page.Documents.SelectMany(document => document.Topics.Select((topic, i) => new object?[] { document.Id, topic, document.Shares[i] }))]);

    static IEnumerable<ReportTable> Trend(TopicPage page)
    {
        if (page.Trend is not { } trend) yield break;
        yield return new("label_topics", [("label", typeof(string)), ("tokens", typeof(long)), ("topic", typeof(int)), ("share", typeof(double))],
            [.. trend.Labels.SelectMany((label, place) => page.Topics.Select(topic => new object?[] { label, trend.Tokens[place], topic.Id, trend.Shares[topic.Id][place] }))]);
    }

    static IEnumerable<ReportTable> Trace(TrustEntry trust)
    {
        FitTrace trace = trust.Trace;
        if (trace.Number.Length == 0) yield break;
        yield return new("trace",
            [("iteration", typeof(int)), ("segment", typeof(string)), ("guarantee", typeof(string)), ("after_expectation", typeof(double)), ("after_maximization", typeof(double)), ("objective", typeof(double)),
                ("log_evidence", typeof(double)), .. trace.Terms.Select(term => (term.Name, typeof(double)))],
            [.. trace.Number.Select((number, i) => (object?[])[number, trace.Segment[i], trace.Guarantee[i], trace.AfterExpectation[i], trace.AfterMaximization[i], trace.Objective[i], trace.LogEvidence[i],
                .. trace.Terms.Select(term => (object?)term.Values[i])])]);
    }

    static ReportTable Starts(TrustEntry trust) => new("starts",
        [("start", typeof(int)), ("kept", typeof(int)), ("iteration", typeof(int)), ("objective", typeof(double))],
        [.. trust.Starts.SelectMany(start => start.Objective.Select((objective, iteration) => new object?[] { start.Start, start.Best ? 1 : 0, iteration, objective }))]);

    static IEnumerable<ReportTable> Passes(TrustEntry trust)
    {
        PassEntries passes = trust.Passes;
        if (passes.Number.Length == 0) yield break;
        yield return new("passes", [("pass", typeof(int)), ("segment", typeof(string)), ("objective", typeof(double)), ("held_out", typeof(double)), ("moved", typeof(double))],
            [.. passes.Number.Select((number, i) => new object?[] { number, passes.Segment[i], passes.Objective[i], passes.HeldOut[i], passes.Moved[i] })]);
    }

    static IEnumerable<ReportTable> Dropped(TrustEntry trust)
    {
        if (trust.Dropped.Count == 0) yield break;
        yield return new("dropped", [("what", typeof(string)), ("cause", typeof(string)), ("count", typeof(long))],
            [.. trust.Dropped.SelectMany(row => (object?[][])[[row.What, "read", row.Read], [row.What, "kept", row.Kept], .. row.Causes.Select(cause => new object?[] { row.What, cause.Cause, cause.Count })])]);
    }

    static ReportTable Warnings(TopicPage page) => new("warnings",
        [("code", typeof(string)), ("message", typeof(string)), ("topics", typeof(string))],
        [.. page.Warnings.Select(warning => new object?[] { warning.Code, warning.Message, string.Join(' ', warning.Of) })]);

    static ReportTable Facts(string name, IReadOnlyList<Fact> facts) => new(name, [("name", typeof(string)), ("value", typeof(string))], [.. facts.Select(fact => new object?[] { fact.Name, fact.Value })]);
}
