using Elbo.Engine;
using Elbo.Fitting;
using Elbo.Selection;
using Elbo.Topics;
using Elbo.Topics.Quality;

namespace Elbo.Reports.Fits;

/// <summary>What reports and the command line say of fits, in the same words.</summary>
static class FitWords
{
    /// <summary>The E-steps of topics, as the command line calls them.</summary>
    public static IReadOnlyList<(string Name, TopicEStep Value)> TopicESteps { get; } =
    [
        ("auto", TopicEStep.Automatic), ("mean-field", TopicEStep.MeanField), ("map", TopicEStep.Map), ("cvb0", TopicEStep.Collapsed),
        ("online-map", TopicEStep.OnlineMap), ("online-mean-field", TopicEStep.OnlineMeanField),
    ];

    public static string NameOf(TopicEStep eStep) => TopicESteps.First(one => one.Value == eStep).Name;

    public static string NameOf(CoherenceMeasure measure) => measure switch
    {
        CoherenceMeasure.UMass => "UMass",
        CoherenceMeasure.Uci => "UCI",
        CoherenceMeasure.Npmi => "NPMI",
        _ => "C_V",
    };

    public static string Describe(StopReason reason) => reason switch
    {
        StopReason.Converged => "converged",
        StopReason.IterationLimit => "stopped at the limit of iterations",
        StopReason.TimeLimit => "stopped at the time limit",
        StopReason.Cancelled => "stopped as asked, with the best so far,",
        StopReason.BoundFell => "stopped because the bound fell",
        StopReason.HeldOutFell => "stopped because the held-out score fell",
        StopReason.Degenerate => "given up because a component degenerated",
        StopReason.NotFitted => "not fitted: the parameters that a corpus was drawn from",
        _ => reason.ToString(),
    };

    /// <summary>How a fit of topics ended, and after how much.</summary>
    public static string Stop(TopicModel model)
    {
        TopicModelRecord record = model.Record;
        if (model.Trace.Count == 0) return Describe(record.StopReason);
        string of = record.Traces.Count > 1 ? $" of start {record.BestStart} (of {record.Traces.Count})" : "";
        return model.Passes.Count == 0
            ? $"{Describe(record.StopReason)} after {Numbers.Plural(model.Trace[^1].Number, "iteration")}{of}"
            : $"{Describe(record.StopReason)} after {(model.Passes[^1].Number == 1 ? "1 pass" : $"{Numbers.Count(model.Passes[^1].Number)} passes")} of {model.Passes[^1].Segment}{of}";
    }

    /// <summary>How a fit of a mixture or a hidden Markov model ended, and how many starts came to the same.</summary>
    public static string Stop(FitRecord record)
    {
        int starts = record.Traces.Count;
        string of = starts == 1 ? "" : $" of start {record.BestStart} (of {starts})";
        if (starts > 1 && StartAgreement.Count(record) is { } agreeing) of += $"; {Numbers.Plural(agreeing, "start")} reached this objective";
        return $"{Describe(record.StopReason)} after {Numbers.Plural(record.Traces[record.BestStart][^1].Number, "iteration")}{of}";
    }

    /// <summary>What was checked while topics were fitted.</summary>
    public static string Certificate(TopicModel model)
    {
        if (model.Trace.Count == 0) return "certificate: none, as nothing was fitted";
        if (model.Passes.Count > 0) return "certificate: none for these passes; the ELBO is that of the closing mean-field pass. --e-step mean-field checks every half-step";
        Iteration end = Certified(model.Trace)[^1];
        return end.Guarantee == Guarantee.None
            ? "certificate: decomposition and M-steps were checked; these passes promise no ascent of the E-step"
            : $"certificate: every half-step was checked; in the {end.Segment} passes at the end the bound never fell";
    }

    /// <summary>What was checked while a mixture or a hidden Markov model was fitted.</summary>
    public static string Certificate(FitRecord record) => record.Traces[record.BestStart][^1].Guarantee == Guarantee.None
        ? "certificate: decomposition and M-steps were checked; these iterations promise no ascent"
        : $"certificate: {(record.Options.Online is null ? "" : "after the online passes ")}every half-step was checked; the {(record.Options.Hard ? "classification likelihood" : "objective")} "
            + (record.Options.AllowTemporaryDecrease ? "fell only where that was allowed" : "never fell");

    /// <summary>The records before a closing mean-field pass, which has another objective; all where there is nothing before.</summary>
    public static IReadOnlyList<Iteration> Certified(IReadOnlyList<Iteration> trace) => IsClosed(trace) ? [.. trace.SkipLast(1)] : trace;

    /// <summary>Whether the last record is of a closing pass, after the fit of another objective.</summary>
    public static bool IsClosed(IReadOnlyList<Iteration> trace) => trace.Count > 1 && trace[^1].Segment == TopicModel.ClosingSegment;

    /// <summary>Only stretches without a guarantee may lower the bound; what else lowers it is an error, or rounding.</summary>
    public static bool Fell(Iteration iteration) => iteration is { Guarantee: Guarantee.None, Change: < 0 };
}
