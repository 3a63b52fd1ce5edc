using Elbo.Observations;

namespace Elbo.Families;

/// <summary>Gaussian components at fixed parameters.</summary>
sealed class GaussianKernel(GaussianComponents components) : IComponentKernel<GaussianStatistics>
{
    readonly double[] _distances = new double[components.Columns * RowBlock.Capacity];
    readonly double[] _weighted = new double[RowBlock.Capacity];
    readonly double _constant = -0.5 * components.Columns * Math.Log(2 * Math.PI);

    public void LogDensities(RowBlock block, Span<double> into)
    {
        int d = components.Columns;
        for (int k = 0; k < components.Count; k++)
        {
            Distances(block, k);
            Span<double> logs = block.Of(into, k);
            int group = components.Structure.GroupOf(k);
            ReadOnlySpan<double> inverse = components.Inverse(group);
            for (int i = 0; i < logs.Length; i++)
            {
                double square = 0;
                for (int j = 0; j < d; j++)
                {
                    double y = 0;
                    if (components.Structure.IsMatrix())
                        for (int l = 0; l <= j; l++) y += inverse[j * d + l] * _distances[l * RowBlock.Capacity + i];
                    else y = Math.Sqrt(inverse[inverse.Length == 1 ? 0 : j]) * _distances[j * RowBlock.Capacity + i];
                    square += y * y;
                }
                logs[i] = _constant - 0.5 * (components.LogDeterminant(group) + square);
            }
        }
    }

    public FamilyBound Accumulate(RowBlock block, ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities, GaussianStatistics into)
    {
        int d = components.Columns;
        for (int k = 0; k < components.Count; k++)
        {
            ReadOnlySpan<double> q = block.Of(responsibilities, k);
            Distances(block, k);
            into.Counts[k] += BlockMath.Sum(q);
            Span<double> scatter = into.Scatters.Slice(components.Structure.GroupOf(k) * into.ScatterLength, into.ScatterLength);
            for (int j = 0; j < d; j++)
            {
                for (int i = 0; i < q.Length; i++) _weighted[i] = q[i] * _distances[j * RowBlock.Capacity + i];
                ReadOnlySpan<double> weighted = _weighted.AsSpan(0, q.Length);
                into.Sums[k * d + j] += BlockMath.Sum(weighted);
                if (!components.Structure.IsMatrix()) scatter[scatter.Length == 1 ? 0 : j] += BlockMath.Dot(weighted, _distances.AsSpan(j * RowBlock.Capacity, q.Length));
                else
                    for (int l = 0; l < d && l / GaussianStatistics.Tile <= j / GaussianStatistics.Tile; l++)
                        scatter[GaussianStatistics.Place(j, l)] += BlockMath.Dot(weighted, _distances.AsSpan(l * RowBlock.Capacity, q.Length));
            }
        }
        return FamilyBound.Of(block, responsibilities, logDensities);
    }

    void Distances(RowBlock block, int component)
    {
        ReadOnlySpan<double> mean = components.Mean(component);
        for (int j = 0; j < mean.Length; j++)
        {
            ReadOnlySpan<double> column = block.Column(j);
            for (int i = 0; i < column.Length; i++) _distances[j * RowBlock.Capacity + i] = column[i] - mean[j];
        }
    }
}
