using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Orleans.Execution;
using Elbo.Orleans.Wire;
using Elbo.Topics;
using Orleans;

namespace Elbo.Orleans.Jobs;

/// <summary>From an order to the bytes of a model's file: the loop of a fit as it runs on one machine, with executors that give the E-steps to the cluster.</summary>
abstract class FitProgram
{
    /// <summary>Names of an order that begin so are the checkpoint's: what <c>--resume</c> needs to find its input again.</summary>
    public const string InputPrefix = "input.";

    public static FitProgram Of(string kind) => kind switch
    {
        ClusterData.Topics => new TopicsFit(),
        ClusterData.Tables => new TableFit(),
        _ => throw new ArgumentException($"There is no fit of the kind '{kind}'.", nameof(kind)),
    };

    public abstract Task<byte[]> RunAsync(FitJob job, byte[]? checkpoint, IGrainFactory grains, ClusterTimeouts timeouts, int threads);

    protected static Dictionary<string, string> InputOf(FitOrder order) => order.Properties
        .Where(pair => pair.Key.StartsWith(InputPrefix, StringComparison.Ordinal))
        .ToDictionary(pair => pair.Key[InputPrefix.Length..], pair => pair.Value);

    protected static byte[] ToBytes(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        return stream.ToArray();
    }
}

/// <summary>A fit of topics to a corpus file.</summary>
sealed class TopicsFit : FitProgram
{
    public override async Task<byte[]> RunAsync(FitJob job, byte[]? checkpoint, IGrainFactory grains, ClusterTimeouts timeouts, int threads)
    {
        Dictionary<string, string> properties = job.Order.Properties;
        using Corpus corpus = ClusterData.OpenCorpus(properties);
        LdaOptions options = LdaOptionsProperties.Read(properties) with { Threads = threads };
        ClusterRules.Check(options);
        Dictionary<string, string> input = InputOf(job.Order);
        var executors = new ClusterExecutors(grains,
            eStep => ClusterData.OrderOf(properties[ClusterData.PathKey], corpus.Checksum, (IEStep<DocumentBatch, LdaParameters, LdaStatistics>)eStep),
            timeouts, job.Note, job.Note);
        var progress = new Listener<LdaProgress>(news => job.Report(news.Start, news.Iteration!));
        void Offer(LdaCheckpoint latest) => job.Offer(() => ToBytes(stream => LdaCheckpointFile.Save(latest, stream, input)));
        TopicModel model;
        if (checkpoint is null)
        {
            model = await Lda.FitAsync(corpus, options, progress, Offer, executors, job.Token).ConfigureAwait(false);
        }
        else
        {
            (LdaCheckpoint state, _) = LdaCheckpointFile.Load(new MemoryStream(checkpoint), "the checkpoint");
            model = await Lda.ResumeAsync(corpus, state with { Options = options }, progress, Offer, executors, job.Token).ConfigureAwait(false);
        }
        return ToBytes(stream => TopicModelFile.Save(model, stream));
    }
}

/// <summary>Hands news on at once, on the thread that has them.</summary>
sealed class Listener<T>(Action<T> hear) : IProgress<T>
{
    public void Report(T value) => hear(value);
}
