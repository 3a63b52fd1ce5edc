namespace Elbo.Engine;

/// <summary>
/// Damped Anderson acceleration with restarts (Henderson, Varadhan 2019, Journal of Computational and Graphical Statistics 28). With f = M(θ) − θ, and X and F the differences of θ and of f between
/// the last iterates, the proposal is θ + f − (X + F) γ, where γ minimises ‖f − F γ‖² + λ ‖γ‖². λ is such that ‖γ‖² is 1 / (1 + 1.2^(25 − s)) of the undamped one's; s rises by one
/// with each accepted proposal. A rejection restarts: X and F are emptied, and s falls by as many as they held.
/// </summary>
sealed class AndersonAccelerator : Accelerator
{
    const int MostDifferences = 5;
    const double DampingBase = 1.2;
    const int DampingOffset = 25;

    // Directions shorter than this, relative to the longest, are rounding.
    const double SmallestDirection = 1e-14;

    readonly List<(double[] Point, double[] Step)> _differences = [];
    double[]? _point;
    double[]? _step;
    int _accepted;

    public override double[]? Propose(double[] at, double[] mapped)
    {
        double[] step = Subtract(mapped, at);
        if (_point?.Length != at.Length) _differences.Clear();
        else _differences.Add((Subtract(at, _point), Subtract(step, _step!)));
        if (_differences.Count > Math.Min(MostDifferences, at.Length)) _differences.RemoveAt(0);
        (_point, _step) = (at, step);
        if (_differences.Count == 0 || Combine(step) is not { } weights) return null;

        double[] proposal = [.. mapped];
        for (int k = 0; k < weights.Length; k++)
            for (int i = 0; i < proposal.Length; i++)
                proposal[i] -= weights[k] * (_differences[k].Point[i] + _differences[k].Step[i]);
        return proposal;
    }

    public override void Learn(bool accepted)
    {
        if (accepted)
        {
            _accepted = Math.Min(_accepted + 1, 2 * DampingOffset);
            return;
        }
        _accepted = Math.Max(0, _accepted - _differences.Count);
        _differences.Clear();
        (_point, _step) = (null, null);
    }

    // γ: with F = U D Vᵀ it is V (D² + λ)⁻¹ D Uᵀ f.
    double[]? Combine(double[] step)
    {
        (double[][] scaled, double[][] rotation) = Orthogonalise([.. _differences.Select(difference => difference.Step)]);
        double[] squares = [.. scaled.Select(column => Dot(column, column))];
        double largest = squares.Max();
        if (!(largest > 0) || !double.IsFinite(largest)) return null;
        double[] along = [.. scaled.Select((column, k) => squares[k] > SmallestDirection * SmallestDirection * largest ? Dot(column, step) : 0)];
        double damping = Damping(along, squares, largest);
        var weights = new double[scaled.Length];
        for (int k = 0; k < scaled.Length; k++)
        {
            if (along[k] == 0) continue;
            double weight = along[k] / (squares[k] + damping);
            for (int i = 0; i < weights.Length; i++) weights[i] += rotation[k][i] * weight;
        }
        return weights;
    }

    double Damping(double[] along, double[] squares, double largest)
    {
        double Length(double damping)
        {
            double sum = 0;
            for (int k = 0; k < along.Length; k++)
                if (along[k] != 0) sum += along[k] / (squares[k] + damping) * (along[k] / (squares[k] + damping));
            return sum;
        }
        double wanted = Length(0) / (1 + Math.Pow(DampingBase, DampingOffset - _accepted));
        // The length falls with λ: bisection of log λ; 60 halvings of (−80, 80) leave 1e-16.
        double low = -80, high = 80;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            if (Length(Math.Exp(middle) * largest) > wanted) low = middle;
            else high = middle;
        }
        return Math.Exp((low + high) / 2) * largest;
    }

    // One-sided Jacobi rotations: the columns of F V, orthogonal to each other, and those of V. (Hestenes 1958.)
    static (double[][] Scaled, double[][] Rotation) Orthogonalise(double[][] columns)
    {
        double[][] scaled = [.. columns.Select(column => (double[])column.Clone())];
        double[][] rotation = [.. columns.Select((_, k) => { var unit = new double[columns.Length]; unit[k] = 1; return unit; })];
        bool rotated = true;
        for (int sweep = 0; rotated && sweep < 30; sweep++)
        {
            rotated = false;
            for (int i = 0; i < scaled.Length; i++)
            {
                for (int j = i + 1; j < scaled.Length; j++)
                {
                    double first = Dot(scaled[i], scaled[i]), second = Dot(scaled[j], scaled[j]), cross = Dot(scaled[i], scaled[j]);
                    if (!(Math.Abs(cross) > 1e-15 * Math.Sqrt(first) * Math.Sqrt(second))) continue;
                    rotated = true;
                    double zeta = (second - first) / (2 * cross);
                    double tangent = Math.CopySign(1 / (Math.Abs(zeta) + Math.Sqrt(1 + zeta * zeta)), zeta);
                    double cosine = 1 / Math.Sqrt(1 + tangent * tangent), sine = cosine * tangent;
                    Rotate(scaled[i], scaled[j], cosine, sine);
                    Rotate(rotation[i], rotation[j], cosine, sine);
                }
            }
        }
        return (scaled, rotation);
    }

    static void Rotate(double[] left, double[] right, double cosine, double sine)
    {
        for (int i = 0; i < left.Length; i++)
            (left[i], right[i]) = (cosine * left[i] - sine * right[i], sine * left[i] + cosine * right[i]);
    }
}
