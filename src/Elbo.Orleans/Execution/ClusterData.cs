using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Families;
using Elbo.Files;
using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Orleans.Jobs;
using Elbo.Orleans.Wire;
using Elbo.Text;
using Elbo.Topics;

namespace Elbo.Orleans.Execution;

/// <summary>How Elbo's own models are opened on a worker, and how the other side says which E-step it wants. What comes over the wire is checked like a file.</summary>
static class ClusterData
{
    public const string Topics = "lda", Tables = "table";
    public const string PathKey = "path", ChecksumKey = "checksum";

    const string EStepKey = "e_step", ToleranceKey = "document_tolerance", UpdatesKey = "document_updates", StructureKey = "structure";

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

    /// <summary>What an order says of the fit of a table: its options and structure.</summary>
    public static FitOptions TableOptions(IReadOnlyDictionary<string, string> properties) =>
        FitOptionsProperties.Read(properties, Properties.ReadEnum<LatentStructure>(properties, StructureKey));

    /// <summary>The properties of a fit of a table.</summary>
    public static Dictionary<string, string> PropertiesOf(string path, string checksum, ObservationColumns columns, FitOptions options)
    {
        var properties = new Dictionary<string, string>(columns.ToProperties()) { [PathKey] = Path.GetFullPath(path), [ChecksumKey] = checksum, [StructureKey] = options.Structure.ToString() };
        FitOptionsProperties.Write(options, properties);
        return properties;
    }

    /// <summary>The order for the E-steps of a fit of a table, from the properties of the fit.</summary>
    public static WorkOrder OrderOf(IReadOnlyDictionary<string, string> properties) =>
        new(Tables, properties.Where(pair => !pair.Key.StartsWith(FitProgram.InputPrefix, StringComparison.Ordinal)).ToDictionary());

    /// <summary>Opens a table on a worker.</summary>
    public static ShardWorker OpenTable(IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        FitOptions options = TableOptions(properties);
        ObservationTable table = OpenRows(properties, options, cancellationToken);
        return Estimator.CreateShardWorker(FamilyCatalog.Create(options.Family, table, options.Components), table, options);
    }

    /// <summary>Reads the table that an order names, and makes sure that it is the one that was meant.</summary>
    public static ObservationTable OpenRows(IReadOnlyDictionary<string, string> properties, FitOptions options, CancellationToken cancellationToken)
    {
        string path = Properties.Read(properties, PathKey);
        var columns = ObservationColumns.FromProperties(properties);
        ObservationTable table = ObservationFile.Read(path, columns, cancellationToken).Labelled(options.Components);
        return table.Checksum == Properties.Read(properties, ChecksumKey) ? table
            : throw new InvalidDataException($"'{path}' is not the table that the fit was begun with: their checksums differ. Put the same file on every worker.");
    }
}
