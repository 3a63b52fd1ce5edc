namespace Elbo.Topics.Sweeps;

/// <summary>
/// Where the state of a document lies: its active topics, which alone have responsibilities, and for each pair of document and term its responsibilities γ over
/// them, in 16 bits. The rest of the topics have none of its tokens; memory does not grow with pairs × K.
/// </summary>
struct CollapsedDocument
{
    /// <summary>Active topics, padded to whole vectors; those behind <see cref="Active"/> have no responsibility.</summary>
    public int Width;

    /// <summary>Active topics.</summary>
    public int Active;

    /// <summary>The first of the document's places for topics and for expected counts, <see cref="Width"/> each.</summary>
    public int Topics;

    /// <summary>The first of its responsibilities, pairs × <see cref="Width"/>.</summary>
    public long Responsibilities;
}
