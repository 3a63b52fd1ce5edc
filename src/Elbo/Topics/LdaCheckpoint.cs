using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>
/// Where a fit stands just before an E-step: going on from here ends in the same bits as not having stopped.
/// It refers to memory that the fit goes on to use: write it down before returning to the fit.
/// </summary>
public sealed record LdaCheckpoint
{
    /// <summary>The options of the fit.</summary>
    public required LdaOptions Options { get; init; }

    /// <summary>The corpus's checksum.</summary>
    public required string CorpusChecksum { get; init; }

    /// <summary>The vector instructions of the fit; others would end in other bits.</summary>
    public required KernelProfile KernelProfile { get; init; }

    /// <summary>Which start is running, from 0.</summary>
    public required int Start { get; init; }

    /// <summary>Whether the short runs are over and the best start is being continued.</summary>
    public required bool Continuing { get; init; }

    /// <summary>Where the documents of the current stretch begin.</summary>
    public required DocumentStart DocumentStart { get; init; }

    /// <summary>θ and the half-steps since the last record.</summary>
    public required EmState<LdaParameters> State { get; init; }

    /// <summary>θ of the best record of the current start, and its objective in nats.</summary>
    public required LdaParameters Best { get; init; }

    /// <summary>The objective of <see cref="Best"/>, in nats.</summary>
    public required double BestObjective { get; init; }

    /// <summary>The number of the best record.</summary>
    public required int BestNumber { get; init; }

    /// <summary>γ of every document (ϑ where the E-step is MAP), for warm and guarded stretches.</summary>
    public LdaLocalState? LocalState { get; init; }

    /// <summary>The records of the current start.</summary>
    public required IReadOnlyList<Iteration> Trace { get; init; }

    /// <summary>The starts before this one.</summary>
    public required IReadOnlyList<EmFit<LdaParameters>> Finished { get; init; }
}
