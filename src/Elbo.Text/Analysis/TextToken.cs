namespace Elbo.Text;

/// <summary>A token that analysis kept: a word, or words joined by <c>_</c>.</summary>
/// <param name="Term">The term: in lower case, stemmed where that was asked for.</param>
/// <param name="Start">Where it begins in the text, in UTF-16 code units from 0.</param>
/// <param name="Length">How long it is in the text, in UTF-16 code units.</param>
public readonly record struct TextToken(string Term, int Start, int Length);
