using System.CommandLine;
using Elbo.Cli.Commands;
using Elbo.Text;

namespace Elbo.Cli.Inputs;

/// <summary>The options that say how text becomes a corpus.</summary>
sealed class TextImportOptions
{
    static readonly ImportOptions Defaults = new();

    readonly Choice<TextLanguage> _language = new("--language", $"The language of the text, for stop words, apostrophes and stems: {string.Join(", ", Enum.GetNames<TextLanguage>()).ToLowerInvariant()}.", Defaults.Text.Language,
        [.. Enum.GetValues<TextLanguage>().Select(language => (language.ToString().ToLowerInvariant(), language))]);
    readonly Option<bool> _noStopWords = OptionOf.Flag("--no-stop-words", "Keep the language's stop words.");
    readonly Option<string[]> _stopWords = new("--stop-words")
    {
        Description = "A file of further stop words, separated by white space; # begins a comment. May be given again.",
        HelpName = "file",
        Arity = ArgumentArity.OneOrMore,
    };
    readonly Option<bool> _stemming = OptionOf.Flag("--stemming", "Cut words to their stems.");
    readonly Option<bool> _numbers = OptionOf.Flag("--numbers", "Keep numbers as words.");
    readonly Option<int> _length = OptionOf.Integer("--min-word-length", "n", "The least length of a word.", 1, Defaults.Text.MinimumTokenLength);
    readonly Option<int> _nGrams = OptionOf.Integer("--n-grams", "n", "Up to how many neighbouring words are joined into terms of their own; 1: none.", 1, Defaults.Text.MaximumNGram);
    readonly Option<DocumentFrequency> _minimum = Frequency("--min-df", "at least", Defaults.MinimumDocumentFrequency);
    readonly Option<DocumentFrequency> _maximum = Frequency("--max-df", "at most", Defaults.MaximumDocumentFrequency);
    readonly Option<int?> _terms = OptionOf.Integer("--max-terms", "n", "Keep at most so many terms, those in most documents; by default all.", 1);
    readonly Option<int> _tokens = OptionOf.Integer("--min-document-tokens", "n", "Leave out documents with fewer tokens.", 0, Defaults.MinimumDocumentTokens);

    public TextImportOptions(Command command)
    {
        All = [_language.Option, _noStopWords, _stopWords, _stemming, _numbers, _length, _nGrams, _minimum, _maximum, _terms, _tokens];
        foreach (Option option in All) command.Add(option);
    }

    public IReadOnlyList<Option> All { get; }

    public ImportOptions Read(ParseResult parsed)
    {
        var text = new TextOptions
        {
            Language = _language.Read(parsed),
            StopWords = !parsed.GetValue(_noStopWords),
            Stemming = parsed.GetValue(_stemming),
            Numbers = parsed.GetValue(_numbers),
            MinimumTokenLength = parsed.GetValue(_length),
            MaximumNGram = parsed.GetValue(_nGrams),
        };
        foreach (string file in parsed.GetValue(_stopWords) ?? []) text = text.WithStopWordFile(file);
        return new ImportOptions
        {
            Text = text,
            MinimumDocumentFrequency = parsed.GetValue(_minimum),
            MaximumDocumentFrequency = parsed.GetValue(_maximum),
            MaximumTerms = parsed.GetValue(_terms),
            MinimumDocumentTokens = parsed.GetValue(_tokens),
        };
    }

    static Option<DocumentFrequency> Frequency(string name, string bound, DocumentFrequency byDefault) => OptionOf.Value(
        name, "n|share", $"Keep terms that occur in {bound} so many documents: a number (5) or a share (10% or 0.1).",
        "a number of documents (5) or a share of them (10% or 0.1)", TryParse, byDefault);

    static bool TryParse(string text, out DocumentFrequency value)
    {
        value = default;
        try
        {
            value = DocumentFrequency.Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
