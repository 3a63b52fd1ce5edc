using Elbo.Engine;
using Elbo.Fitting;
using Elbo.Numerics;
using Elbo.Text;

namespace Elbo.Orleans.Tests;

/// <summary>A drawn table, a fit to it, and the bytes in which it ends on one thread of this process.</summary>
sealed class TableCase : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("elbo-cluster");

    /// <param name="options">The fit.</param>
    /// <param name="files">In how many files the rows are.</param>
    /// <param name="sequences">Whether they are in sequences.</param>
    public TableCase(FitOptions options, int files = 1, bool sequences = false)
    {
        Options = options with { Threads = 1 };
        var random = new Philox(3);
        for (int file = 0; file < files; file++)
        {
            IEnumerable<string> rows = Enumerable.Range(0, 40_000 / files).Select(row =>
            {
                int component = random.NextInt32(3);
                return FormattableString.Invariant($"{component * 3 + random.NextNormal():R},{-component + random.NextNormal():R},{$"s{file}-{row / 100}"}");
            });
            File.WriteAllLines(System.IO.Path.Combine(_folder.FullName, $"rows{file}.csv"), rows.Prepend("x,y,walk"));
        }
        Path = System.IO.Path.Combine(_folder.FullName, files == 1 ? "rows0.csv" : "rows*.csv");
        Columns = new ObservationColumns { Values = ["x", "y"], Sequence = sequences ? "walk" : null };
        Observations.ObservationTable table = ObservationFile.Read(Path, Columns).Table;
        Checksum = table.Checksum;
        Expected = BytesOf(Estimator.FitAsync(table, Options).GetAwaiter().GetResult());
    }

    public string Path { get; }

    public ObservationColumns Columns { get; }

    public FitOptions Options { get; }

    public string Checksum { get; }

    /// <summary>The model file of one thread.</summary>
    public byte[] Expected { get; }

    public async Task<byte[]> FitAsync(ElboCluster cluster, ClusterFitEvents? events = null, CancellationToken cancellationToken = default) =>
        BytesOf(await cluster.FitTableAsync(Path, Columns, Checksum, Options, events, cancellationToken: cancellationToken));

    public void Dispose() => _folder.Delete(recursive: true);

    static byte[] BytesOf(FittedModel model)
    {
        using var stream = new MemoryStream();
        FittedModelFile.Save(model, stream);
        return stream.ToArray();
    }

    public static FitOptions Mixture => new() { Components = 3, Restarts = 2, MaximumIterations = 15, Stop = StoppingRule.Never };

    public static FitOptions HiddenMarkov => Mixture with { Structure = LatentStructure.HiddenMarkov, MaximumIterations = 8 };
}
