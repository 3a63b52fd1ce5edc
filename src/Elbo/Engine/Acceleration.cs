namespace Elbo.Engine;

/// <summary>
/// Extrapolation of EM. A proposal θ' is made from the last EM steps in unconstrained coordinates (<see cref="ParameterPacking"/>) and kept only if its own objective is not below that of
/// the last iterate; otherwise the run goes on from the EM step M(θ), one E-step poorer. It may reach another local optimum than plain EM from the same start.
/// </summary>
public enum Acceleration
{
    /// <summary>Every step is an EM step.</summary>
    None,

    /// <summary>
    /// Squared extrapolation from two EM steps, with the first of the three step lengths and an EM step after each proposal (Varadhan, Roland 2008). Of the three it is the most careful, so that few
    /// proposals are rejected.
    /// </summary>
    Squarem,

    /// <summary>Damped Anderson acceleration with restarts (DAAREM: Henderson, Varadhan 2019): a least-squares combination of up to five steps, restarted after a rejection.</summary>
    Anderson,
}

/// <summary>Makes proposals from the pairs (θ, M(θ)) of a run, in unconstrained coordinates.</summary>
abstract class Accelerator
{
    public static Accelerator? Create(Acceleration acceleration) => acceleration switch
    {
        Acceleration.None => null,
        Acceleration.Squarem => new SquaremAccelerator(),
        Acceleration.Anderson => new AndersonAccelerator(),
        _ => throw new ArgumentOutOfRangeException(nameof(acceleration), acceleration, "There is no such acceleration."),
    };

    /// <summary>Takes in that M(<paramref name="at"/>) = <paramref name="mapped"/>; gives a point to try instead, or null to go on from <paramref name="mapped"/>.</summary>
    public abstract double[]? Propose(double[] at, double[] mapped);

    /// <summary>Learns what became of the last proposal.</summary>
    public abstract void Learn(bool accepted);

    /// <summary>The parameters to try instead of M(θ), or null.</summary>
    public T? Propose<T>(T at, T mapped) where T : class, ITensors<T>
    {
        // Values on the edge of their range have no coordinates; EM itself goes on there.
        if (ParameterPacking.TryPack(at) is not { } x || ParameterPacking.TryPack(mapped) is not { } y || x.Length != y.Length || x.Length == 0) return null;
        if (Propose(x, y) is not { } point) return null;
        if (ParameterPacking.TryUnpack(point, mapped, out T? parameters)) return parameters;
        Learn(accepted: false);
        return null;
    }

    protected static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    protected static double[] Subtract(double[] left, double[] right)
    {
        var difference = new double[left.Length];
        for (int i = 0; i < left.Length; i++) difference[i] = left[i] - right[i];
        return difference;
    }
}
