namespace Elbo.Text;

/// <summary>A text as counts over a vocabulary.</summary>
/// <param name="Counts">The terms that occur and how often, in rising order of term ids.</param>
/// <param name="Tokens">How many tokens analysis kept, known and unknown.</param>
/// <param name="Unknown">How many of them the vocabulary does not have.</param>
public sealed record TextCounts(IReadOnlyList<(int Term, int Count)> Counts, int Tokens, int Unknown)
{
    /// <summary>The share of unknown tokens, from 0 to 1; 0 for a text without tokens.</summary>
    public double UnknownShare => Tokens == 0 ? 0 : (double)Unknown / Tokens;
}
