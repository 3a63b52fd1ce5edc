using Elbo.Corpora;
using Elbo.Topics;

namespace Elbo.Orleans.Tests;

/// <summary>A drawn corpus, a fit to it that lasts some seconds, and the bytes in which it ends on one thread of this process.</summary>
sealed class TopicsCase : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("elbo-cluster");
    readonly Corpus _corpus;

    public TopicsCase(TopicEStep eStep = TopicEStep.MeanField, int documents = 3000, int iterations = 25, bool expect = true)
    {
        Path = this["drawn.elboc"];
        new LdaGenerator(new LdaGeneratorOptions { Topics = 8, Terms = 500, Length = 100 }).Write(Path, documents, cancellationToken: TestContext.Current.CancellationToken);
        Options = new LdaOptions { Topics = 8, EStep = eStep, DocumentStart = DocumentStart.Cold, MaximumIterations = iterations, RelativeTolerance = 0, Threads = 1 };
        _corpus = CorpusFile.Open(Path);
        Expected = !expect ? [] : BytesOf(Lda.Fit(_corpus, Options, cancellationToken: TestContext.Current.CancellationToken));
    }

    public string this[string name] => System.IO.Path.Combine(_folder.FullName, name);

    public string Path { get; }

    public LdaOptions Options { get; }

    /// <summary>The model file of one thread, where one is expected.</summary>
    public byte[] Expected { get; }

    public Corpus Corpus => _corpus;

    public async Task<byte[]> FitAsync(ElboCluster cluster, ClusterFitEvents? events = null, byte[]? from = null, CancellationToken cancellationToken = default) =>
        BytesOf(await cluster.FitTopicsAsync(Path, _corpus.Checksum, Options, events, from, cancellationToken: cancellationToken));

    public void Dispose()
    {
        _corpus.Dispose();
        _folder.Delete(recursive: true);
    }

    public static byte[] BytesOf(TopicModel model)
    {
        using var stream = new MemoryStream();
        TopicModelFile.Save(model, stream);
        return stream.ToArray();
    }
}
