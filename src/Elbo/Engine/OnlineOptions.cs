namespace Elbo.Engine;

/// <summary>How online EM goes through the data: in batches, with steps ρ_t = (t + <see cref="Delay"/>)^−<see cref="Forgetting"/> after t batches; the first batch counts fully.</summary>
public sealed record OnlineOptions
{
    /// <summary>How often to go through all data, ≥ 1; in another order each time.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>About how many rows make a batch, ≥ 1. Sequences stay whole.</summary>
    public int BatchSize { get; init; } = 1000;

    /// <summary>κ, above 0.5 and up to 1, so that steps add up to infinity and their squares do not (Robbins and Monro 1951). The less, the sooner what was learned at older parameters is forgotten.</summary>
    public double Forgetting { get; init; } = 0.6;

    /// <summary>τ ≥ 0: the more, the smaller the first steps.</summary>
    public double Delay { get; init; } = 1;

    /// <summary>ρ after some batches.</summary>
    /// <param name="batches">How many batches have been taken in; the first one counts fully.</param>
    public double StepAfter(int batches) => batches == 0 ? 1 : Math.Pow(batches + Delay, -Forgetting);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Passes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        if (!(Forgetting > 0.5 && Forgetting <= 1)) throw new ArgumentOutOfRangeException(nameof(Forgetting), Forgetting, "Forgetting must be above 0.5 and at most 1.");
        if (!(Delay >= 0 && double.IsFinite(Delay))) throw new ArgumentOutOfRangeException(nameof(Delay), Delay, "The delay must be 0 or more.");
    }
}
