namespace Elbo.Engine;

/// <summary>
/// An M-step for models without a closed one: climbs Q(statistics, ·) by BFGS in unconstrained coordinates (<see cref="ParameterPacking"/>). Any improvement makes EM ascend
/// (generalised EM: Dempster, Laird and Rubin 1977, section 3), so that the search need not be exact.
/// </summary>
public static class QuasiNewton
{
    const int MaximumSteps = 200;

    /// <summary>Of the climb that the slope promises (Armijo's condition).</summary>
    const double SufficientShare = 1e-4;

    /// <summary>Central differences are off by the square of their step, and by rounding over it: ε^⅓ balances the two.</summary>
    const double DifferenceStep = 6e-6;

    /// <summary>Climbs until the slope is gone or no step helps. What it gives is never worse than <paramref name="current"/>.</summary>
    /// <param name="objective">Q(θ) + the global bound, in nats; −∞ or NaN where there is none.</param>
    /// <param name="current">Where to begin.</param>
    /// <param name="gradient">
    /// Optionally ∂Q/∂x for every number of θ's double tensors that are not <see cref="TensorConstraint.Fixed"/>, in their order, each as if it were free of the others. Null takes central differences.
    /// </param>
    /// <exception cref="ArgumentException">A parameter is on the edge of its range, or the gradient has another length.</exception>
    public static T Maximize<T>(Func<T, double> objective, T current, Func<T, double[]>? gradient = null) where T : class, ITensors<T>
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(current);
        var surface = new Surface<T>(objective, gradient, current);
        double[] point = ParameterPacking.Pack(current);
        double height = objective(current);
        T best = current;
        if (point.Length == 0 || !double.IsFinite(height)) return current;

        double[] slope = surface.Slope(point, best);
        double[,] inverse = Identity(point.Length, 1 / Math.Max(1, Norm(slope)));
        bool fresh = true;
        for (int step = 0; step < MaximumSteps && Norm(slope) > 1e-10 * (1 + Math.Abs(height)); step++)
        {
            double[] direction = Times(inverse, slope);
            double promised = Dot(direction, slope);
            if (!(promised > 0)) break;
            if (Search(surface, point, height, direction, promised) is not { } found)
            {
                // A poor picture of the curvature may be to blame once.
                if (fresh) break;
                inverse = Identity(point.Length, 1 / Math.Max(1, Norm(slope)));
                fresh = true;
                continue;
            }
            double[] next = surface.Slope(found.Point, found.Parameters), moved = Subtract(found.Point, point), bent = Subtract(slope, next);
            bool done = found.Height - height <= 1e-15 * (1 + Math.Abs(height));
            (point, height, best, slope) = (found.Point, found.Height, found.Parameters, next);
            if (done) break;
            double curvature = Dot(moved, bent);
            if (curvature > 1e-12 * Norm(moved) * Norm(bent))
            {
                if (fresh) inverse = Identity(point.Length, curvature / Dot(bent, bent));
                Update(inverse, moved, bent, curvature);
                fresh = false;
            }
        }
        return best;
    }

    /// <summary>Halves the step until it climbs enough.</summary>
    static (double[] Point, double Height, T Parameters)? Search<T>(Surface<T> surface, double[] point, double height, double[] direction, double promised) where T : class, ITensors<T>
    {
        for (double length = 1; length > 1e-12; length /= 2)
        {
            var trial = new double[point.Length];
            for (int i = 0; i < trial.Length; i++) trial[i] = point[i] + length * direction[i];
            if (surface.Height(trial, out T? parameters) is var reached && reached > height && reached >= height + SufficientShare * length * promised)
                return (trial, reached, parameters!);
        }
        return null;
    }

    /// <summary>The BFGS update of the inverse (Nocedal and Wright 2006, eq. 6.17), for the negated objective.</summary>
    static void Update(double[,] inverse, double[] moved, double[] bent, double curvature)
    {
        double[] product = Times(inverse, bent);
        double factor = (1 + Dot(bent, product) / curvature) / curvature;
        for (int i = 0; i < moved.Length; i++)
            for (int j = 0; j < moved.Length; j++)
                inverse[i, j] += factor * moved[i] * moved[j] - (product[i] * moved[j] + moved[i] * product[j]) / curvature;
    }

    static double[,] Identity(int size, double scale)
    {
        var identity = new double[size, size];
        for (int i = 0; i < size; i++) identity[i, i] = scale;
        return identity;
    }

    static double[] Times(double[,] matrix, double[] vector)
    {
        var product = new double[vector.Length];
        for (int i = 0; i < product.Length; i++)
            for (int j = 0; j < vector.Length; j++) product[i] += matrix[i, j] * vector[j];
        return product;
    }

    static double Norm(double[] vector) => Math.Sqrt(Dot(vector, vector));

    static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    static double[] Subtract(double[] left, double[] right)
    {
        var difference = new double[left.Length];
        for (int i = 0; i < left.Length; i++) difference[i] = left[i] - right[i];
        return difference;
    }

    /// <summary>The objective over unconstrained coordinates.</summary>
    sealed class Surface<T>(Func<T, double> objective, Func<T, double[]>? gradient, T template) where T : class, ITensors<T>
    {
        public double Height(double[] point, out T? parameters) =>
            ParameterPacking.TryUnpack(point, template, out parameters) && objective(parameters) is var height && double.IsFinite(height) ? height : double.NegativeInfinity;

        public double[] Slope(double[] point, T parameters)
        {
            double[]? natural = gradient?.Invoke(parameters);
            var slope = new double[point.Length];
            for (int i = 0; i < point.Length; i++)
            {
                double step = DifferenceStep * Math.Max(1, Math.Abs(point[i]));
                double[] above = [.. point], below = [.. point];
                above[i] += step;
                below[i] -= step;
                slope[i] = (natural is null ? Height(above, out _) - Height(below, out _) : Along(natural, above, below)) / (above[i] - below[i]);
                // An edge of the range is next to the point: one may as well stay there.
                if (!double.IsFinite(slope[i])) slope[i] = 0;
            }
            return slope;
        }

        /// <summary>The gradient along the change that a coordinate makes in the numbers themselves: the chain rule.</summary>
        double Along(double[] natural, double[] above, double[] below)
        {
            if (!ParameterPacking.TryUnpack(above, template, out T? high) || !ParameterPacking.TryUnpack(below, template, out T? low)) return double.NaN;
            double[] to = Numbers(high), from = Numbers(low);
            if (natural.Length != to.Length) throw new ArgumentException($"The gradient has {natural.Length} numbers, and the parameters {to.Length}.");
            return Dot(natural, Subtract(to, from));
        }

        static double[] Numbers(T parameters) =>
            [.. TensorSet.Of(parameters).Tensors.Where(tensor => tensor.Constraint != TensorConstraint.Fixed).SelectMany(tensor => tensor.Values as double[] ?? [])];
    }
}
