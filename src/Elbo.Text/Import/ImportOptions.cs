namespace Elbo.Text;

/// <summary>How texts become a corpus.</summary>
public sealed record ImportOptions
{
    /// <summary>How text becomes tokens.</summary>
    public TextOptions Text { get; init; } = new();

    /// <summary>In how many documents a term must occur to be kept. Default 2: a term of one document tells nothing about any other.</summary>
    public DocumentFrequency MinimumDocumentFrequency { get; init; } = DocumentFrequency.Count(2);

    /// <summary>In how many documents a term may occur at most. Default 50 %: what stands everywhere tells nothing apart.</summary>
    public DocumentFrequency MaximumDocumentFrequency { get; init; } = DocumentFrequency.Share(0.5);

    /// <summary>How many terms are kept at most: those in most documents, of equals the first in ordinal order. Default null: all.</summary>
    public int? MaximumTerms { get; init; }

    /// <summary>
    /// Documents with fewer kept tokens are left out of the corpus (and counted). Default 0: all documents stay as rows, empty ones too.
    /// Document frequencies are counted before.
    /// </summary>
    public int MinimumDocumentTokens { get; init; }

    internal void Validate()
    {
        if (MaximumTerms < 1) throw new ArgumentException($"{nameof(MaximumTerms)} is {MaximumTerms}; it must be at least 1, or null for all.");
        if (MinimumDocumentTokens < 0) throw new ArgumentException($"{nameof(MinimumDocumentTokens)} is {MinimumDocumentTokens}; it must not be below 0.");
    }
}
