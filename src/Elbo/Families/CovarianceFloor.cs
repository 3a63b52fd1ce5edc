using Elbo.Numerics;

namespace Elbo.Families;

/// <summary>
/// The constraint Σ ⪰ εI. Of all such Σ the one that maximises −ln |Σ| − tr Σ⁻¹ S is S with its eigenvalues raised to ε where they are less:
/// for given eigenvalues of Σ the trace is least when both have the same eigenvectors in the same order, and then every eigenvalue is on its own.
/// </summary>
static class CovarianceFloor
{
    /// <summary>Eigenvalues this near to ε, relative, sit on it: what is left of them after rounding.</summary>
    const double Nearness = 1e-3;

    /// <summary>Raises the eigenvalues of one covariance in the structure's form.</summary>
    public static void Clip(CovarianceStructure structure, double floor, Span<double> covariance, int columns)
    {
        if (!structure.IsMatrix())
        {
            foreach (ref double variance in covariance) variance = Math.Max(variance, floor);
            return;
        }
        var factor = new double[covariance.Length];
        if (Cholesky.TryFactor(covariance, columns, factor, floor)) return;
        var values = new double[columns];
        var vectors = new double[covariance.Length];
        SymmetricEigen.Decompose(covariance.ToArray(), columns, values, vectors);
        // Only what is missing is added, so that the other directions keep all their digits.
        Raise(covariance, columns, floor, values, vectors);
        // A spread of eigenvalues that double precision cannot hold: the least floor that it can.
        double reach = values.Max() * columns * 2e-16;
        for (; !Cholesky.TryFactor(covariance, columns, factor); reach *= 4) Raise(covariance, columns, Math.Max(floor, reach), values, vectors);
    }

    /// <summary>Whether an eigenvalue of a covariance sits at ε.</summary>
    public static bool IsReached(CovarianceStructure structure, double floor, ReadOnlySpan<double> covariance, int columns)
    {
        double near = floor * (1 + Nearness);
        if (structure.IsMatrix()) return !Cholesky.TryFactor(covariance, columns, new double[covariance.Length], near);
        foreach (double variance in covariance)
            if (variance <= near) return true;
        return false;
    }

    static void Raise(Span<double> covariance, int columns, double floor, double[] values, double[] vectors)
    {
        for (int i = 0; i < columns; i++)
        {
            double missing = floor - values[i];
            if (missing <= 0) continue;
            ReadOnlySpan<double> vector = vectors.AsSpan(i * columns, columns);
            for (int row = 0; row < columns; row++)
                for (int column = 0; column < columns; column++) covariance[row * columns + column] += missing * (vector[row] * vector[column]);
            values[i] = floor;
        }
    }
}
