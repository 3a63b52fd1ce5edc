using System.Diagnostics;
using System.Globalization;
using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Fitting;
using Elbo.Numerics;
using Elbo.Observations;
using Elbo.Orleans;
using Elbo.Text;
using Elbo.Topics;

namespace Cluster;

/// <summary>Seconds of an iteration in turn: one thread, two threads, two workers of one thread.</summary>
static class Efficiency
{
    const int Rounds = 3;

    public static async Task RunAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("elbo-bench");
        try
        {
            await using LocalCluster cluster = await LocalCluster.StartAsync(2);
            Console.WriteLine("| | one thread, s | two threads, s | two workers, s | efficiency | down, bytes | up, bytes | formula, down | formula, up |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
            await MixtureAsync(cluster, folder.FullName);
            await TopicsAsync(cluster, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task MixtureAsync(LocalCluster cluster, string folder)
    {
        const int Rows = 1_000_000, Columns = 16, Components = 10;
        string path = Path.Combine(folder, "rows.csv");
        WriteRows(path, Rows, Columns, Components);
        var columns = new ObservationColumns();
        ObservationTable table = ObservationFile.Read(path, columns).Table;
        var options = new FitOptions { Components = Components, Restarts = 1, Start = StartMethod.Random, Stop = StoppingRule.Never, MaximumIterations = 12 };
        await CompareAsync("mixture of 10 Gaussians, 1,000,000 × 16, full covariances",
            async (threads, record) => await Estimator.FitAsync(table, options with { Threads = threads }, progress: new Listener<FitProgress>(_ => record())),
            async events => await cluster.Client.FitTableAsync(path, columns, table.Checksum, options, events),
            2 * 8L * Components * (1 + Columns + Columns * Columns), 2 * 8L * Components * (2 + 2 * Columns + 8 * (Columns / 4) * (Columns / 4 + 1)));
    }

    static async Task TopicsAsync(LocalCluster cluster, string folder)
    {
        const int Topics = 100, Terms = 20_000;
        string path = Path.Combine(folder, "drawn.elboc");
        new LdaGenerator(new LdaGeneratorOptions { Topics = Topics, Terms = Terms, Length = 200 }).Write(path, 10_000);
        using Corpus corpus = CorpusFile.Open(path);
        var options = new LdaOptions { Topics = Topics, EStep = TopicEStep.MeanField, DocumentStart = DocumentStart.Cold, RelativeTolerance = 0, MaximumIterations = 8 };
        int terms = corpus.Vocabulary.Count, half = corpus.DocumentCount / 2;
        long first = TermsOf(corpus, 0, half), second = TermsOf(corpus, half, corpus.DocumentCount);
        await CompareAsync($"LDA, mean field, K = {Topics}, {corpus.TokenCount:N0} tokens, {terms:N0} terms",
            async (threads, record) => await Lda.FitAsync(corpus, options with { Threads = threads }, new Listener<LdaProgress>(_ => record())),
            async events => await cluster.Client.FitTopicsAsync(path, corpus.Checksum, options, events),
            2 * 8L * (Topics * (long)terms + Topics + 1), 8L * (Topics * (first + second) + 2 * (Topics + 2)) + 4L * (first + second + 2));
    }

    /// <summary>How many different terms occur in some documents.</summary>
    static int TermsOf(Corpus corpus, int from, int end)
    {
        var seen = new HashSet<int>();
        for (int document = from; document < end; document++)
            foreach (int term in corpus.Terms(document)) seen.Add(term);
        return seen.Count;
    }

    /// <param name="what">What is fitted.</param>
    /// <param name="here">Fits on some threads, and calls at every record.</param>
    /// <param name="there">Fits on the cluster.</param>
    /// <param name="down">Bytes of parameters by the formula, for two workers that return one sum each.</param>
    /// <param name="up">Bytes of statistics by the formula.</param>
    static async Task CompareAsync(string what, Func<int, Action, Task> here, Func<ClusterFitEvents, Task> there, long down, long up)
    {
        var moved = new List<Traffic>();
        var one = new List<double>();
        var two = new List<double>();
        var workers = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            one.Add(await TimeAsync(record => here(1, record)));
            two.Add(await TimeAsync(record => here(2, record)));
            workers.Add(await TimeAsync(record => there(new ClusterFitEvents { Record = (_, _) => record(), Moved = moved.Add })));
        }
        double best = two.Min();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {one.Min():F3} | {best:F3} | {workers.Min():F3} ({workers.Min():F3} – {workers.Max():F3}) | {best / workers.Min():P1} | {moved[^1].Sent:N0} | {moved[^1].Received:N0} | {down:N0} | {up:N0} |"));
    }

    /// <summary>Seconds of an iteration: from the third record to the last, when everything is compiled and the data are there.</summary>
    static async Task<double> TimeAsync(Func<Action, Task> fit)
    {
        int records = 0;
        long third = 0, last = 0;
        await fit(() =>
        {
            last = Stopwatch.GetTimestamp();
            if (++records == 3) third = last;
        });
        return Stopwatch.GetElapsedTime(third, last).TotalSeconds / (records - 3);
    }

    static void WriteRows(string path, int rows, int columns, int components)
    {
        var random = new Philox(1);
        var means = new double[components * columns];
        for (int i = 0; i < means.Length; i++) means[i] = 3 * random.NextNormal();
        using var file = new StreamWriter(path);
        file.WriteLine(string.Join(',', Enumerable.Range(0, columns).Select(column => $"x{column}")));
        for (int row = 0; row < rows; row++)
        {
            int component = random.NextInt32(components);
            for (int column = 0; column < columns; column++)
            {
                if (column > 0) file.Write(',');
                file.Write((means[component * columns + column] + random.NextNormal()).ToString("F6", CultureInfo.InvariantCulture));
            }
            file.WriteLine();
        }
    }
}

sealed class Listener<T>(Action<T> hear) : IProgress<T>
{
    public void Report(T value) => hear(value);
}
