namespace Elbo.Numerics;

/// <summary>Eigenvalues and eigenvectors of symmetric matrices by Jacobi's cyclic rotations.</summary>
/// <remarks>
/// Slower than tridiagonal methods, but small eigenvalues of matrices whose columns differ in scale come out with their own relative precision
/// (Demmel and Veselić 1992), and that is what clipping at a floor needs.
/// </remarks>
static class SymmetricEigen
{
    const int MaximumSweeps = 60;

    /// <summary>Half a unit in the last place of 1.</summary>
    const double Negligible = 1.1102230246251565e-16;

    /// <summary>Decomposes A = Σ λ_i v_i v_iᵀ.</summary>
    /// <param name="matrix">A, row-major; it is used up.</param>
    /// <param name="size">Rows, and columns.</param>
    /// <param name="values">λ, in no order.</param>
    /// <param name="vectors">v_i is row i, of length 1.</param>
    public static void Decompose(Span<double> matrix, int size, Span<double> values, Span<double> vectors)
    {
        vectors.Clear();
        for (int i = 0; i < size; i++) vectors[i * size + i] = 1;
        bool rotated = true;
        for (int sweep = 0; rotated && sweep < MaximumSweeps; sweep++)
        {
            rotated = false;
            for (int p = 0; p < size - 1; p++)
                for (int q = p + 1; q < size; q++) rotated |= Rotate(matrix, size, vectors, p, q);
        }
        for (int i = 0; i < size; i++) values[i] = matrix[i * size + i];
    }

    /// <summary>Turns a_pq to 0 (Golub and Van Loan 2013, section 8.5), unless it is nothing beside a_pp and a_qq.</summary>
    static bool Rotate(Span<double> matrix, int size, Span<double> vectors, int p, int q)
    {
        Span<double> rowP = matrix.Slice(p * size, size), rowQ = matrix.Slice(q * size, size);
        double across = rowP[q], ownP = rowP[p], ownQ = rowQ[q];
        if (Math.Abs(across) <= Negligible * Math.Sqrt(Math.Abs(ownP)) * Math.Sqrt(Math.Abs(ownQ))) return false;
        double cotangent = (ownQ - ownP) / (2 * across);
        double tangent = double.IsInfinity(cotangent) ? 0 : Math.CopySign(1, cotangent) / (Math.Abs(cotangent) + Math.Sqrt(1 + cotangent * cotangent));
        double cosine = 1 / Math.Sqrt(1 + tangent * tangent), sine = tangent * cosine;
        for (int i = 0; i < size; i++)
        {
            if (i == p || i == q) continue;
            (rowP[i], rowQ[i]) = (cosine * rowP[i] - sine * rowQ[i], sine * rowP[i] + cosine * rowQ[i]);
            matrix[i * size + p] = rowP[i];
            matrix[i * size + q] = rowQ[i];
        }
        rowP[p] = ownP - tangent * across;
        rowQ[q] = ownQ + tangent * across;
        rowP[q] = rowQ[p] = 0;
        Span<double> vectorP = vectors.Slice(p * size, size), vectorQ = vectors.Slice(q * size, size);
        for (int i = 0; i < size; i++)
            (vectorP[i], vectorQ[i]) = (cosine * vectorP[i] - sine * vectorQ[i], sine * vectorP[i] + cosine * vectorQ[i]);
        return true;
    }
}
