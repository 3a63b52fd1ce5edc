using Elbo.Corpora;
using Elbo.Topics;
using Elbo.Topics.Gap;
using Elbo.Topics.Quality;

namespace Elbo.Reports.Topics;

/// <summary>What the report of a topic model shows besides the model.</summary>
public sealed record TopicReportOptions
{
    /// <summary>The title of the page.</summary>
    public string Title { get; init; } = "Topics";

    /// <summary>The documents to show; null shows none. The corpus may have another vocabulary than the model: terms are matched by name.</summary>
    public Corpus? Corpus { get; init; }

    /// <summary>For every document of <see cref="Corpus"/> how many tokens it had that the corpus has not any more, since the vocabulary lacks them; null where all tokens are in the corpus.</summary>
    public IReadOnlyList<long>? UnknownTokens { get; init; }

    /// <summary>
    /// Gives the texts of the documents of those numbers, as far as there are any; called once. Where it is null, or has no text for a document, the text is put together from the tokens or counts of the corpus.
    /// </summary>
    public Func<IReadOnlySet<int>, IReadOnlyDictionary<int, DocumentText>>? Texts { get; init; }

    /// <summary>The score on documents that the fit has not seen, or null.</summary>
    public CompletionScore? HeldOut { get; init; }

    /// <summary>How far the documents' bound is from their evidence, or null.</summary>
    public GapReport? Gap { get; init; }

    /// <summary>What can be said of the topics' quality, or null.</summary>
    public ModelQuality? Quality { get; init; }

    /// <summary>The seed of the sample of documents.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many threads to work with, ≥ 1. The report does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>A document's text, with the tokens in it that the model knows.</summary>
/// <param name="Text">The text.</param>
/// <param name="Tokens">The tokens in any order; others may begin inside one (n-grams).</param>
public sealed record DocumentText(string Text, IReadOnlyList<DocumentToken> Tokens);

/// <summary>A token in a text.</summary>
/// <param name="Term">Its term's id in the model's vocabulary.</param>
/// <param name="Start">Where it begins, in UTF-16 code units from 0.</param>
/// <param name="Length">How long it is, in UTF-16 code units.</param>
public readonly record struct DocumentToken(int Term, int Start, int Length);
