namespace Elbo.Topics.Quality;

/// <summary>How far the terms of a topic occur together: the measures that are in use (Röder, Both, Hinneburg 2015). More is better for each; they cannot be compared with one another.</summary>
public enum CoherenceMeasure
{
    /// <summary>Documents: log (P(w_i, w_j) + ε) / P(w_j), w_j the more probable term (Mimno et al. 2011). Mostly below 0. The only one that needs no order of tokens.</summary>
    UMass,

    /// <summary>Windows of 10 tokens: pointwise mutual information log (P(w_i, w_j) + ε) / (P(w_i) P(w_j)) (Newman et al. 2010).</summary>
    Uci,

    /// <summary>The same over −log (P(w_i, w_j) + ε): about −1 for terms that never meet, 0 for independent ones, 1 for those that always come together (Bouma 2009; Aletras, Stevenson 2013).</summary>
    Npmi,

    /// <summary>Windows of 110 tokens: the cosine between a term's NPMI with all terms of the topic and the topic's own, in [−1, 1] (Röder, Both, Hinneburg 2015, C_V).</summary>
    Cv,
}

/// <summary>When a term counts as being in a window that slides over a document.</summary>
public enum WindowCounting
{
    /// <summary>
    /// As gensim's CoherenceModel counts (4.2.0), so that numbers can be compared with its: a term leaves with its occurrence at the left edge of the window,
    /// even where another occurrence is still inside, and is back with the next one that enters.
    /// </summary>
    Gensim,

    /// <summary>A term is in a window if it occurs in it: what the papers say. Differs from <see cref="Gensim"/> only where a term is repeated within a window.</summary>
    Occurrence,
}

/// <summary>How coherence is measured.</summary>
public sealed record CoherenceOptions
{
    /// <summary>How many of the most probable terms of a topic are looked at, ≥ 2.</summary>
    public int Terms { get; init; } = 10;

    /// <summary>Tokens of a window, ≥ 1; null is 10 for UCI and NPMI, 110 for C_V.</summary>
    public int? Window { get; init; }

    /// <summary>When a term counts as being in a window.</summary>
    public WindowCounting Counting { get; init; }

    /// <summary>How many threads to work with, ≥ 1. The result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    internal void Validate()
    {
        if (Terms < 2) throw new ArgumentOutOfRangeException(nameof(Terms), Terms, "Coherence is about pairs of terms: look at 2 or more of each topic.");
        if (Window < 1) throw new ArgumentOutOfRangeException(nameof(Window), Window, "A window must have a token or more.");
        if (Threads < 1) throw new ArgumentOutOfRangeException(nameof(Threads), Threads, "At least one thread is needed.");
    }

    internal int WindowOf(CoherenceMeasure measure) => Window ?? (measure == CoherenceMeasure.Cv ? 110 : 10);
}
