using System.Globalization;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Reports.Fits;
using Elbo.Topics;
using Elbo.Topics.Gap;

namespace Elbo.Reports.Topics;

/// <summary>What speaks for a fit of topics: how it ended, what was checked, every start, what became of the text.</summary>
static class TopicTrust
{
    static readonly string[] MeanFieldTerms = [.. new LdaEStep().TermNames], MapTerms = [.. new LdaMapEStep().TermNames];

    public static IReadOnlyList<Fact> Facts(TopicModel model)
    {
        TopicModelRecord record = model.Record;
        var facts = new List<Fact>
        {
            new("documents", Numbers.Count(record.Documents)),
            new("terms", Numbers.Count(model.Vocabulary.Count)),
            new("tokens", Numbers.Count(record.Tokens)),
            new("topics", Numbers.Count(model.Topics.Count)),
            new("E-step", FitWords.NameOf(record.Options.EStep)),
            new("seed", record.Options.Seed.ToString(CultureInfo.InvariantCulture)),
            new("kernels", KernelProfiles.Name(record.KernelProfile)),
            new("report by", Pages.Page.Generator),
        };
        if (double.IsFinite(record.Bound)) facts.Insert(4, new("ELBO", $"{Numbers.Nats(record.Bound)} nats, {Numbers.PerToken(record.Bound / record.Tokens)} per token"));
        return facts;
    }

    /// <summary>The options of the fit, and those of the text.</summary>
    public static IReadOnlyList<Fact> Settings(TopicModel model) =>
    [
        .. OptionList.Of(model.Record.Options).Select(option => new Fact(option.Key, option.Value)),
        .. model.Record.CorpusProperties.Where(property => !property.Key.StartsWith(ImportFigures.Prefix, StringComparison.Ordinal))
            .OrderBy(property => property.Key, StringComparer.Ordinal).Select(property => new Fact(property.Key, property.Value)),
    ];

    public static TrustEntry Of(TopicModel model, TopicReportOptions options)
    {
        TopicModelRecord record = model.Record;
        IReadOnlyList<Iteration> trace = FitWords.Certified(model.Trace);
        string stop = FitWords.Stop(model);
        if (FitWords.IsClosed(model.Trace))
            stop += $"; what was maximised is the {trace[^1].Segment} objective, {Numbers.Nats(trace.Max(step => step.Objective))} nats in the end, and the ELBO is of a closing mean-field pass";
        return new TrustEntry
        {
            Stop = stop,
            Certificate = FitWords.Certificate(model),
            Trace = FitTrace.Of(trace, FitWords.IsClosed(model.Trace) ? MapTerms : MeanFieldTerms),
            Passes = new PassEntries(
                [.. model.Passes.Select(pass => pass.Number)], [.. model.Passes.Select(pass => pass.Segment)],
                [.. model.Passes.Select(pass => pass.Objective)], [.. model.Passes.Select(pass => pass.HeldOut)], [.. model.Passes.Select(pass => pass.Moved)]),
            Starts = [.. record.Traces.Select((start, number) => new StartTrace(number, number == record.BestStart, [.. FitWords.Certified(start).Select(step => step.Objective)]))],
            Dropped = ImportFigures.Of(record.CorpusProperties),
            HeldOut = options.HeldOut is { Seen.Tokens: > 0 } score ? new HeldOutEntry(score.Documents, score.Seen.Tokens, score.Seen.PerToken, score.Seen.Perplexity) : null,
            Gap = options.Gap is { Total: { Tokens: > 0 } total } gap ? GapOf(gap, total) : null,
        };
    }

    static GapEntry GapOf(GapReport gap, GapTotal total) => new(
        gap.Documents.Count, gap.CorpusDocuments, total.Gap.Value, total.Gap.Lower, total.Gap.Upper, total.LogEvidence, total.Bound, total.GapPerToken, gap.IsAtMeans,
        [.. gap.Documents.Where(document => document.Tokens > 0).Select(document => document.GapPerToken).Order()]);
}
