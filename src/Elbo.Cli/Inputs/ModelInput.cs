using System.Globalization;
using Elbo.Cli.Terminal;
using Elbo.Corpora;
using Elbo.Reports.Topics;
using Elbo.Text;
using Elbo.Topics;

namespace Elbo.Cli.Inputs;

/// <summary>A run of documents in a vocabulary, with what analysis met that the vocabulary does not have.</summary>
/// <param name="Corpus">The documents.</param>
/// <param name="First">The number of the first in the whole input.</param>
/// <param name="Unknown">Unknown tokens of each that are not in the corpus any more; null where all tokens are.</param>
sealed record InputBatch(Corpus Corpus, int First, IReadOnlyList<long>? Unknown)
{
    public long UnknownIn(int document) => Unknown?[document] ?? 0;
}

/// <summary>Reads the documents that a model is asked about: text by the settings that the model was made with, batch by batch.</summary>
sealed class ModelInput(TopicModel model, InputRequest request, Reporter reporter)
{
    public const int UsualBatch = 4096;

    TextAnalyzer? _analyzer;

    TextAnalyzer Analyzer => _analyzer ??= new TextAnalyzer(TextSettings());

    /// <param name="batchSize">How many documents of text are in memory at a time.</param>
    /// <param name="loaded">The corpus, where it was read before and is not text.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public IEnumerable<InputBatch> Read(int batchSize, Corpus? loaded, CancellationToken cancellationToken)
    {
        if (request.Format.IsText()) return ReadText(batchSize, cancellationToken);
        return [new InputBatch(loaded ?? InputReader.ReadCounts(request, reporter), 0, null)];
    }

    /// <summary>All documents, text with its tokens in order; words that the model does not have are left out, as they were of the training text.</summary>
    public Corpus ReadTokens(CancellationToken cancellationToken)
    {
        if (!request.Format.IsText()) return InputReader.ReadCounts(request, reporter);
        var builder = new CorpusBuilder(model.Vocabulary);
        foreach (TextDocument document in request.OpenText().Read(cancellationToken))
        {
            (int Term, TextToken Token)[] known = [.. Analyzer.Tokenize(document.Text ?? "").Select(token => (model.Vocabulary.IndexOf(token.Term), token)).Where(pair => pair.Item1 >= 0)];
            builder.Add([.. known.Select(pair => pair.Term)], [.. known.Select(pair => pair.Token.Start)], [.. known.Select(pair => pair.Token.Length)]);
        }
        return builder.Build();
    }

    IEnumerable<InputBatch> ReadText(int batchSize, CancellationToken cancellationToken)
    {
        int first = 0;
        var builder = new CorpusBuilder(model.Vocabulary);
        var unknown = new List<long>();
        foreach (TextDocument document in request.OpenText().Read(cancellationToken))
        {
            TextCounts counts = Analyzer.Count(document.Text ?? "", model.Vocabulary);
            // An id of its own even where the source has none: in a batch, documents would be numbered from 0 again.
            string id = string.IsNullOrEmpty(document.Id) ? (first + unknown.Count).ToString(CultureInfo.InvariantCulture) : document.Id;
            builder.Add(counts.Counts, id, document.Label, document.Source);
            unknown.Add(counts.Unknown);
            if (unknown.Count < batchSize) continue;
            yield return new InputBatch(builder.Build(), first, unknown);
            first += unknown.Count;
            builder = new CorpusBuilder(model.Vocabulary);
            unknown = [];
        }
        if (unknown.Count > 0) yield return new InputBatch(builder.Build(), first, unknown);
        else if (first == 0) throw new InvalidDataException($"There are no documents in '{request.Path}'.");
    }

    /// <summary>The texts of some documents, read anew; null where the input has only counts.</summary>
    /// <param name="mostCharacters">Where longer texts are cut.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public Func<IReadOnlySet<int>, IReadOnlyDictionary<int, DocumentText>>? Texts(int mostCharacters, CancellationToken cancellationToken) => !request.Format.IsText() ? null : chosen =>
    {
        var texts = new Dictionary<int, DocumentText>();
        int number = 0;
        foreach (TextDocument document in request.OpenText().Read(cancellationToken))
        {
            if (texts.Count == chosen.Count) break;
            if (!chosen.Contains(number++)) continue;
            string text = document.Text is { } whole ? whole[..Math.Min(whole.Length, mostCharacters)] : "";
            texts[number - 1] = new DocumentText(text, [.. Analyzer.Tokenize(text)
                .Select(token => new DocumentToken(model.Vocabulary.IndexOf(token.Term), token.Start, token.Length)).Where(token => token.Term >= 0)]);
        }
        return texts;
    };

    TextOptions TextSettings()
    {
        IReadOnlyDictionary<string, string> properties = model.Record.CorpusProperties;
        if (TextOptions.InProperties(properties)) return TextOptions.FromProperties(properties);
        reporter.Warn("the model was made from counts, not from text: the text is analysed with the default settings, and more words may be unknown.");
        return new TextOptions();
    }
}
