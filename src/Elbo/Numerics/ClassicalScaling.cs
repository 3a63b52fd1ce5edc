namespace Elbo.Numerics;

/// <summary>Classical scaling (Torgerson 1952): points in the plane whose distances are near to given ones.</summary>
static class ClassicalScaling
{
    /// <summary>The two directions of the greatest spread of B = −½ J D² J, which has the inner products of centred points with those distances.</summary>
    /// <param name="distances">Symmetric, row-major, 0 on the diagonal.</param>
    /// <param name="size">How many points.</param>
    /// <returns>A place for each. Of every axis the place farthest from 0 is on the positive side, so that the same distances always give the same picture.</returns>
    public static (double X, double Y)[] Plane(ReadOnlySpan<double> distances, int size)
    {
        double[] products = Centre(distances, size), values = new double[size], vectors = new double[size * size];
        SymmetricEigen.Decompose(products, size, values, vectors);
        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => values[i])];
        double[] x = Axis(0), y = Axis(1);
        return [.. Enumerable.Range(0, size).Select(i => (x[i], y[i]))];

        double[] Axis(int rank)
        {
            var axis = new double[size];
            if (rank >= size || !(values[order[rank]] > 0)) return axis;
            double length = Math.Sqrt(values[order[rank]]), farthest = 0;
            for (int i = 0; i < size; i++)
            {
                axis[i] = length * vectors[order[rank] * size + i];
                if (Math.Abs(axis[i]) > Math.Abs(farthest)) farthest = axis[i];
            }
            if (farthest < 0)
                for (int i = 0; i < size; i++) axis[i] = -axis[i];
            return axis;
        }
    }

    static double[] Centre(ReadOnlySpan<double> distances, int size)
    {
        double[] squares = new double[size * size], means = new double[size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++) means[i] += squares[i * size + j] = distances[i * size + j] * distances[i * size + j];
            means[i] /= size;
        }
        double mean = means.Sum() / size;
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++) squares[i * size + j] = -0.5 * (squares[i * size + j] - means[i] - means[j] + mean);
        return squares;
    }
}
