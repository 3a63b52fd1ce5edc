namespace Elbo.Reports.Tables;

/// <summary>What goes into the page of a mixture or a hidden Markov model, besides model and rows.</summary>
public sealed record TableReportOptions
{
    /// <summary>The title; null makes one of family and columns.</summary>
    public string? Title { get; init; }

    /// <summary>The most rows that the page shows, ≥ 1. Of more, so many are drawn: single rows of a mixture, whole sequences of a hidden Markov model. Numbers and figures that sum rows up are of all of them.</summary>
    public int Rows { get; init; } = 5000;

    /// <summary>The seed of that draw.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The names of the sequences, in their order; empty numbers them from 1.</summary>
    public IReadOnlyList<string> SequenceNames { get; init; } = [];
}
