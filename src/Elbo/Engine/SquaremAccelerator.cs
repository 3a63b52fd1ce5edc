namespace Elbo.Engine;

/// <summary>
/// SQUAREM (Varadhan, Roland 2008, Scandinavian Journal of Statistics 35): from θ₀, θ₁ = M(θ₀), θ₂ = M(θ₁) with r = θ₁ − θ₀ and v = (θ₂ − θ₁) − r, the proposal is
/// θ' = θ₀ + 2s r + s² v, and after one that was accepted an EM step follows. s = −rᵀv / vᵀv between 1, which is θ₂, and a limit that
/// grows fourfold when it is reached and accepted, and shrinks fourfold when it is reached and rejected.
/// </summary>
sealed class SquaremAccelerator : Accelerator
{
    const double Growth = 4;

    double[]? _first;
    double[]? _second;
    double _limit = 1;
    bool _atLimit;
    bool _settling;

    public override double[]? Propose(double[] at, double[] mapped)
    {
        if (_settling)
        {
            _settling = false;
            return null;
        }
        if (_first is null || _second!.Length != mapped.Length)
        {
            (_first, _second) = (at, mapped);
            return null;
        }
        double[] start = _first, r = Subtract(_second, start), v = Subtract(Subtract(mapped, _second), r);
        _first = _second = null;
        double length = -Dot(r, v) / Dot(v, v);
        _atLimit = length >= _limit;
        length = Math.Min(length, _limit);
        if (!(length > 1))
        {
            if (_atLimit) _limit *= Growth;
            return null;
        }
        var proposal = new double[start.Length];
        for (int i = 0; i < proposal.Length; i++) proposal[i] = start[i] + 2 * length * r[i] + length * length * v[i];
        return proposal;
    }

    public override void Learn(bool accepted)
    {
        if (_atLimit) _limit = accepted ? _limit * Growth : Math.Max(1, _limit / Growth);
        _settling = accepted;
    }
}
