using System.Globalization;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Families;

/// <summary>
/// The constraint Σ ⪰ diag(f): no direction has less variance than along it the least variances f of the columns allow. Without it the likelihood of Gaussians has no maximum. Immutable.
/// </summary>
/// <remarks>
/// Of all such Σ the one that maximises −ln |Σ| − tr Σ⁻¹ S is, in columns divided by √f, S with its eigenvalues raised to 1 where they are less:
/// for given eigenvalues of Σ the trace is least when both have the same eigenvectors in the same order, and then every eigenvalue is on its own.
/// </remarks>
public sealed class VarianceFloor
{
    /// <summary>Eigenvalues this near to 1, relative, sit on the floor: what is left of them after rounding.</summary>
    const double Nearness = 1e-3;

    /// <summary>Of a column's variance. A thousandth of its standard deviation: well below any structure that rounded data can show, and far enough above rounding errors for a component that has collapsed to be told from one that has not.</summary>
    const double UsualShare = 1e-6;

    readonly double[] _variances;

    /// <summary>A floor.</summary>
    /// <param name="variances">f, in the squared units of the columns: one for each column, or one for all. Above 0.</param>
    public VarianceFloor(params double[] variances)
    {
        ArgumentNullException.ThrowIfNull(variances);
        if (variances.Length == 0) throw new ArgumentException("A floor needs a least variance.", nameof(variances));
        foreach (double variance in variances)
            if (!(variance > 0 && double.IsFinite(variance))) throw new ArgumentOutOfRangeException(nameof(variances), variance, "The least variance must be above 0.");
        _variances = [.. variances];
    }

    /// <summary>f, one for each column, or one for all.</summary>
    public ReadOnlySpan<double> Variances => _variances;

    /// <summary>
    /// 1e-6 times the variance of each column, so that the units of columns do not matter. A constant column, which has no scale, takes the least of the others.
    /// </summary>
    public static VarianceFloor FromTable(ObservationTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        double[] means = ColumnMoments.Means(table), variances = ColumnMoments.Variances(table, means);
        double smallest = double.PositiveInfinity;
        for (int j = 0; j < means.Length; j++)
        {
            // What rounding leaves of a constant column is no variance.
            double rounding = 1e-14 * means[j];
            if (variances[j] > rounding * rounding) smallest = Math.Min(smallest, variances[j]);
            else variances[j] = 0;
        }
        if (!double.IsFinite(smallest)) smallest = 1;
        return new VarianceFloor([.. variances.Select(variance => Math.Max(UsualShare * (variance > 0 ? variance : smallest), 1e-200))]);
    }

    /// <summary>f of one column.</summary>
    public double Of(int column) => _variances.Length == 1 ? _variances[0] : _variances[column];

    internal string Write() => string.Join(" ", _variances.Select(variance => variance.ToString("R", CultureInfo.InvariantCulture)));

    internal static VarianceFloor Read(string text)
    {
        double[] variances = [.. text.Split(' ').Select(part => double.TryParse(part, CultureInfo.InvariantCulture, out double value) && value > 0 && double.IsFinite(value) ? value
            : throw new InvalidDataException($"The metadata have '{text}' for a variance floor; it must be numbers above 0."))];
        return new VarianceFloor(variances);
    }

    internal void Check(int columns)
    {
        if (_variances.Length != 1 && _variances.Length != columns) throw new ArgumentException($"The table has {columns} columns, and the floor is on {_variances.Length}.");
    }

    /// <summary>Raises one covariance in the structure's form.</summary>
    internal void Clip(CovarianceStructure structure, Span<double> covariance, int columns)
    {
        if (!structure.IsMatrix())
        {
            for (int i = 0; i < covariance.Length; i++) covariance[i] = Math.Max(covariance[i], Least(covariance.Length, i));
            return;
        }
        double[] scaled = Scale(covariance, columns), factor = new double[covariance.Length];
        if (Cholesky.TryFactor(scaled, columns, factor, 1)) return;
        double[] values = new double[columns], vectors = new double[covariance.Length];
        SymmetricEigen.Decompose(scaled, columns, values, vectors);
        // Only what is missing is added, so that the other directions keep all their digits.
        Raise(covariance, columns, 1, values, vectors);
        // A spread of eigenvalues that double precision cannot hold: the least floor that it can.
        double reach = values.Max() * columns * 2e-16;
        for (; !Cholesky.TryFactor(covariance, columns, factor); reach *= 4) Raise(covariance, columns, Math.Max(1, reach), values, vectors);
    }

    /// <summary>Whether a covariance sits on the floor in some direction.</summary>
    internal bool IsReached(CovarianceStructure structure, ReadOnlySpan<double> covariance, int columns)
    {
        if (structure.IsMatrix()) return !Cholesky.TryFactor(Scale(covariance, columns), columns, new double[covariance.Length], 1 + Nearness);
        for (int i = 0; i < covariance.Length; i++)
            if (covariance[i] <= Least(covariance.Length, i) * (1 + Nearness)) return true;
        return false;
    }

    /// <summary>Of a diagonal covariance's variance, or of the one of all columns.</summary>
    double Least(int count, int i) => count == 1 ? _variances.Max() : Of(i);

    double[] Scale(ReadOnlySpan<double> covariance, int columns)
    {
        var scaled = new double[covariance.Length];
        for (int i = 0; i < columns; i++)
            for (int j = 0; j < columns; j++) scaled[i * columns + j] = covariance[i * columns + j] / Math.Sqrt(Of(i)) / Math.Sqrt(Of(j));
        return scaled;
    }

    void Raise(Span<double> covariance, int columns, double floor, double[] values, double[] vectors)
    {
        for (int i = 0; i < columns; i++)
        {
            double missing = floor - values[i];
            if (missing <= 0) continue;
            ReadOnlySpan<double> vector = vectors.AsSpan(i * columns, columns);
            for (int row = 0; row < columns; row++)
                for (int column = 0; column <= row; column++)
                {
                    double share = missing * (vector[row] * Math.Sqrt(Of(row)) * (vector[column] * Math.Sqrt(Of(column))));
                    covariance[row * columns + column] += share;
                    if (column < row) covariance[column * columns + row] = covariance[row * columns + column];
                }
            values[i] = floor;
        }
    }
}
