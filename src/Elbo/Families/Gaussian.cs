using Elbo.Engine;
using Elbo.Files;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>
/// The multivariate Gaussian, p(x | k) = (2π)^(−d/2) |Σ_k|^(−1/2) exp(−½ (x − μ_k)ᵀ Σ_k⁻¹ (x − μ_k)). Covariances stay at or above a floor.
/// </summary>
public sealed class Gaussian : IComponentFamily<GaussianComponents, GaussianStatistics>
{
    const string StructureKey = "covariance", FloorKey = "variance_floor";

    /// <summary>So that squares of distances, divided by floors, do not overflow.</summary>
    const double LargestValue = 1e100;

    /// <summary>
    /// A scatter is what is left of Σ q (x − o)(x − o)ᵀ once n δ δᵀ is taken away, for a mean that moves by δ; where less than this part of n δ δᵀ is left, rounding
    /// is in its leading digits. So much of it is then kept, for this one step: still no worse than the current parameters, since
    /// all of it makes the best covariance about the current mean (a generalised M-step). The next pass sums about the new mean.
    /// </summary>
    const double KeptOfMove = 1e-5;

    static readonly double _logTwoPi = Math.Log(2 * Math.PI);

    /// <summary>The family.</summary>
    /// <param name="structure">What the covariances are.</param>
    /// <param name="floor">The least variances: no direction may have less. Without them the likelihood has no maximum.</param>
    /// <param name="prior">A prior on means and covariances; null for maximum likelihood.</param>
    public Gaussian(CovarianceStructure structure, VarianceFloor floor, NormalInverseWishartPrior? prior = null)
    {
        if (!Enum.IsDefined(structure)) throw new ArgumentOutOfRangeException(nameof(structure), structure, "There is no such covariance structure.");
        ArgumentNullException.ThrowIfNull(floor);
        Structure = structure;
        Floor = floor;
        Prior = prior;
    }

    /// <summary>What the covariances are.</summary>
    public CovarianceStructure Structure { get; }

    /// <summary>The least variances.</summary>
    public VarianceFloor Floor { get; }

    /// <summary>The prior, or null for maximum likelihood.</summary>
    public NormalInverseWishartPrior? Prior { get; }

    /// <inheritdoc/>
    public string Name => "gaussian";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string> { [StructureKey] = Structure.ToString(), [FloorKey] = Floor.Write() };
            NormalInverseWishartPrior.Write(Prior, settings);
            return settings;
        }
    }

    /// <inheritdoc/>
    public void Check(ObservationTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (Prior is not null && Prior.Columns != table.ColumnCount)
            throw new ArgumentException($"The table has {table.ColumnCount} columns, and the prior is on {Prior.Columns}.", nameof(table));
        Floor.Check(table.ColumnCount);
        Requirement.Every(table, Name, value => Math.Abs(value) <= LargestValue, "numbers from -1E+100 to 1E+100");
    }

    /// <inheritdoc/>
    public GaussianComponents Pool(ObservationTable table, int components)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        int columns = table.ColumnCount, length = Structure.Length(columns);
        double[] mean = ColumnMoments.Means(table);
        var covariance = new double[length];
        double[] distance = new double[columns], share = new double[columns];
        double total = table.TotalWeight * (Structure == CovarianceStructure.Spherical ? columns : 1);
        for (int i = 0; i < table.RowCount; i++)
        {
            double weight = table.Weights.IsEmpty ? 1 : table.Weights[i];
            for (int j = 0; j < columns; j++)
            {
                distance[j] = table.Row(i)[j] - mean[j];
                share[j] = weight / total * distance[j];
            }
            Structure.AddOuter(distance, share, covariance);
        }
        Floor.Clip(Structure, covariance, columns);
        double[] Repeat(double[] values, int times) => [.. Enumerable.Range(0, times).SelectMany(_ => values)];
        return new GaussianComponents(Structure, Repeat(mean, components), Repeat(covariance, Structure.Groups(components)), columns);
    }

    /// <inheritdoc/>
    public GaussianStatistics CreateStatistics(GaussianComponents current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new GaussianStatistics(current.Structure, current.Columns, current.Means);
    }

    /// <inheritdoc/>
    public GaussianStatistics Renew(GaussianStatistics used, GaussianComponents current)
    {
        ArgumentNullException.ThrowIfNull(used);
        ArgumentNullException.ThrowIfNull(current);
        return used.TryReset(current.Structure, current.Columns, current.Means) ? used : CreateStatistics(current);
    }

    /// <inheritdoc/>
    public GaussianStatistics Recentre(GaussianStatistics statistics, GaussianComponents current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        return statistics.About(current.Means);
    }

    /// <inheritdoc/>
    /// <remarks>Bishop (2006), eq. 9.24 and 9.25; with a prior Fraley and Raftery (2007), section 3; the floor by <see cref="Floor"/>.</remarks>
    public GaussianComponents Maximize(GaussianStatistics statistics, GaussianComponents current)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(current);
        return Maximize(statistics, current, statistics.Counts);
    }

    /// <summary>The same with scatters divided by other counts than the means (Student-t).</summary>
    internal GaussianComponents Maximize(GaussianStatistics statistics, GaussianComponents current, ReadOnlySpan<double> counts)
    {
        double[] means = MaximizeMeans(statistics, current);
        int columns = current.Columns, length = current.Length;
        double[] covariances = new double[current.Covariances.Length], moved = new double[length], step = new double[columns], share = new double[columns], divisors = counts.ToArray();
        for (int group = 0; group < current.Groups; group++) Fill(group, 0);
        var maximized = new GaussianComponents(Structure, means, covariances, columns);
        bool lost = false;
        for (int group = 0; group < current.Groups; group++)
        {
            AddMove(group, 1, moved.AsSpan());
            if (maximized.TraceOf(group, moved) * KeptOfMove > statistics.GroupCount(group))
            {
                Fill(group, KeptOfMove);
                lost = true;
            }
            moved.AsSpan().Clear();
        }
        return lost ? new GaussianComponents(Structure, means, covariances, columns) : maximized;

        void Fill(int group, double keptOfMove)
        {
            Span<double> covariance = covariances.AsSpan(group * length, length);
            (int first, int count) = Structure.MembersOf(group, current.Count).GetOffsetAndLength(current.Count);
            double weight = BlockMath.Sum(divisors.AsSpan(first, count)) + (Prior is null ? 0 : count + Prior.Exponent(Structure));
            if (weight == 0)
            {
                current.GroupCovariance(group).CopyTo(covariance);
                return;
            }
            statistics.ScatterAbout(group, means, covariance);
            Prior?.AddScatter(Structure, means.AsSpan(first * columns, count * columns), covariance);
            if (keptOfMove > 0) AddMove(group, keptOfMove, covariance);
            if (Structure == CovarianceStructure.Spherical) weight *= columns;
            foreach (ref double value in covariance) value /= weight;
            Floor.Clip(Structure, covariance, columns);
        }

        void AddMove(int group, double factor, Span<double> into)
        {
            (int first, int count) = Structure.MembersOf(group, current.Count).GetOffsetAndLength(current.Count);
            for (int k = first; k < first + count; k++)
            {
                for (int j = 0; j < columns; j++)
                {
                    step[j] = means[k * columns + j] - statistics.Origin[k * columns + j];
                    share[j] = factor * statistics.Counts[k] * step[j];
                }
                Structure.AddOuter(step, share, into);
            }
        }
    }

    /// <inheritdoc/>
    public GaussianComponents Constrain(GaussianComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        double[] covariances = components.Covariances.ToArray();
        for (int group = 0; group < components.Groups; group++) Floor.Clip(components.Structure, covariances.AsSpan(group * components.Length, components.Length), components.Columns);
        return new GaussianComponents(components.Structure, components.Means.ToArray(), covariances, components.Columns);
    }

    /// <inheritdoc/>
    public double ExpectedLogDensity(GaussianStatistics statistics, GaussianComponents components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        var scatter = new double[components.Length];
        for (int group = 0; group < components.Groups; group++)
        {
            statistics.ScatterAbout(group, components.Means, scatter);
            sum -= 0.5 * (statistics.GroupCount(group) * (components.Columns * _logTwoPi + components.LogDeterminant(group)) + components.TraceOf(group, scatter));
        }
        return sum;
    }

    /// <inheritdoc/>
    public double Magnitude(GaussianStatistics statistics, GaussianComponents components)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(components);
        double sum = 0;
        // The quadratic form adds up to about a column for each row.
        for (int group = 0; group < components.Groups; group++)
            sum += 0.5 * statistics.GroupCount(group) * (components.Columns * (_logTwoPi + 1) + Math.Abs(components.LogDeterminant(group)));
        return sum;
    }

    /// <inheritdoc/>
    public double LogPrior(GaussianComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return Prior?.LogDensity(components) ?? 0;
    }

    /// <inheritdoc/>
    public bool IsOnFloor(GaussianComponents components, int component)
    {
        ArgumentNullException.ThrowIfNull(components);
        return Floor.IsReached(components.Structure, components.GroupCovariance(components.Structure.GroupOf(component)), components.Columns);
    }

    /// <inheritdoc/>
    public IComponentKernel<GaussianStatistics> Prepare(GaussianComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return new GaussianKernel(components, KernelProfiles.Current);
    }

    /// <inheritdoc/>
    public void Sample(GaussianComponents components, int component, Philox random, Span<double> row)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(random);
        int group = components.Structure.GroupOf(component);
        for (int j = 0; j < row.Length; j++) row[j] = random.NextNormal();
        // From the last column on, so that every normal deviate is used before it is overwritten.
        for (int j = row.Length - 1; j >= 0; j--)
        {
            ReadOnlySpan<double> covariance = components.GroupCovariance(group);
            row[j] = components.Mean(component)[j] + (components.Structure.IsMatrix()
                ? BlockMath.Dot(components.Factor(group, j)[..(j + 1)], row[..(j + 1)])
                : Math.Sqrt(covariance[covariance.Length == 1 ? 0 : j]) * row[j]);
        }
    }

    internal static Gaussian Create(IReadOnlyDictionary<string, string> settings)
    {
        return new Gaussian(Properties.ReadEnum<CovarianceStructure>(settings, StructureKey), VarianceFloor.Read(Properties.Read(settings, FloorKey)), NormalInverseWishartPrior.Read(settings));
    }

    /// <summary>o + s/n, or with a prior (n (o + s/n) + κ m) / (n + κ), both written as a step from o.</summary>
    double[] MaximizeMeans(GaussianStatistics statistics, GaussianComponents current)
    {
        double[] means = current.Means.ToArray();
        double precision = Prior?.MeanPrecision ?? 0;
        for (int i = 0; i < means.Length; i++)
        {
            double origin = statistics.Origin[i], count = statistics.Counts[i / current.Columns];
            double pull = Prior is null ? 0 : precision * (Prior.Mean[i % current.Columns] - origin);
            if (count + precision > 0) means[i] = origin + (statistics.Sums[i] + pull) / (count + precision);
        }
        return means;
    }
}
