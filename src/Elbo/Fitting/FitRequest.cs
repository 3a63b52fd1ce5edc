using Elbo.Engine;
using Elbo.Families;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>A fit that was asked for, with who wants to hear of it.</summary>
sealed record FitRequest
{
    public required AnyFamily Family { get; init; }

    public required ObservationTable Table { get; init; }

    public required FitOptions Options { get; init; }

    /// <summary>Where to begin; null finds starts.</summary>
    public GivenStart? Start { get; init; }

    /// <summary>Where to go on; null begins.</summary>
    public FitCheckpoint? From { get; init; }

    public IProgress<FitProgress>? Progress { get; init; }

    public Action<FitCheckpoint>? Checkpoint { get; init; }

    public IExecutorFactory? Executors { get; init; }

    public CancellationToken CancellationToken { get; init; }

    public bool BeganAtParameters => From?.BeganAtParameters ?? Start?.Parameters is not null;
}
