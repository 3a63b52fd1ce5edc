namespace Elbo.Engine;

/// <summary>
/// Expected sufficient statistics: a commutative monoid. The E-step on any piece of the data yields some, they add up, and the M-step turns the sum into parameters.
/// </summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IStatistics<TSelf> : ITensors<TSelf> where TSelf : class, IStatistics<TSelf>
{
    /// <summary>Adds another's values to these, term by term. Both must describe the same model (and origin of second moments).</summary>
    /// <exception cref="ArgumentException">They do not fit together.</exception>
    void Add(TSelf other);

    /// <summary>Multiplies everything by a factor ≥ 0 (online EM: s ← (1 − ρ) s + ρ ŝ).</summary>
    void Scale(double factor);

    /// <summary>Back to nothing, so that the memory serves again.</summary>
    void Clear();
}
