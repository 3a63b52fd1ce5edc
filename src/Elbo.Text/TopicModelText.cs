using Elbo.Topics;

namespace Elbo.Text;

/// <summary>Text for models that were fitted to text.</summary>
public static class TopicModelText
{
    /// <summary>The analyzer that made the model's training text into tokens.</summary>
    /// <exception cref="InvalidOperationException">The model was not fitted to text.</exception>
    public static TextAnalyzer CreateAnalyzer(this TopicModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!TextOptions.InProperties(model.Record.CorpusProperties))
            throw new InvalidOperationException("The model was fitted to counts, not to text, so it does not know how to analyse text. Give it counts over its vocabulary.");
        return new TextAnalyzer(TextOptions.FromProperties(model.Record.CorpusProperties));
    }

    /// <summary>Topic proportions of a text, analysed as the training text was. For many texts, import them as a corpus.</summary>
    /// <exception cref="InvalidOperationException">The model was not fitted to text.</exception>
    public static DocumentTopics Infer(this TopicModel model, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        TextCounts counts = model.CreateAnalyzer().Count(text, model.Vocabulary);
        return model.Infer(counts.Counts, counts.Unknown);
    }
}
