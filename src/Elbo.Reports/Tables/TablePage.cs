using Elbo.Reports.Fits;

namespace Elbo.Reports.Tables;

/// <summary>
/// What the page of a mixture or a hidden Markov model shows, ready to be written as JSON. Parts that a kind of model does not have are null or empty, and the page
/// leaves them out: another kind brings parts of its own. Numbers that are drawn have 4 to 7 significant digits; bounds and scores have all.
/// </summary>
sealed record TablePage
{
    public required string Title { get; init; }

    /// <summary>What the model is, in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>What one component is called: component or state.</summary>
    public required string Unit { get; init; }

    /// <summary>Scores, size and origin.</summary>
    public required IReadOnlyList<Fact> Facts { get; init; }

    /// <summary>The options of the fit.</summary>
    public required IReadOnlyList<Fact> Settings { get; init; }

    public required IReadOnlyList<ReportWarning> Warnings { get; init; }

    /// <summary>All components, in the order of their ids.</summary>
    public required IReadOnlyList<ComponentEntry> Components { get; init; }

    /// <summary>The parameters, each matrix a grid.</summary>
    public required IReadOnlyList<ParameterGrid> Grids { get; init; }

    /// <summary>The columns that are drawn, the first ones where there are too many.</summary>
    public required IReadOnlyList<ColumnEntry> Columns { get; init; }

    /// <summary>How many columns the model has.</summary>
    public required int ColumnCount { get; init; }

    /// <summary>Elliptical components or parts of them, for the scatter plot; empty for other families.</summary>
    public required IReadOnlyList<Cloud> Clouds { get; init; }

    /// <summary>Regression components or parts of them; empty for other families.</summary>
    public required IReadOnlyList<RegressionLine> Lines { get; init; }

    /// <summary>What a hidden Markov model has besides; null for a mixture.</summary>
    public ChainEntry? Chain { get; init; }

    /// <summary>The rows; null where no table was given.</summary>
    public RowEntries? Rows { get; init; }

    public required TableTrust Trust { get; init; }
}

/// <summary>A component or state.</summary>
sealed record ComponentEntry
{
    /// <summary>The same everywhere.</summary>
    public required int Id { get; init; }

    /// <summary>What it is called, where labels were known, or that it is noise; else null.</summary>
    public string? Name { get; init; }

    /// <summary>Its share: π of a mixture; in a hidden Markov model the mean posterior of the rows, or the long-run share where there are none.</summary>
    public required double Share { get; init; }

    /// <summary>Σ of the weighted responsibilities; null without rows.</summary>
    public double? Weight { get; init; }

    /// <summary>How many rows have it as their likeliest; null without rows.</summary>
    public int? Rows { get; init; }

    /// <summary>How many rows the likeliest path spends in it; null for mixtures.</summary>
    public int? PathRows { get; init; }

    /// <summary>The mean uncertainty of the rows that have it as their likeliest; null where there are none.</summary>
    public double? Uncertainty { get; init; }
}

/// <summary>A column as it is drawn.</summary>
sealed record ColumnEntry
{
    public required string Name { get; init; }

    /// <summary><c>continuous</c>, <c>counts</c> or <c>categories</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The names of categories, in their order; null for numbers.</summary>
    public string[]? Labels { get; init; }

    /// <summary>Where densities (of counts and categories: probabilities) were computed; empty where the family has none of a single column.</summary>
    public required double[] X { get; init; }

    /// <summary>p(x | k) for each component; null where it is not finite.</summary>
    public required double?[][] Densities { get; init; }

    /// <summary>Σ_k share_k p(x | k).</summary>
    public required double?[] Mixture { get; init; }

    /// <summary>The observed density of all rows, with their weights, in bins of equal width; around each x for counts and categories. Null without rows.</summary>
    public Histogram? Observed { get; init; }
}

/// <summary>A histogram whose areas add up to 1.</summary>
/// <param name="Start">Where the first bin begins.</param>
/// <param name="Width">How wide a bin is.</param>
/// <param name="Heights">The density in each.</param>
sealed record Histogram(double Start, double Width, double[] Heights);

/// <summary>What a hidden Markov model has besides its emissions.</summary>
/// <param name="Initial">π.</param>
/// <param name="Transitions">A, one row for each state.</param>
/// <param name="LongRun">The share of time in each state in the long run, from π on: the stationary distribution where there is one only.</param>
/// <param name="Dwell">1/(1 − A_kk): how many rows a visit lasts on average; null where it never ends.</param>
sealed record ChainEntry(double[] Initial, double[][] Transitions, double[] LongRun, double?[] Dwell);

/// <summary>Rows as columns of numbers, in the order of the table.</summary>
sealed record RowEntries
{
    /// <summary>How many rows the table has.</summary>
    public required int Total { get; init; }

    /// <summary>How many of the rows below were drawn, or are all; the others come after them, for they are among the least certain of the table.</summary>
    public required int Drawn { get; init; }

    /// <summary>How the rows were chosen, in words.</summary>
    public required string Choice { get; init; }

    /// <summary>log p(X | θ) of all rows, in nats.</summary>
    public required double? LogLikelihood { get; init; }

    /// <summary>The row's number in the table, from 1.</summary>
    public required int[] Number { get; init; }

    /// <summary>For each drawn column its values.</summary>
    public required double[][] Values { get; init; }

    /// <summary>The weight of each row; null where all are 1.</summary>
    public double[]? Weight { get; init; }

    /// <summary>The likeliest component of each row.</summary>
    public required int[] Component { get; init; }

    /// <summary>The state on the likeliest path (Viterbi); null for mixtures.</summary>
    public int[]? State { get; init; }

    public required double[] Uncertainty { get; init; }

    /// <summary>log p(x), in a hidden Markov model given the rows before; null where the row is impossible.</summary>
    public required double?[] LogDensity { get; init; }

    /// <summary>For each component its responsibilities.</summary>
    public required double[][] Responsibilities { get; init; }

    /// <summary>The sequences of a hidden Markov model that are shown, rows of <see cref="Number"/> from <see cref="SequenceEntry.First"/> on; null for mixtures.</summary>
    public IReadOnlyList<SequenceEntry>? Sequences { get; init; }

    /// <summary>The uncertainty of all rows from the greatest to the least, at evenly spaced ranks.</summary>
    public required double[] SortedUncertainty { get; init; }
}

/// <summary>A sequence.</summary>
/// <param name="Name">Its name, or its number from 1.</param>
/// <param name="First">Its first row among those shown.</param>
/// <param name="Length">How many of its rows are shown.</param>
/// <param name="Total">How many it has.</param>
sealed record SequenceEntry(string Name, int First, int Length, int Total);

/// <summary>Why the fit can be trusted, or not.</summary>
/// <param name="Stop">Why it ended, and which start it was.</param>
/// <param name="Certificate">What was checked while it ran, in a sentence.</param>
/// <param name="Trace">The best start.</param>
/// <param name="Starts">All of them.</param>
/// <param name="Notes">What happened on the way.</param>
sealed record TableTrust(string Stop, string Certificate, FitTrace Trace, IReadOnlyList<StartTrace> Starts, IReadOnlyList<string> Notes);
