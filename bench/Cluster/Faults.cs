using System.Diagnostics;
using System.Globalization;
using Elbo.Corpora;
using Elbo.Numerics;
using Elbo.Orleans;
using Elbo.Topics;

namespace Cluster;

/// <summary>Workers are killed or frozen at random moments: whether the fit ends in the same bytes, and how long it stands still.</summary>
static class Faults
{
    public static async Task RunAsync(int trials, string only)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("elbo-bench");
        try
        {
            string path = Path.Combine(folder.FullName, "drawn.elboc");
            new LdaGenerator(new LdaGeneratorOptions { Topics = 10, Terms = 1000, Length = 100 }).Write(path, 5_000);
            using Corpus corpus = CorpusFile.Open(path);
            var options = new LdaOptions { Topics = 10, EStep = TopicEStep.MeanField, DocumentStart = DocumentStart.Cold, RelativeTolerance = 0, MaximumIterations = 40 };
            byte[] expected = BytesOf(await Lda.FitAsync(corpus, options));
            Console.WriteLine("| what | trials | same bytes | back at work after, s: median (range) |");
            Console.WriteLine("|---|---|---|---|");
            foreach ((string what, bool freeze, bool owner, int count) in new[]
            {
                ("a worker is killed", false, false, trials - trials / 2),
                ("the worker with the loop is killed", false, true, trials / 2),
                ("a worker freezes", true, false, Math.Max(1, trials / 6)),
                ("the worker with the loop freezes", true, true, Math.Max(1, trials / 6)),
            })
            {
                if (what.Contains(only, StringComparison.Ordinal)) await SeriesAsync(what, freeze, owner, count, path, corpus, options, expected);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task SeriesAsync(string what, bool freeze, bool owner, int trials, string path, Corpus corpus, LdaOptions options, byte[] expected)
    {
        await using LocalCluster cluster = await LocalCluster.StartAsync(3);
        var random = new Philox(7);
        var stood = new List<double>();
        int same = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            int records = 0, moment = 2 + random.NextInt32(options.MaximumIterations - 10);
            long lost = 0, back = 0;
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task<TopicModel> fit = cluster.Client.FitTopicsAsync(path, corpus.Checksum, options, new ClusterFitEvents
            {
                Record = (_, iteration) =>
                {
                    if (Volatile.Read(ref lost) != 0) Interlocked.CompareExchange(ref back, Stopwatch.GetTimestamp(), 0);
                    if (++records == moment) begun.TrySetResult();
                },
            });
            await begun.Task;
            string loop = await cluster.OwnerAsync();
            string[] others = [.. cluster.Silos.Where(silo => silo != loop).Order(StringComparer.Ordinal)];
            string victim = owner ? loop : others[random.NextInt32(others.Length)];
            await (freeze ? cluster.SignalAsync(victim, "STOP") : cluster.KillAsync(victim));
            Volatile.Write(ref lost, Stopwatch.GetTimestamp());
            TopicModel model = await fit;
            if (back != 0) stood.Add(Stopwatch.GetElapsedTime(lost, back).TotalSeconds);
            if (BytesOf(model).AsSpan().SequenceEqual(expected)) same++;
            if (freeze) await cluster.KillAsync(victim);
            await cluster.AddAsync();
        }
        stood.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {trials} | {same} | {stood[stood.Count / 2]:F1} ({stood[0]:F1} – {stood[^1]:F1}) |"));
    }

    static byte[] BytesOf(TopicModel model)
    {
        using var stream = new MemoryStream();
        TopicModelFile.Save(model, stream);
        return stream.ToArray();
    }
}
