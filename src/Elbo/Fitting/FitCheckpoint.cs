using Elbo.Engine;
using Elbo.Families;
using Elbo.Numerics;

namespace Elbo.Fitting;

/// <summary>
/// Where a fit of a mixture or a hidden Markov model stands just before an E-step: going on from here ends in the same bits as not having stopped. Immutable, so that it may be written down later,
/// on another thread.
/// </summary>
/// <remarks>
/// What an accelerator has learned is not kept: an accelerated fit is shown only where one begins anew, that is where a start, its continuation, or the stretch after a dropped component begins. Passes of
/// online EM are not interrupted either: there is a checkpoint before them and one after them.
/// </remarks>
public sealed record FitCheckpoint
{
    /// <summary>The options of the fit.</summary>
    public required FitOptions Options { get; init; }

    /// <summary>The family as it was set up for the table.</summary>
    public required AnyFamily Family { get; init; }

    /// <summary>The table's checksum.</summary>
    public required string TableChecksum { get; init; }

    /// <summary>The vector instructions of the fit; others would end in other bits.</summary>
    public required KernelProfile KernelProfile { get; init; }

    /// <summary>Whether the fit began at parameters that were given.</summary>
    public required bool BeganAtParameters { get; init; }

    /// <summary>Which start is running, from 0.</summary>
    public required int Start { get; init; }

    /// <summary>How often it was begun anew, for a component degenerated.</summary>
    public required int Attempt { get; init; }

    /// <summary>What is to be said of the attempts that were given up; null where there are none.</summary>
    public string? GivenUp { get; init; }

    /// <summary>Whether the short runs are over and the best start is being continued.</summary>
    public required bool Continuing { get; init; }

    /// <summary>θ as tensors, and the half-steps since the last record; none where a stretch begins.</summary>
    public required EmState<TensorSet> State { get; init; }

    /// <summary>θ of the best record of the stretch; null where it begins.</summary>
    public TensorSet? Best { get; init; }

    /// <summary>The objective of <see cref="Best"/>, in nats.</summary>
    public double BestObjective { get; init; }

    /// <summary>The records of the attempt, of all its stretches.</summary>
    public required IReadOnlyList<Iteration> Trace { get; init; }

    /// <summary>The starts before this one; where the best is being continued, all of them.</summary>
    public required IReadOnlyList<EmFit<TensorSet>> Finished { get; init; }

    /// <summary>What happened on the way.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Refuses what no fit can have written.</summary>
    internal void Validate()
    {
        Options.Validate();
        bool begins = Best is null;
        if (Start < 0 || Start >= Options.Restarts || Attempt < 0 || State.Number < 0) throw new ArgumentException("The checkpoint counts what there cannot be: its start, attempt or iteration.");
        if (Continuing ? Finished.Count != Options.Restarts || Options.ShortIterations is null : Finished.Count != Start) throw new ArgumentException($"The checkpoint has {Finished.Count} finished starts and is at start {Start}.");
        if (begins != State.EStep is null || begins != State.MStep is null || !begins && Trace.Count == 0) throw new ArgumentException("The checkpoint does not fit together: its best parameters, half-steps and records are not those of one stretch.");
        foreach (EmFit<TensorSet> fit in Finished)
            if (fit.Trace.Count == 0 || fit.Trace[^1].StopReason is null || fit.Trace.All(record => record.Objective != fit.Objective)) throw new ArgumentException("The checkpoint has a finished start whose trace is not that of its parameters.");
    }
}
