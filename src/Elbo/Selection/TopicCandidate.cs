using Elbo.Engine;
using Elbo.Topics;
using Elbo.Topics.Quality;

namespace Elbo.Selection;

/// <summary>One fit of one number of topics.</summary>
public sealed record TopicRestart
{
    /// <summary>K.</summary>
    public required int Topics { get; init; }

    /// <summary>Which fit of that number, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>Its seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The ELBO of the training documents, in nats.</summary>
    public required double Bound { get; init; }

    /// <summary>Document completion on the documents that were set aside.</summary>
    public required CompletionScore HeldOut { get; init; }

    /// <summary>The mean coherence of its topics by <see cref="TopicSelectionResult.Coherence"/>, over all documents.</summary>
    public required double Coherence { get; init; }

    /// <summary>Why the fit ended.</summary>
    public required StopReason StopReason { get; init; }
}

/// <summary>One of the numbers of topics that were compared.</summary>
public sealed record TopicCandidate
{
    /// <summary>K.</summary>
    public required int Topics { get; init; }

    /// <summary>Its fits, in order; fewer than asked for where somebody cancelled.</summary>
    public required IReadOnlyList<TopicRestart> Restarts { get; init; }

    /// <summary>The fit with the highest ELBO, by its number: chosen without a look at the held-out documents.</summary>
    public required int Best { get; init; }

    /// <summary>Its model, fitted to the training documents alone.</summary>
    public required TopicModel Model { get; init; }

    /// <summary>What can be said of that model's topics; terms are counted over all documents.</summary>
    public required ModelQuality Quality { get; init; }

    /// <summary>How far the fits agree, with the topics of the best; null where there is one fit.</summary>
    public TopicStability? Stability { get; init; }

    /// <summary>The held-out score in nats per token of terms seen in training, on average over the fits.</summary>
    public double HeldOut => Restarts.Average(restart => restart.HeldOut.Seen.PerToken);

    /// <summary>Its standard deviation over the fits; NaN where there is one.</summary>
    public double HeldOutSpread => Math.Sqrt(Restarts.Sum(restart => Math.Pow(restart.HeldOut.Seen.PerToken - HeldOut, 2)) / (Restarts.Count - 1));

    /// <summary>The coherence on average over the fits.</summary>
    public double Coherence => Restarts.Average(restart => restart.Coherence);
}

/// <summary>What comes of a comparison of numbers of topics.</summary>
public sealed record TopicSelectionResult
{
    /// <summary>The numbers that were fitted, in the order in which they were given.</summary>
    public required IReadOnlyList<TopicCandidate> Candidates { get; init; }

    /// <summary>False where somebody cancelled before all was fitted.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>What was asked for; <see cref="LdaOptions.EStep"/> is the one that was used, the same for all.</summary>
    public required TopicSelectionOptions Options { get; init; }

    /// <summary>That E-step, and why.</summary>
    public required TopicEStepChoice EStep { get; init; }

    /// <summary>By what coherence is measured: NPMI where the documents' tokens have an order, else UMass.</summary>
    public required CoherenceMeasure Coherence { get; init; }

    /// <summary>How many documents were fitted to.</summary>
    public required int TrainingDocuments { get; init; }

    /// <summary>How many tokens they have.</summary>
    public required long TrainingTokens { get; init; }

    /// <summary>How many documents were set aside.</summary>
    public required int HeldOutDocuments { get; init; }

    /// <summary>The candidate with the highest held-out score.</summary>
    public TopicCandidate Highest => Candidates.MaxBy(candidate => candidate.HeldOut)!;

    /// <summary>
    /// The candidates, the highest among them, whose held-out score is no further below the highest than restarts alone make two fits differ:
    /// √(s² + s′²), with the two spreads s. Where a candidate has one fit, there is no spread, and only the highest is here.
    /// </summary>
    public IReadOnlyList<TopicCandidate> Comparable
    {
        get
        {
            TopicCandidate highest = Highest;
            return [.. Candidates.Where(candidate => candidate == highest || highest.HeldOut - candidate.HeldOut <= double.Hypot(highest.HeldOutSpread, candidate.HeldOutSpread))];
        }
    }

    /// <summary>The smallest of <see cref="Comparable"/>.</summary>
    public TopicCandidate Recommended => Comparable.MinBy(candidate => candidate.Topics)!;

    /// <summary>What can be said of this, in sentences: which number is recommended and why, and what speaks against relying on it.</summary>
    public IReadOnlyList<string> Advice => TopicAdvice.Of(this);
}
