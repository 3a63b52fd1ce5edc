namespace Elbo.Numerics;

/// <summary>Symmetric positive definite matrices as L Lᵀ. Matrices are row-major; errors are relative to √(a_ii a_jj), so that columns may differ in scale.</summary>
static class Cholesky
{
    /// <summary>L of a matrix less <paramref name="shift"/> times the identity, zeros above its diagonal. Reads the lower triangle.</summary>
    /// <returns>False where that is not positive definite in double precision; L is then unfinished.</returns>
    public static bool TryFactor(ReadOnlySpan<double> matrix, int size, Span<double> factor, double shift = 0)
    {
        for (int i = 0; i < size; i++)
        {
            Span<double> row = factor.Slice(i * size, size);
            for (int j = 0; j <= i; j++)
            {
                double rest = matrix[i * size + j] - Dot(row, factor.Slice(j * size, size), j);
                if (j < i) row[j] = rest / factor[j * size + j];
                else if (rest - shift > 0 && double.IsFinite(rest)) row[i] = Math.Sqrt(rest - shift);
                else return false;
            }
            row[(i + 1)..].Clear();
        }
        return true;
    }

    /// <summary>L⁻¹, zeros above its diagonal.</summary>
    public static void Invert(ReadOnlySpan<double> factor, int size, Span<double> inverse)
    {
        inverse.Clear();
        for (int i = 0; i < size; i++)
        {
            ReadOnlySpan<double> row = factor.Slice(i * size, size);
            Span<double> target = inverse.Slice(i * size, size);
            for (int k = 0; k < i; k++)
            {
                double value = row[k];
                for (int j = 0; j <= k; j++) target[j] -= value * inverse[k * size + j];
            }
            for (int j = 0; j < i; j++) target[j] /= row[i];
            target[i] = 1 / row[i];
        }
    }

    /// <summary>ln |L Lᵀ|.</summary>
    public static double LogDeterminant(ReadOnlySpan<double> factor, int size)
    {
        double sum = 0;
        for (int i = 0; i < size; i++) sum += Math.Log(factor[i * size + i]);
        return 2 * sum;
    }

    static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right, int length)
    {
        double sum = 0;
        for (int i = 0; i < length; i++) sum += left[i] * right[i];
        return sum;
    }
}
