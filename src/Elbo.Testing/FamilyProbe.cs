using Elbo.Engine;
using Elbo.Families;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Testing;

/// <summary>log p(x | z = k, θ) of one row, in nats, as a person would write it: for the kit to compare a kernel with.</summary>
/// <typeparam name="TComponents">The components' parameters.</typeparam>
/// <param name="components">θ.</param>
/// <param name="component">k.</param>
/// <param name="row">x.</param>
public delegate double LogDensity<in TComponents>(TComponents components, int component, ReadOnlySpan<double> row);

/// <summary>What the subjects of a family's mixture and hidden Markov model have in common.</summary>
/// <typeparam name="TComponents">The components' parameters.</typeparam>
/// <typeparam name="TStatistics">The components' statistics.</typeparam>
sealed class FamilyProbe<TComponents, TStatistics>(IComponentFamily<TComponents, TStatistics> family, ObservationTable table, int components, LogDensity<TComponents>? logDensity)
    where TComponents : class, IComponents<TComponents>
    where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>Whether the family has no latent variables of its own, which would have an entropy.</summary>
    public bool HasNoOwnLatents { get; } = FindOwnEntropy(family, table, components) == 0;

    /// <summary>log p(x | k) of a row, for every k.</summary>
    public double[] LogDensities(TComponents at, int row)
    {
        if (logDensity is not null) return [.. Enumerable.Range(0, at.Count).Select(k => logDensity(at, k, table.Row(row)))];
        var into = new double[at.Count * RowBlock.Capacity];
        family.Prepare(at).LogDensities(RowBlock.Transpose(table.Row(row), table.ColumnCount, new double[table.ColumnCount * RowBlock.Capacity]), into);
        return [.. Enumerable.Range(0, at.Count).Select(k => into[k * RowBlock.Capacity])];
    }

    /// <summary>Σ log p(x | k) over all rows.</summary>
    public double LogDensityOfAll(TComponents at, int component) => Enumerable.Range(0, table.RowCount).Sum(row => LogDensities(at, row)[component]);

    /// <summary>A component that can have made every row, or −1.</summary>
    public int FindPossible(TComponents at)
    {
        for (int k = 0; k < at.Count; k++)
            if (double.IsFinite(LogDensityOfAll(at, k))) return k;
        return -1;
    }

    public bool IsInterior(TComponents at)
    {
        for (int k = 0; k < at.Count; k++)
            if (family.IsOnFloor(at, k)) return false;
        return true;
    }

    /// <summary>An order of the components in which the last, which may be noise, stays; null where there is no other.</summary>
    public static int[]? FindOrder(int count, Philox random)
    {
        if (count < 3) return null;
        int[] order = [.. Enumerable.Range(0, count)];
        while (order[0] == 0) random.Shuffle<int>(order.AsSpan(0, count - 1));
        return order;
    }

    static double FindOwnEntropy(IComponentFamily<TComponents, TStatistics> family, ObservationTable table, int components)
    {
        TComponents pool = family.Pool(table, components);
        double[] responsibilities = new double[components * RowBlock.Capacity], logDensities = new double[components * RowBlock.Capacity];
        RowBlock block = RowBlock.Transpose(table.Row(table.RowCount - 1), table.ColumnCount, new double[table.ColumnCount * RowBlock.Capacity]);
        responsibilities[0] = 1;
        IComponentKernel<TStatistics> kernel = family.Prepare(pool);
        kernel.LogDensities(block, logDensities);
        return kernel.Accumulate(block, responsibilities, logDensities, family.CreateStatistics(pool)).Entropy;
    }
}
