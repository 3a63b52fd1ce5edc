using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>
/// Maximises n (log Γ(Σ a) − Σ log Γ(a_k)) + Σ (a_k − 1) s_k over a > 0: the concentration of a Dirichlet given n draws' summed expected logarithms.
/// Concave in a. (Minka 2000; Blei, Ng, Jordan 2003, appendix A.2 and A.4.2.)
/// </summary>
static class DirichletEstimator
{
    /// <summary>Concentrations are kept within these, where all functions are sound (a start outside stays allowed).</summary>
    public const double Minimum = 1e-6, Maximum = 1e6;

    const int MaximumSteps = 200;

    /// <summary>One value for all <paramref name="length"/> components; <paramref name="sum"/> = Σ_k s_k.</summary>
    public static double Symmetric(double draws, int length, double sum, double start)
    {
        if (length == 1) return start;
        // The derivative falls in a, so it is bracketed while Newton runs on log a.
        double low = Math.Min(Minimum, start), high = Math.Max(Maximum, start), a = start;
        for (int step = 0; step < MaximumSteps; step++)
        {
            double slope = draws * length * (SpecialFunctions.Digamma(length * a) - SpecialFunctions.Digamma(a)) + sum;
            double curvature = draws * length * (length * SpecialFunctions.Trigamma(length * a) - SpecialFunctions.Trigamma(a));
            if (slope > 0) low = a;
            else high = a;
            double inLog = slope * a + curvature * a * a;
            double next = inLog < 0 ? a * Math.Exp(-slope * a / inLog) : double.NaN;
            if (!(next > low && next < high)) next = Math.Sqrt(low * high);
            if (Math.Abs(next - a) <= 1e-14 * a || high - low <= 1e-14 * a) return next;
            a = next;
        }
        return a;
    }

    /// <summary>One value a component, in place, by Newton's method with the diagonal-plus-rank-one Hessian, kept within the domain, halving steps that go down.</summary>
    public static void Asymmetric(double draws, ReadOnlySpan<double> sums, Span<double> concentration)
    {
        int length = concentration.Length;
        if (length == 1) return;
        var step = new double[length];
        var trial = new double[length];
        double value = Objective(draws, sums, concentration);
        for (int iteration = 0; iteration < MaximumSteps; iteration++)
        {
            double decrement = NewtonStep(draws, sums, concentration, step);
            if (decrement <= 1e-13 * (1 + Math.Abs(value))) return;
            double size = 1;
            double next;
            for (; ; size /= 2)
            {
                if (size < 1e-12) return;
                for (int k = 0; k < length; k++) trial[k] = Math.Clamp(concentration[k] + size * step[k], Minimum, Maximum);
                next = Objective(draws, sums, trial);
                if (next >= value) break;
            }
            trial.CopyTo(concentration);
            value = next;
        }
    }

    static double Objective(double draws, ReadOnlySpan<double> sums, ReadOnlySpan<double> concentration)
    {
        double value = draws * DirichletMath.LogNormalizer(concentration);
        for (int k = 0; k < sums.Length; k++) value += (concentration[k] - 1) * sums[k];
        return value;
    }

    // −H⁻¹ g with H = diag(q) + z 11ᵀ; gives gᵀ(−H⁻¹)g, the Newton decrement.
    static double NewtonStep(double draws, ReadOnlySpan<double> sums, ReadOnlySpan<double> concentration, double[] step)
    {
        double total = 0;
        foreach (double a in concentration) total += a;
        double digammaTotal = SpecialFunctions.Digamma(total), z = draws * SpecialFunctions.Trigamma(total);
        double gradientOverQ = 0, inverseQ = 0;
        for (int k = 0; k < step.Length; k++)
        {
            double q = -draws * SpecialFunctions.Trigamma(concentration[k]), gradient = Gradient(k, concentration, sums);
            if (IsHeld(concentration[k], gradient)) continue;
            gradientOverQ += gradient / q;
            inverseQ += 1 / q;
        }
        double shift = gradientOverQ / (1 / z + inverseQ), decrement = 0;
        for (int k = 0; k < step.Length; k++)
        {
            double gradient = Gradient(k, concentration, sums);
            step[k] = 0;
            if (IsHeld(concentration[k], gradient)) continue;
            step[k] = -(gradient - shift) / (-draws * SpecialFunctions.Trigamma(concentration[k]));
            decrement += gradient * step[k];
        }
        return decrement;

        // At the edge of the domain and drawn outwards: it stays, and the others move as if it were fixed.
        static bool IsHeld(double a, double gradient) => (a <= Minimum && gradient < 0) || (a >= Maximum && gradient > 0);

        double Gradient(int k, ReadOnlySpan<double> a, ReadOnlySpan<double> s) => draws * (digammaTotal - SpecialFunctions.Digamma(a[k])) + s[k];
    }
}
