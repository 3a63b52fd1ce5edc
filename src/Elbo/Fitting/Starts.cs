using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>First responsibilities, K for each row.</summary>
static class Starts
{
    /// <summary>The stream of random numbers of a start and of one attempt at it.</summary>
    static Philox RandomOf(ulong seed, int start, int attempt) => Philox.ForStream(seed, ((ulong)attempt << 32) | (uint)start);

    public static double[] Create(ObservationTable table, FitOptions options, int start, int attempt)
    {
        int components = options.Components;
        Philox random = RandomOf(options.Seed, start, attempt);
        double[] responsibilities = options.Start switch
        {
            _ when options.LeftToRight => FromLabels(Stages(table, components, start == 0 && attempt == 0 ? null : random), components),
            StartMethod.Random => Draw(table.RowCount, components, random),
            StartMethod.Hierarchical when start == 0 && attempt == 0 => FromLabels(HierarchicalClustering.Cluster(table, components, random), components),
            _ => FromLabels(KMeans.Cluster(table, components, random), components),
        };
        if (!table.Responsibilities.IsEmpty) TakeKnown(table, responsibilities, components, mayRename: !options.LeftToRight);
        return responsibilities;
    }

    /// <summary>
    /// What is known is known from the start, and the components that were guessed take the names under which most of it is theirs already: EM does not exchange names later.
    /// </summary>
    static void TakeKnown(ObservationTable table, double[] responsibilities, int components, bool mayRename)
    {
        var shared = new double[components, components];
        int[] known = [.. Enumerable.Range(0, table.RowCount).Where(row => !double.IsNaN(table.Responsibilities[row * components]))];
        foreach (int row in known)
            for (int guess = 0; guess < components; guess++)
                for (int name = 0; name < components; name++)
                    shared[guess, name] += responsibilities[row * components + guess] * table.Responsibilities[row * components + name];
        if (mayRename)
        {
            int[] names = BestNames(shared);
            var renamed = new double[components];
            for (int row = 0; row < table.RowCount; row++)
            {
                Span<double> own = responsibilities.AsSpan(row * components, components);
                for (int guess = 0; guess < components; guess++) renamed[names[guess]] = own[guess];
                renamed.CopyTo(own);
            }
        }
        foreach (int row in known) table.Responsibilities.Slice(row * components, components).CopyTo(responsibilities.AsSpan(row * components));
    }

    /// <summary>A name for each guessed component: the pair that shares most first, and so on; what is left, in order.</summary>
    static int[] BestNames(double[,] shared)
    {
        int components = shared.GetLength(0);
        int[] names = [.. Enumerable.Repeat(-1, components)];
        var pairs = from guess in Enumerable.Range(0, components) from name in Enumerable.Range(0, components) orderby shared[guess, name] descending, guess, name select (guess, name);
        foreach ((int guess, int name) in pairs)
            if (names[guess] < 0 && !names.Contains(name)) names[guess] = name;
        return names;
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

    /// <summary>Every sequence in as many stretches as there are states, of equal lengths or cut at random.</summary>
    static int[] Stages(ObservationTable table, int components, Philox? random)
    {
        var labels = new int[table.RowCount];
        int first = 0;
        foreach (int length in table.SequenceLengths.IsEmpty ? [table.RowCount] : table.SequenceLengths)
        {
            double[] cuts = [.. Enumerable.Range(1, components - 1).Select(cut => random?.NextDouble() ?? cut / (double)components).Order()];
            for (int step = 0; step < length; step++)
                while (labels[first + step] < cuts.Length && (step + 0.5) / length > cuts[labels[first + step]]) labels[first + step]++;
            first += length;
        }
        return labels;
    }
}
