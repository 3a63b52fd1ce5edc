using Elbo.Corpora;

namespace Elbo.Topics;

/// <summary>Topic proportions of documents under a fitted model: one cold E-step, nothing learned.</summary>
static class TopicInference
{
    public static IEnumerable<DocumentTopics> Run(TopicModel model, Corpus corpus, int threads)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return Stream(model, corpus, threads);
    }

    static IEnumerable<DocumentTopics> Stream(TopicModel model, Corpus corpus, int threads)
    {
        int topics = model.Parameters.Topics;
        var matched = new CorpusMatch(model, corpus, possibleOnly: true);
        foreach ((int first, double[] gamma) in FoldIn.Run(matched.Corpus, model.Parameters, model.Record.Options.Document, model.Record.Options.Precision ?? Precision.Double, threads))
        {
            for (int i = 0; i < gamma.Length / topics; i++)
            {
                double[] proportions = gamma.AsSpan(i * topics, topics).ToArray();
                double total = 0;
                foreach (double value in proportions) total += value;
                for (int topic = 0; topic < topics; topic++) proportions[topic] /= total;
                int document = first + i;
                long known = 0;
                foreach (int count in matched.Corpus.Counts(document)) known += count;
                yield return new DocumentTopics(document, proportions, known + matched.UnknownTokens(document), matched.UnknownTokens(document));
            }
        }
    }
}
