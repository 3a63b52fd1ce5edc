using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>First responsibilities, K for each row.</summary>
static class Starts
{
    /// <summary>The stream of random numbers of a start and of one attempt at it.</summary>
    static Philox RandomOf(ulong seed, int start, int attempt) => Philox.ForStream(seed, ((ulong)attempt << 32) | (uint)start);

    public static double[] Create(ObservationTable table, StartMethod method, int components, ulong seed, int start, int attempt)
    {
        Philox random = RandomOf(seed, start, attempt);
        double[] responsibilities = method switch
        {
            StartMethod.Random => Draw(table.RowCount, components, random),
            StartMethod.Hierarchical when start == 0 && attempt == 0 => FromLabels(HierarchicalClustering.Cluster(table, components, random), components),
            _ => FromLabels(KMeans.Cluster(table, components, random), components),
        };
        // What is known is known from the start.
        for (int i = 0; i < table.RowCount && !table.Responsibilities.IsEmpty; i++)
        {
            ReadOnlySpan<double> known = table.Responsibilities.Slice(i * components, components);
            if (!double.IsNaN(known[0])) known.CopyTo(responsibilities.AsSpan(i * components));
        }
        return responsibilities;
    }

    /// <summary>All of a row's responsibility on its label.</summary>
    public static double[] FromLabels(ReadOnlySpan<int> labels, int components)
    {
        var responsibilities = new double[checked(labels.Length * components)];
        for (int i = 0; i < labels.Length; i++) responsibilities[i * components + labels[i]] = 1;
        return responsibilities;
    }

    static double[] Draw(int rows, int components, Philox random)
    {
        double[] flat = [.. Enumerable.Repeat(1.0, components)];
        var responsibilities = new double[checked(rows * components)];
        for (int i = 0; i < rows; i++) random.NextDirichlet(flat, responsibilities.AsSpan(i * components, components));
        return responsibilities;
    }
}
