using Elbo.Corpora;

namespace Elbo.Text;

/// <summary>A corpus made from text, and what was dropped on the way.</summary>
public sealed record ImportResult(Corpus Corpus, ImportReport Report);
