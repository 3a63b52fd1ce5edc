using Elbo.Engine;
using Elbo.Families;

namespace Elbo.Fitting;

/// <summary>What joins the rows: nothing, or a chain.</summary>
public enum LatentStructure
{
    /// <summary>A finite mixture: every row has a component of its own.</summary>
    Mixture,

    /// <summary>A hidden Markov model: the components of a sequence's rows are a Markov chain.</summary>
    HiddenMarkov,
}

/// <summary>How first responsibilities are found. An M-step makes the first parameters of them.</summary>
public enum StartMethod
{
    /// <summary>k-means from k-means++ centres (Arthur and Vassilvitskii 2007), on columns of variance 1.</summary>
    KMeans,

    /// <summary>Every row's responsibilities are drawn from a flat Dirichlet distribution.</summary>
    Random,

    /// <summary>Agglomeration by the classification likelihood of Gaussians (Banfield and Raftery 1993; Fraley 1998). It has no chance in it: restarts after the first use k-means.</summary>
    Hierarchical,
}

/// <summary>What becomes of a run in which a component degenerates: sits on its floor, or has lost its rows.</summary>
public enum DegeneracyPolicy
{
    /// <summary>Go on with the constraint that the floor is; the fit is flagged.</summary>
    Floor,

    /// <summary>Give the run up and start again from elsewhere.</summary>
    Restart,

    /// <summary>Take the component away and go on with one less, in a new segment of the trace.</summary>
    Drop,
}

/// <summary>How a mixture or a hidden Markov model is fitted.</summary>
public sealed record FitOptions
{
    /// <summary>What joins the rows.</summary>
    public LatentStructure Structure { get; init; }

    /// <summary>The components' family and its settings.</summary>
    public FamilyOptions Family { get; init; } = new();

    /// <summary>K ≥ 1.</summary>
    public int Components { get; init; } = 2;

    /// <summary>The seed of all starts; 0 is an ordinary seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How first responsibilities are found.</summary>
    public StartMethod Start { get; init; }

    /// <summary>How many starts, ≥ 1. The best fit whose components are sound is kept; a degenerate one only where there is no other.</summary>
    public int Restarts { get; init; } = 10;

    /// <summary>Where given, every start runs only so many iterations, and the best of them goes on (short-run EM: Biernacki, Celeux and Govaert 2003).</summary>
    public int? ShortIterations { get; init; }

    /// <summary>Where given, every start first goes through the data by online EM, and EM goes on from there; null begins with EM.</summary>
    public OnlineOptions? Online { get; init; }

    /// <summary>When a run has converged.</summary>
    public StoppingRule Stop { get; init; } = StoppingRule.RelativeObjective(1e-8);

    /// <summary>The most iterations of a run, ≥ 0.</summary>
    public int MaximumIterations { get; init; } = 1000;

    /// <summary>Stop after this much time. The only option that makes a result depend on the clock.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Proposals beyond plain EM.</summary>
    public Acceleration Acceleration { get; init; }

    /// <summary>Whether an accelerated run may lower the objective for a while.</summary>
    public bool AllowTemporaryDecrease { get; init; }

    /// <summary>Whether q is a single assignment (classification EM, Viterbi training).</summary>
    public bool Hard { get; init; }

    /// <summary>What becomes of a run in which a component degenerates.</summary>
    public DegeneracyPolicy Degeneracy { get; init; }

    /// <summary>a of a symmetric Dirichlet prior on mixture weights, or on initial probabilities and every row of transitions; null for none.</summary>
    public double? WeightConcentration { get; init; }

    /// <summary>Whether a hidden Markov model may only stay in a state or go on to the next.</summary>
    public bool LeftToRight { get; init; }

    /// <summary>How many threads to work with, ≥ 1. The result does not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Components, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Restarts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaximumIterations);
        Online?.Validate();
        if (ShortIterations is { } iterations) ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1, nameof(ShortIterations));
        if (LeftToRight && Structure != LatentStructure.HiddenMarkov) throw new ArgumentException("Only a hidden Markov model has transitions that can go from left to right.");
        if (Hard && Acceleration != Acceleration.None) throw new ArgumentException("Hard assignments cannot be accelerated: their objective has steps.");
    }
}
