using Elbo.Numerics;

namespace Elbo.Tests.Numerics;

public class CholeskyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    public void The_factor_gives_the_matrix_back(int size)
    {
        double[] matrix = Matrices.Positive(size, seed: 3), factor = new double[size * size], inverse = new double[size * size];
        Assert.True(Cholesky.TryFactor(matrix, size, factor));
        Cholesky.Invert(factor, size, inverse);
        Matrices.AssertEqual(matrix, Matrices.Multiply(factor, Matrices.Transpose(factor, size), size), 1e-13);
        Matrices.AssertEqual(Matrices.Identity(size), Matrices.Multiply(inverse, factor, size), 1e-12);
        for (int i = 0; i < size; i++)
            for (int j = i + 1; j < size; j++) Assert.True(factor[i * size + j] == 0 && inverse[i * size + j] == 0);
    }

    [Fact]
    public void Determinant_by_hand()
    {
        var factor = new double[4];
        Assert.True(Cholesky.TryFactor([4, 2, 2, 3], 2, factor));
        Assert.Equal(Math.Log(8), Cholesky.LogDeterminant(factor, 2), 1e-15);
    }

    /// <summary>[[2, 1], [1, 2]] has the eigenvalues 1 and 3.</summary>
    [Theory]
    [InlineData(0.999999, true)]
    [InlineData(1.000001, false)]
    [InlineData(3.5, false)]
    public void A_shift_tells_on_which_side_of_it_the_least_eigenvalue_is(double shift, bool expected) =>
        Assert.Equal(expected, Cholesky.TryFactor([2, 1, 1, 2], 2, new double[4], shift));

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(0, 0, 0)]
    [InlineData(1, double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 0, 1)]
    public void What_is_not_positive_definite_is_refused(double first, double across, double second) =>
        Assert.False(Cholesky.TryFactor([first, across, across, second], 2, new double[4]));
}

/// <summary>Small dense matrices for tests.</summary>
static class Matrices
{
    public static double[] Identity(int size)
    {
        var matrix = new double[size * size];
        for (int i = 0; i < size; i++) matrix[i * size + i] = 1;
        return matrix;
    }

    /// <summary>A Aᵀ + ½ I of a random A, exactly symmetric.</summary>
    public static double[] Positive(int size, ulong seed) => Positive(size, Philox.ForStream(seed, (ulong)size));

    public static double[] Positive(int size, Philox random)
    {
        double[] a = [.. Enumerable.Range(0, size * size).Select(_ => random.NextNormal() / Math.Sqrt(size))];
        double[] matrix = Multiply(a, Transpose(a, size), size);
        for (int i = 0; i < size; i++)
        {
            matrix[i * size + i] += 0.5;
            for (int j = 0; j < i; j++) matrix[i * size + j] = matrix[j * size + i];
        }
        return matrix;
    }

    public static double[] Multiply(double[] a, double[] b, int size)
    {
        var product = new double[size * size];
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
                for (int k = 0; k < size; k++) product[i * size + j] += a[i * size + k] * b[k * size + j];
        return product;
    }

    public static double[] Transpose(double[] a, int size) => [.. Enumerable.Range(0, size * size).Select(i => a[i % size * size + i / size])];

    public static void AssertEqual(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }
}
