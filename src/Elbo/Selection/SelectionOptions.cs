namespace Elbo.Selection;

/// <summary>By what the best of several fits is chosen.</summary>
public enum SelectionCriterion
{
    /// <summary>Schwarz's criterion; less is better.</summary>
    Bic,

    /// <summary>Akaike's criterion; less is better.</summary>
    Aic,

    /// <summary>The integrated classification likelihood; less is better.</summary>
    Icl,

    /// <summary>The mean log-likelihood of rows that were left out; more is better.</summary>
    HeldOut,
}

/// <summary>How models are compared.</summary>
public sealed record SelectionOptions
{
    /// <summary>By what the best is chosen.</summary>
    public SelectionCriterion Criterion { get; init; }

    /// <summary>In how many parts the rows are cut for the held-out likelihood, ≥ 2; 0 leaves it out.</summary>
    public int Folds { get; init; }

    /// <summary>The seed by which rows fall into folds.</summary>
    public ulong Seed { get; init; } = 1;

    internal void Validate()
    {
        if (Folds is < 0 or 1) throw new ArgumentOutOfRangeException(nameof(Folds), Folds, "There must be 2 folds or more, or 0 for none.");
        if (Criterion == SelectionCriterion.HeldOut && Folds == 0) throw new ArgumentException("To choose by held-out likelihood, there must be folds.");
    }
}
