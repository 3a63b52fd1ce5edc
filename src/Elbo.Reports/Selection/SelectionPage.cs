using Elbo.Reports.Fits;

namespace Elbo.Reports.Selection;

/// <summary>What the page of a comparison of numbers of topics shows.</summary>
/// <param name="Title">The title.</param>
/// <param name="Summary">What was compared, in a line.</param>
/// <param name="Recommendation">The advice, line by line.</param>
/// <param name="CoherenceName">What coherence was measured.</param>
/// <param name="Candidates">The numbers of topics.</param>
/// <param name="Facts">How it was made.</param>
sealed record SelectionPage(string Title, string Summary, IReadOnlyList<string> Recommendation, string CoherenceName, IReadOnlyList<CandidateEntry> Candidates, IReadOnlyList<Fact> Facts);

/// <summary>A number of topics. Averages are over its fits; what a comparison cannot know is null.</summary>
sealed record CandidateEntry
{
    public required int Topics { get; init; }

    public required double HeldOut { get; init; }

    public required double? HeldOutSpread { get; init; }

    /// <summary>The highest of its fits, in nats.</summary>
    public required double Bound { get; init; }

    public required double? Coherence { get; init; }

    public required double? Stability { get; init; }

    /// <summary>Whether its held-out score is within the spread of the highest.</summary>
    public required bool Comparable { get; init; }

    public required bool Recommended { get; init; }

    public required IReadOnlyList<RestartEntry> Restarts { get; init; }

    /// <summary>The topics of its best fit, the largest first.</summary>
    public required IReadOnlyList<SelectedTopic> Best { get; init; }
}

/// <summary>A fit.</summary>
sealed record RestartEntry(ulong Seed, double HeldOut, double Bound, double? Coherence, string Stop);

/// <summary>A topic of the best fit of a number.</summary>
sealed record SelectedTopic(int Id, double Share, string Words, double? Coherence, double? Stability);
