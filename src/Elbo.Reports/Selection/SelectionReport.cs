using System.Globalization;
using Elbo.Numerics;
using Elbo.Reports.Fits;
using Elbo.Reports.Pages;
using Elbo.Selection;
using Elbo.Topics;
using Elbo.Topics.Quality;

namespace Elbo.Reports.Selection;

/// <summary>A comparison of numbers of topics as one self-contained page: held-out score, bound, coherence and stability of each, its topics, and what can be advised.</summary>
public sealed class SelectionReport
{
    const int TermsShown = 10;

    // Options that the facts above them say better, or that differ from number to number.
    static readonly string[] Said = ["topics", "seed", "e-step", "restarts"];

    SelectionReport(SelectionPage page) => Page = page;

    internal SelectionPage Page { get; }

    /// <summary>Prepares the page.</summary>
    /// <param name="result">The comparison.</param>
    /// <param name="title">The title of the page.</param>
    public static SelectionReport Create(TopicSelectionResult result, string title = "How many topics?")
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(title);
        HashSet<int> comparable = [.. result.Comparable.Select(candidate => candidate.Topics)];
        int restarts = result.Options.Restarts;
        return new SelectionReport(new SelectionPage(
            title,
            $"{result.Candidates.Count} numbers of topics, {restarts} fit{(restarts == 1 ? "" : "s")} each; {Numbers.Count(result.TrainingDocuments)} documents fitted to, {Numbers.Count(result.HeldOutDocuments)} others scored",
            result.Advice,
            FitWords.NameOf(result.Coherence),
            [.. result.Candidates.Select(candidate => Entry(candidate, comparable, result.Recommended, result.Coherence))],
            Facts(result)));
    }

    /// <summary>Writes the page; what was in its place stays until the new one is whole.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path) => Pages.Page.Save(path, Page.Title, "selection.html", ["selection.js"], Page, PageJson.Default.SelectionPage);

    static CandidateEntry Entry(TopicCandidate candidate, HashSet<int> comparable, TopicCandidate recommended, CoherenceMeasure measure) => new()
    {
        Topics = candidate.Topics,
        HeldOut = candidate.HeldOut,
        HeldOutSpread = Finite(candidate.HeldOutSpread),
        Bound = candidate.Restarts.Max(restart => restart.Bound),
        Coherence = Finite(candidate.Coherence),
        Stability = candidate.Stability?.Overlap,
        Comparable = comparable.Contains(candidate.Topics),
        Recommended = candidate == recommended,
        Restarts = [.. candidate.Restarts.Select(restart => new RestartEntry(restart.Seed, restart.HeldOut.Seen.PerToken, restart.Bound, Finite(restart.Coherence), FitWords.Describe(restart.StopReason)))],
        Best = [.. candidate.Model.Topics.OrderByDescending(topic => topic.Prevalence).ThenBy(topic => topic.Id).Select(topic => new SelectedTopic(
            topic.Id, topic.Prevalence, string.Join(' ', topic.TopTerms(TermsShown).Select(term => term.Term)), CoherenceOf(candidate.Quality.Topics[topic.Id], measure), candidate.Stability?.Topics[topic.Id]))],
    };

    static double? CoherenceOf(TopicQuality quality, CoherenceMeasure measure) => (measure == CoherenceMeasure.UMass ? quality.UMass : quality.Npmi) is { } value ? Finite(value) : null;

    static double? Finite(double value) => double.IsFinite(value) ? value : null;

    static Fact[] Facts(TopicSelectionResult result)
    {
        LdaOptions fit = result.Options.Fit;
        return
        [
            new("seed", fit.Seed.ToString(CultureInfo.InvariantCulture)),
            new("E-step", $"{FitWords.NameOf(result.EStep.EStep)} ({result.EStep.Reason})"),
            new("documents fitted to", Numbers.Count(result.TrainingDocuments)),
            new("tokens fitted to", Numbers.Count(result.TrainingTokens)),
            new("documents scored", Numbers.Count(result.HeldOutDocuments)),
            new("complete", result.IsComplete ? "yes" : "no: it was stopped"),
            new("kernels", KernelProfiles.Name(KernelProfiles.Current)),
            new("page by", Pages.Page.Generator),
            .. OptionList.Of(fit).Where(option => !Said.Contains(option.Key)).Select(option => new Fact(option.Key, option.Value)),
        ];
    }
}
