using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Files;
using Elbo.Orleans.Wire;
using Elbo.Topics;

namespace Elbo.Orleans.Execution;

/// <summary>How Elbo's own models are opened on a worker, and how the other side says which E-step it wants. What comes over the wire is checked like a file.</summary>
static class ClusterData
{
    public const string Topics = "lda", Tables = "table";
    public const string PathKey = "path", ChecksumKey = "checksum";

    const string EStepKey = "e_step", ToleranceKey = "document_tolerance", UpdatesKey = "document_updates";

    /// <summary>The order for an E-step of LDA that keeps nothing of a document from pass to pass.</summary>
    /// <exception cref="ArgumentException">It does keep something.</exception>
    public static WorkOrder OrderOf(string path, string checksum, IEStep<DocumentBatch, LdaParameters, LdaStatistics> eStep)
    {
        (TopicEStep kind, DocumentStart start, DocumentOptions options) = eStep switch
        {
            LdaEStep meanField => (TopicEStep.MeanField, meanField.Start, meanField.Options),
            LdaMapEStep map => (TopicEStep.Map, map.Start, map.Options),
            _ => throw new ArgumentException($"The E-step {eStep.GetType().Name} does not run on a cluster.", nameof(eStep)),
        };
        if (start != DocumentStart.Cold) throw new ArgumentException($"Documents that begin {start} are remembered from pass to pass, which a cluster does not do. Take {DocumentStart.Cold}.", nameof(eStep));
        return new WorkOrder(Topics, new Dictionary<string, string>
        {
            [PathKey] = path,
            [ChecksumKey] = checksum,
            [EStepKey] = kind.ToString(),
            [ToleranceKey] = Properties.Write(options.Tolerance),
            [UpdatesKey] = Properties.Write(options.MaximumUpdates),
        });
    }

    /// <summary>Opens a corpus file on a worker.</summary>
    public static ShardWorker OpenTopics(IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        Corpus corpus = OpenCorpus(properties);
        var options = new DocumentOptions { Tolerance = Properties.ReadDouble(properties, ToleranceKey), MaximumUpdates = Properties.ReadInt32(properties, UpdatesKey) };
        return ShardWorker.Create(new DocumentShards(corpus), new LdaModel(), Properties.ReadEnum<TopicEStep>(properties, EStepKey) switch
        {
            TopicEStep.MeanField => (IEStep<DocumentBatch, LdaParameters, LdaStatistics>)new LdaEStep(DocumentStart.Cold, options),
            TopicEStep.Map => new LdaMapEStep(DocumentStart.Cold, options),
            TopicEStep other => throw new InvalidDataException($"the E-step {other} does not run on a cluster."),
        });
    }

    /// <summary>Opens the corpus that an order names, and makes sure that it is the one that was meant.</summary>
    public static Corpus OpenCorpus(IReadOnlyDictionary<string, string> properties)
    {
        string path = Properties.Read(properties, PathKey);
        Corpus corpus = CorpusFile.Open(path);
        return corpus.Checksum == Properties.Read(properties, ChecksumKey) ? corpus
            : throw new InvalidDataException($"'{path}' is not the corpus that the fit was begun with: their checksums differ. Put the same file on every worker.");
    }

    public static ShardWorker OpenTable(IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken) => throw new NotSupportedException();
}
