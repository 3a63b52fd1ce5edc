using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Fitting;

/// <summary>How a fitted model came about.</summary>
public sealed record FitRecord
{
    /// <summary>The options, the seed among them.</summary>
    public required FitOptions Options { get; init; }

    /// <summary>The names of the columns it was fitted to.</summary>
    public required IReadOnlyList<string> ColumnNames { get; init; }

    /// <summary>How many rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Their total weight.</summary>
    public required double TotalWeight { get; init; }

    /// <summary>The objective in nats: log-likelihood + log prior (exact), or the classification likelihood (hard).</summary>
    public required double Objective { get; init; }

    /// <summary>log p(X | θ) in nats.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>How many free parameters θ has.</summary>
    public required int FreeParameters { get; init; }

    /// <summary>Σ over rows of the entropy of their posterior over components, in nats: 0 where every row's component is certain.</summary>
    public required double AssignmentEntropy { get; init; }

    /// <summary>Why the best run ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>Which start was the best, from 0.</summary>
    public required int BestStart { get; init; }

    /// <summary>The trace of every start.</summary>
    public required IReadOnlyList<IReadOnlyList<Iteration>> Traces { get; init; }

    /// <summary>What is wrong with components of the fit that was kept; empty where nothing is.</summary>
    public required IReadOnlyList<Degeneracy> Degeneracies { get; init; }

    /// <summary>What happened on the way: runs given up, components dropped, starts whose objective was higher but not sound.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The instruction set that it was fitted on.</summary>
    public required KernelProfile KernelProfile { get; init; }

    /// <summary>Akaike's criterion, 2 p − 2 log p(X | θ): less is better.</summary>
    public double Aic => 2 * FreeParameters - 2 * LogLikelihood;

    /// <summary>Schwarz's criterion, p ln n − 2 log p(X | θ), n the total weight: less is better.</summary>
    public double Bic => FreeParameters * Math.Log(TotalWeight) - 2 * LogLikelihood;

    /// <summary>The integrated classification likelihood, BIC + 2 × the entropy of the assignments (Biernacki, Celeux and Govaert 2000): less is better.</summary>
    public double Icl => Bic + 2 * AssignmentEntropy;
}

/// <summary>Why a component is degenerate.</summary>
public enum DegeneracyCause
{
    /// <summary>No row belongs to it.</summary>
    Empty,

    /// <summary>All of its rows are the same.</summary>
    Duplicates,

    /// <summary>It has too few different rows for its parameters.</summary>
    TooFewRows,

    /// <summary>A column does not vary among its rows.</summary>
    ConstantColumn,

    /// <summary>Its rows lie on a line, plane or the like.</summary>
    Subspace,
}

/// <summary>A degenerate component.</summary>
/// <param name="Component">Which one, from 0.</param>
/// <param name="Iteration">The iteration at which it was found.</param>
/// <param name="Cause">Why.</param>
/// <param name="Message">The same in words, with the columns or rows it is about, and what can be done.</param>
public sealed record Degeneracy(int Component, int Iteration, DegeneracyCause Cause, string Message);

/// <summary>News of a fit.</summary>
/// <param name="Start">Which start is running, from 0.</param>
/// <param name="Iteration">Its newest record.</param>
public readonly record struct FitProgress(int Start, Iteration Iteration);
