namespace Elbo.Engine;

/// <summary>
/// Where a run of EM stands between an M-step and the E-step that follows: all that it needs to go on, besides the local state of the E-step.
/// Going on from here gives the same bits as not having stopped, unless the run is accelerated: an accelerator begins to learn anew.
/// </summary>
/// <typeparam name="TParameters">θ.</typeparam>
/// <param name="Number">t: how many M-steps have been taken.</param>
/// <param name="Parameters">θ_t.</param>
/// <param name="EStep">L(q_t, θ_t−1), or null at the start.</param>
/// <param name="MStep">L(q_t, θ_t), or null at the start.</param>
/// <param name="Move">What led to θ_t, where there was an M-step.</param>
public sealed record EmState<TParameters>(int Number, TParameters Parameters, HalfStep? EStep = null, HalfStep? MStep = null, Move Move = Move.Map)
{
    /// <summary>The length of the EM step that led to θ_t, where a rule looks at it.</summary>
    internal double? Step { get; init; }

    /// <summary>The change of the objective at θ_t−1, in nats, where an EM step led there; what Aitken's rule compares the next one with.</summary>
    internal double? PreviousChange { get; init; }

    /// <summary>The same with θ_t in another form.</summary>
    internal EmState<TOther> With<TOther>(TOther parameters) => new(Number, parameters, EStep, MStep, Move) { Step = Step, PreviousChange = PreviousChange };
}
