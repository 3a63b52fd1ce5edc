namespace Elbo.Cli.Terminal;

/// <summary>What a display knows of a fit before it begins.</summary>
sealed record FitPlan
{
    public required int Starts { get; init; }

    public required int MaximumIterations { get; init; }

    /// <summary>The relative change of the objective at which the fit stops; null where it stops by another rule.</summary>
    public double? RelativeTolerance { get; init; }

    public TimeSpan? TimeLimit { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    /// <summary>What the objective is called.</summary>
    public required string Objective { get; init; }

    /// <summary>What the data are counted in, and how many there are.</summary>
    public required (string Name, double Count) Unit { get; init; }

    /// <summary>Whether passes are so short that the last of each start is news enough.</summary>
    public bool IsBrief { get; init; }
}

/// <summary>News of a fit: a record, or a pass that has none.</summary>
readonly record struct FitNews(int Start, Engine.Iteration? Iteration, Topics.TopicPass? Pass = null);
