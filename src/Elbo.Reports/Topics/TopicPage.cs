using System.Text.Json.Serialization;
using Elbo.Reports.Fits;
using Elbo.Reports.Pages;

namespace Elbo.Reports.Topics;

/// <summary>What the page of a topic model shows, ready to be written as JSON. Terms are numbered as in <see cref="Terms"/>, documents as in <see cref="Documents"/>.</summary>
sealed record TopicPage
{
    public required string Title { get; init; }

    /// <summary>The model's size and origin: documents, terms, tokens, topics, E-step, seed, stop reason, kernels, version.</summary>
    public required IReadOnlyList<Fact> Facts { get; init; }

    /// <summary>The options of the fit and how the text was prepared.</summary>
    public required IReadOnlyList<Fact> Settings { get; init; }

    public required IReadOnlyList<ReportWarning> Warnings { get; init; }

    /// <summary>All topics, in the order of their ids.</summary>
    public required IReadOnlyList<TopicEntry> Topics { get; init; }

    public required TermEntries Terms { get; init; }

    /// <summary>The documents that the page shows; none where no corpus was given.</summary>
    public required IReadOnlyList<DocumentEntry> Documents { get; init; }

    /// <summary>How many documents there are, of which those of the page were taken.</summary>
    public required int DocumentCount { get; init; }

    /// <summary>Topics over a label or year; null where documents have none.</summary>
    public LabelTrend? Trend { get; init; }

    public required TrustEntry Trust { get; init; }
}

/// <summary>A topic.</summary>
sealed record TopicEntry
{
    /// <summary>The same everywhere.</summary>
    public required int Id { get; init; }

    /// <summary>What somebody called it (<c>elbo label</c>); else null.</summary>
    public string? Label { get; init; }

    /// <summary>Its three most probable terms, as a name where there is no label.</summary>
    public required string Words { get; init; }

    /// <summary>The share of the tokens that it explains.</summary>
    [JsonConverter(typeof(Rounded))]
    public required double Share { get; init; }

    public required double Alpha { get; init; }

    /// <summary>exp of the entropy of E[β_k]: how many terms it spreads over.</summary>
    [JsonConverter(typeof(Rounded))]
    public required double EffectiveTerms { get; init; }

    /// <summary>Its place on the map (classical scaling of Jensen–Shannon distances).</summary>
    [JsonConverter(typeof(Rounded))]
    public required double X { get; init; }

    [JsonConverter(typeof(Rounded))]
    public required double Y { get; init; }

    /// <summary>The terms that are among the 30 most relevant for any λ in [0, 1], and E[β_kv] of each.</summary>
    public required int[] Terms { get; init; }

    [JsonConverter(typeof(RoundedRow))]
    public required double[] Probabilities { get; init; }

    /// <summary>The documents of the page that have most of it, and its share in each.</summary>
    public required int[] Documents { get; init; }

    [JsonConverter(typeof(RoundedRow))]
    public required double[] Shares { get; init; }

    /// <summary>The topics whose shares of the tokens go with its own over documents, the strongest first, with the correlation; then those that avoid it, the strongest first.</summary>
    public required CorrelatedTopic[] Correlated { get; init; }

    /// <summary>Quality numbers by name, as far as they could be computed.</summary>
    public required IReadOnlyList<Fact> Quality { get; init; }
}

/// <summary>A topic with the correlation of its shares with another's.</summary>
sealed record CorrelatedTopic(int Topic, [property: JsonConverter(typeof(Rounded))] double Correlation);

/// <summary>Terms as columns.</summary>
/// <param name="Names">The terms.</param>
/// <param name="Shares">p(v): the share of the training tokens of each.</param>
/// <param name="Topics">For each term the topics that it comes from in at least 1 % of its tokens, the likeliest first, up to twelve.</param>
/// <param name="TopicShares">p(k | v) of each of those.</param>
/// <param name="Total">How many terms the model has; the page has the most frequent ones and all that a topic shows.</param>
sealed record TermEntries(string[] Names, [property: JsonConverter(typeof(RoundedRow))] double[] Shares, int[][] Topics, [property: JsonConverter(typeof(RoundedRows))] double[][] TopicShares, int Total);

/// <summary>A document.</summary>
sealed record DocumentEntry
{
    public required string Id { get; init; }

    public string? Label { get; init; }

    public string? Source { get; init; }

    public required long Tokens { get; init; }

    public required long UnknownTokens { get; init; }

    /// <summary>The topics with at least 1 % of it, the largest first, and their shares.</summary>
    public required int[] Topics { get; init; }

    [JsonConverter(typeof(RoundedRow))]
    public required double[] Shares { get; init; }

    /// <summary>The text; put together from terms where the text itself is not to be had; null where nothing was kept.</summary>
    public string? Text { get; init; }

    /// <summary>What <see cref="Text"/> is: <c>text</c>, <c>tokens</c> (terms in their order) or <c>counts</c> (terms with how often they occur).</summary>
    public string? TextKind { get; init; }

    /// <summary>Whether the text goes on where the page ends it.</summary>
    public bool IsCut { get; init; }

    /// <summary>Four numbers a known token of the text: where it begins after the end of the one before (UTF-16 code units), its length, the topic with the largest φ, and that φ in percent.</summary>
    public required int[] Marks { get; init; }
}

/// <summary>Shares of the topics in the documents of each label.</summary>
/// <param name="IsNumeric">Whether the labels are numbers, such as years; they are then in their order.</param>
/// <param name="Labels">The labels, the most frequent ones where there are too many.</param>
/// <param name="Tokens">Tokens of each.</param>
/// <param name="Shares">For each topic its share of the tokens of each label.</param>
/// <param name="Omitted">Labels that are left out.</param>
sealed record LabelTrend(bool IsNumeric, string[] Labels, long[] Tokens, [property: JsonConverter(typeof(RoundedRows))] double[][] Shares, int Omitted);

/// <summary>Why the fit can be trusted, or not.</summary>
sealed record TrustEntry
{
    public required string Stop { get; init; }

    /// <summary>What was checked while it ran, in a sentence.</summary>
    public required string Certificate { get; init; }

    public required FitTrace Trace { get; init; }

    /// <summary>The passes without a certificate that went before the trace.</summary>
    public required PassEntries Passes { get; init; }

    public required IReadOnlyList<StartTrace> Starts { get; init; }

    /// <summary>What was dropped from the text; empty for models of counts.</summary>
    public required IReadOnlyList<DroppedEntry> Dropped { get; init; }

    /// <summary>The score on documents that the fit has not seen; null where none was given.</summary>
    public HeldOutEntry? HeldOut { get; init; }

    /// <summary>How far the bound of documents is from their evidence; null where it was not measured.</summary>
    public GapEntry? Gap { get; init; }
}

/// <summary>A held-out score by document completion.</summary>
/// <param name="Documents">Documents that were scored.</param>
/// <param name="Tokens">Tokens of terms seen in training, and <paramref name="PerToken"/> their nats.</param>
/// <param name="PerToken">Nats per token.</param>
/// <param name="Perplexity">exp of the same, its sign turned.</param>
sealed record HeldOutEntry(int Documents, long Tokens, double PerToken, double Perplexity);

/// <summary>KL = log p(w|α,β) − ELBO of the measured documents, in nats.</summary>
/// <param name="Documents">Documents that were measured.</param>
/// <param name="Of">Documents of which they were drawn.</param>
/// <param name="Value">The sum of their gaps, with the interval that the estimate leaves.</param>
/// <param name="Lower">Its lower end.</param>
/// <param name="Upper">Its upper end.</param>
/// <param name="LogEvidence">The sum of their log p(w|α,β), as estimated.</param>
/// <param name="Bound">The sum of their ELBOs.</param>
/// <param name="PerToken">The gap per token.</param>
/// <param name="IsAtMeans">Whether it is that of the mean topics, since the topics themselves are distributions.</param>
/// <param name="SortedPerToken">The gap per token of each document, in rising order.</param>
sealed record GapEntry(int Documents, int Of, double Value, double Lower, double Upper, double LogEvidence, double Bound, double PerToken, bool IsAtMeans, [property: JsonConverter(typeof(RoundedRow))] double[] SortedPerToken);

/// <summary>Passes as columns.</summary>
sealed record PassEntries(int[] Number, string[] Segment, double?[] Objective, double?[] HeldOut, double?[] Moved);

/// <summary>What an import kept and dropped of documents, tokens or terms.</summary>
/// <param name="What">documents, tokens or terms.</param>
/// <param name="Read">How many there were, n-grams that were formed among them.</param>
/// <param name="Kept">How many are in the corpus.</param>
/// <param name="Causes">How many were dropped, by cause.</param>
sealed record DroppedEntry(string What, long Read, long Kept, IReadOnlyList<DropCause> Causes);

/// <summary>A cause, and how many were dropped for it.</summary>
sealed record DropCause(string Cause, long Count);
