namespace Elbo.Text;

/// <summary>One document on its way into a corpus.</summary>
/// <param name="Text">The text; null (a table's NULL) makes an empty document.</param>
/// <param name="Id">What the document is called, or null.</param>
/// <param name="Label">A label of the document's own, or null.</param>
/// <param name="Source">Where it came from, as a reader would look it up (<c>file.csv:row 17</c>, rows counted from 1 without the header), or null.</param>
public readonly record struct TextDocument(string? Text, string? Id = null, string? Label = null, string? Source = null);
