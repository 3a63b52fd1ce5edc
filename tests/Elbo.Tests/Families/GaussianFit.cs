using System.Globalization;
using Elbo.Engine;
using Elbo.Families;
using Elbo.Mixtures;
using Elbo.Observations;

namespace Elbo.Tests.Families;

/// <summary>Gaussian mixtures fitted the way reference values were.</summary>
static class GaussianFit
{
    /// <summary>The columns of a comma-separated file, its first line being their names.</summary>
    public static ObservationTable Read(string path, params int[] columns)
    {
        string[][] lines = [.. File.ReadLines(path).Select(line => line.Split(','))];
        return new ObservationTable([.. lines.Skip(1).SelectMany(line => columns.Select(column => double.Parse(line[column], CultureInfo.InvariantCulture)))],
            columns.Length, [.. columns.Select(column => lines[0][column])]);
    }

    public static int[] ReadClusters(string path) => [.. File.ReadLines(path).Skip(1).Select(line => int.Parse(line.Split(',')[1], CultureInfo.InvariantCulture) - 1)];

    /// <summary>The M-step at hard responsibilities.</summary>
    public static MixtureParameters<GaussianComponents> StartFrom(Gaussian family, ObservationTable table, int[] clusters)
    {
        int components = clusters.Max() + 1;
        var model = new MixtureModel<GaussianComponents, GaussianStatistics>(family);
        var pooled = new MixtureParameters<GaussianComponents>(Enumerable.Repeat(1.0 / components, components).ToArray(), family.Pool(table, components));
        MixtureStatistics<GaussianStatistics> statistics = model.CreateStatistics(pooled);
        var shards = new RowShards(table.WithLabels(clusters, components));
        for (int shard = 0; shard < shards.Count; shard++)
            new MixtureEStep<GaussianComponents, GaussianStatistics>(family).Prepare(pooled).Accumulate(shards.Read(shard), statistics);
        return model.Maximize(statistics, pooled);
    }

    /// <summary>EM under the certificate for a number of iterations.</summary>
    public static async Task<(double Objective, MixtureParameters<GaussianComponents> Parameters)> RunAsync(
        Gaussian family, ObservationTable table, MixtureParameters<GaussianComponents> start, int iterations)
    {
        var model = new MixtureModel<GaussianComponents, GaussianStatistics>(family);
        var executor = new LocalExecutor<ObservationBatch, MixtureParameters<GaussianComponents>, MixtureStatistics<GaussianStatistics>>(
            new RowShards(table), model, new MixtureEStep<GaussianComponents, GaussianStatistics>(family));
        Iterate<MixtureParameters<GaussianComponents>>? last = null;
        await foreach (Iterate<MixtureParameters<GaussianComponents>> iterate in ExpectationMaximization.RunAsync(model, executor, new(0, start),
            new EmOptions { Stop = StoppingRule.Never, MaximumIterations = iterations }, cancellationToken: TestContext.Current.CancellationToken))
            last = iterate;
        return (last!.Iteration.Objective, last.Parameters);
    }
}
