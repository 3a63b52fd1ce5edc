using Elbo.Numerics;

namespace Elbo.Tests.Numerics;

public class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(30)]
    public void Vectors_are_orthonormal_and_give_the_matrix_back(int size)
    {
        double[] matrix = Matrices.Positive(size, seed: 5);
        for (int i = 0; i < size; i++) matrix[i * size + i] -= 1;
        (double[] values, double[] vectors) = Decompose(matrix, size);
        double[] scaled = [.. vectors.Select((v, i) => values[i / size] * v)];
        Matrices.AssertEqual(Matrices.Identity(size), Matrices.Multiply(vectors, Matrices.Transpose(vectors, size), size), 1e-13);
        Matrices.AssertEqual(matrix, Matrices.Multiply(Matrices.Transpose(vectors, size), scaled, size), 1e-12);
    }

    /// <summary>The second difference has 2 − 2 cos(π i/(n + 1)).</summary>
    [Fact]
    public void Known_eigenvalues()
    {
        const int Size = 12;
        var matrix = new double[Size * Size];
        for (int i = 0; i < Size; i++)
        {
            matrix[i * Size + i] = 2;
            if (i > 0) matrix[i * Size + i - 1] = matrix[(i - 1) * Size + i] = -1;
        }
        double[] expected = [.. Enumerable.Range(1, Size).Select(i => 2 - 2 * Math.Cos(Math.PI * i / (Size + 1)))];
        Matrices.AssertEqual(expected, [.. Decompose(matrix, Size).Values.Order()], 1e-14);
    }

    /// <summary>Columns in units of 10^6, 1 and 10^−6: the least eigenvalue is 0.75e-12, and a method whose error is relative to the largest has nothing left of it.</summary>
    [Fact]
    public void Small_eigenvalues_of_graded_matrices_keep_their_own_digits()
    {
        double[] scale = [1e6, 1, 1e-6], correlation = [1, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 1];
        double[] matrix = [.. correlation.Select((c, i) => c * scale[i / 3] * scale[i % 3])];
        double[] values = [.. Decompose(matrix, 3).Values.Order()];
        // Up to 1e-12, relative, they are the pivots: 1e12, 1 (1 − ¼) and 1e-12 (1 − ¼).
        Assert.Equal(0.75e-12, values[0], 1e-22);
        Assert.Equal(0.75, values[1], 1e-10);
        Assert.Equal(1e12, values[2], 1.0);
    }

    [Fact]
    public void Singular_matrices_have_zeros()
    {
        double[] v = [1, 2, 3];
        double[] values = [.. Decompose([.. Enumerable.Range(0, 9).Select(i => v[i / 3] * v[i % 3])], 3).Values.Order()];
        Matrices.AssertEqual([0, 0, 14], values, 1e-14);
        Assert.Equal([0, 0, 0], Decompose(new double[9], 3).Values);
    }

    static (double[] Values, double[] Vectors) Decompose(double[] matrix, int size)
    {
        double[] values = new double[size], vectors = new double[size * size];
        SymmetricEigen.Decompose([.. matrix], size, values, vectors);
        return (values, vectors);
    }
}
