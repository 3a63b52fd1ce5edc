using Elbo.Cli.Inputs;
using Elbo.Corpora;
using Elbo.Topics;

namespace Elbo.Cli.Outputs;

/// <summary>Documents in, rows out: the same for inference and for the rows that a fit writes, which is why the two agree to the byte.</summary>
sealed class Inference(TopicModel model, ModelInput input, int threads)
{
    public int Documents { get; private set; }

    public int EmptyDocuments { get; private set; }

    public long Tokens { get; private set; }

    public long UnknownTokens { get; private set; }

    /// <summary>The share of unknown words in all documents together.</summary>
    public double UnknownShare => Tokens == 0 ? 0 : (double)UnknownTokens / Tokens;

    /// <summary>The rows, counted as they are read.</summary>
    public IEnumerable<DocumentRow> Rows(Corpus? loaded, CancellationToken cancellationToken)
    {
        foreach (InputBatch batch in input.Read(ModelInput.UsualBatch, loaded, cancellationToken))
        {
            foreach (DocumentTopics topics in model.Infer(batch.Corpus, threads))
            {
                cancellationToken.ThrowIfCancellationRequested();
                int document = topics.Document;
                long beyond = batch.UnknownIn(document);
                DocumentTopics all = topics with
                {
                    Document = batch.First + document,
                    Tokens = topics.Tokens + beyond,
                    UnknownTokens = topics.UnknownTokens + beyond,
                };
                Documents++;
                if (all.Tokens == all.UnknownTokens) EmptyDocuments++;
                Tokens += all.Tokens;
                UnknownTokens += all.UnknownTokens;
                yield return new DocumentRow(batch.Corpus.Id(document), batch.Corpus.Label(document), all);
            }
        }
    }
}
