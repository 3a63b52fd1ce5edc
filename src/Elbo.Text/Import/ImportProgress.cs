namespace Elbo.Text;

/// <summary>How far an import is.</summary>
/// <param name="Writing">False while the source is read and analysed; true while the corpus is made of what was read.</param>
/// <param name="Documents">Documents done in this part.</param>
/// <param name="TotalDocuments">Documents in all; null while the source is still being read.</param>
/// <param name="Tokens">Tokens kept by analysis so far.</param>
public readonly record struct ImportProgress(bool Writing, long Documents, long? TotalDocuments, long Tokens);
