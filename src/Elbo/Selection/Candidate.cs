using Elbo.Fitting;

namespace Elbo.Selection;

/// <summary>Why a fit is not to be trusted.</summary>
public enum Distrust
{
    /// <summary>A component sits on its floor, in a subspace, or has no rows: its likelihood is an artefact of the floor.</summary>
    Degenerate,

    /// <summary>The best start did not converge.</summary>
    NotConverged,

    /// <summary>No other start reached the same objective: there may be better ones.</summary>
    OnlyOneStart,

    /// <summary>It has fewer components than were asked for, because some were dropped.</summary>
    FewerComponents,

    /// <summary>It could not be fitted.</summary>
    Failed,
}

/// <summary>One of the models that were compared.</summary>
public sealed record Candidate
{
    /// <summary>What was asked for.</summary>
    public required FitOptions Options { get; init; }

    /// <summary>The fit, or null where it failed.</summary>
    public FittedModel? Model { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>The mean log-likelihood of held-out rows, by weight, in nats; null where it was not asked for.</summary>
    public double? HeldOut { get; init; }

    /// <summary>Why the fit is not to be trusted; empty where nothing speaks against it.</summary>
    public required IReadOnlyList<Distrust> Doubts { get; init; }

    /// <summary>Whether nothing speaks against the fit.</summary>
    public bool IsTrusted => Doubts.Count == 0;

    /// <summary>The value to choose by, turned so that less is better; NaN where there is none.</summary>
    public double Score(SelectionCriterion criterion) => criterion switch
    {
        SelectionCriterion.Bic => Model?.Record.Bic ?? double.NaN,
        SelectionCriterion.Aic => Model?.Record.Aic ?? double.NaN,
        SelectionCriterion.Icl => Model?.Record.Icl ?? double.NaN,
        SelectionCriterion.HeldOut => -HeldOut ?? double.NaN,
        _ => throw new ArgumentOutOfRangeException(nameof(criterion), criterion, "There is no such criterion."),
    };
}

/// <summary>What comes of a comparison.</summary>
/// <param name="Candidates">All models, in the order in which they were given.</param>
/// <param name="Best">The best of those that are trusted and have a finite score; null where none is.</param>
/// <param name="IsComplete">False where somebody cancelled before all were fitted.</param>
public sealed record SelectionResult(IReadOnlyList<Candidate> Candidates, Candidate? Best, bool IsComplete);
