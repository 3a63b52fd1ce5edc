using System.Runtime.ExceptionServices;
using Elbo.Corpora;
using Elbo.Engine;

namespace Elbo.Topics;

/// <summary>γ of documents at fixed parameters, cold, shard after shard in order, several shards at once.</summary>
static class FoldIn
{
    /// <summary>Yields, for each shard in order, its first document and γ of its documents, row after row.</summary>
    public static IEnumerable<(int First, double[] Gamma)> Run(Corpus corpus, LdaParameters parameters, DocumentOptions options, int threads)
    {
        if (corpus.DocumentCount == 0) yield break;
        var shards = new DocumentShards(corpus);
        var eStep = new LdaEStep(DocumentStart.Cold, options);
        for (int start = 0; start < shards.Count; start += threads)
        {
            var found = new (int First, double[] Gamma)[Math.Min(threads, shards.Count - start)];
            InParallel(found.Length, i =>
            {
                DocumentBatch batch = shards.Read(start + i);
                var gamma = new double[batch.Count * parameters.Topics];
                eStep.Prepare(parameters).Accumulate(
                    new DocumentBatch(corpus, batch.First, batch.Count) { Gamma = gamma }, new LdaStatistics(parameters.Terms, parameters.Topics));
                found[i] = (batch.First, gamma);
            });
            foreach ((int, double[]) shard in found) yield return shard;
        }
    }

    static void InParallel(int count, Action<int> work)
    {
        Exception? failure = null;
        void Guarded(int i)
        {
            try { work(i); }
            catch (Exception error) { Interlocked.CompareExchange(ref failure, error, null); }
        }
        var others = new Thread[count - 1];
        for (int i = 0; i < others.Length; i++)
        {
            int number = i + 1;
            others[i] = new Thread(() => Guarded(number)) { IsBackground = true, Name = $"fold-in {number}" };
            others[i].Start();
        }
        Guarded(0);
        foreach (Thread thread in others) thread.Join();
        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
    }
}
