using Elbo.Engine;

namespace Elbo.Reports.Fits;

/// <summary>The trace of one start as columns, one entry an iteration; in nats.</summary>
/// <param name="Number">t.</param>
/// <param name="Segment">The stretch of the fit that the iteration belongs to.</param>
/// <param name="Guarantee">What its E-step promises.</param>
/// <param name="AfterExpectation">L(q_t, θ_t−1); null for the start.</param>
/// <param name="AfterMaximization">L(q_t, θ_t); null for the start.</param>
/// <param name="Objective">θ_t's own bound, L(q_t+1, θ_t).</param>
/// <param name="LogEvidence">log p(X | θ_t) + global bound, where it is known: what the objective is a bound of.</param>
/// <param name="Terms">The terms of the own bound, by name.</param>
sealed record FitTrace(int[] Number, string[] Segment, string[] Guarantee, double?[] AfterExpectation, double?[] AfterMaximization, double[] Objective, double?[] LogEvidence, IReadOnlyList<NamedSeries> Terms)
{
    /// <summary>The columns of a trace.</summary>
    /// <param name="trace">The records of one start.</param>
    /// <param name="termNames">The names of the terms into which its E-step breaks the bound down; none where it has no more than the three parts of every bound.</param>
    public static FitTrace Of(IReadOnlyList<Iteration> trace, IReadOnlyList<string> termNames) => new(
        [.. trace.Select(step => step.Number)],
        [.. trace.Select(step => step.Segment)],
        [.. trace.Select(step => step.Guarantee.ToString())],
        [.. trace.Select(step => step.EStep?.Elbo)],
        [.. trace.Select(step => step.MStep?.Elbo)],
        [.. trace.Select(step => step.Objective)],
        [.. trace.Select(step => step.Own.LogEvidence + step.Own.GlobalBound)],
        TermsOf(trace, termNames));

    static NamedSeries[] TermsOf(IReadOnlyList<Iteration> trace, IReadOnlyList<string> names) => names.Count > 0
        ? [.. names.Select((name, term) => Series(trace, name, step => step.Terms[term])), .. trace.Any(step => step.Own.GlobalBound != 0) ? [GlobalBound(trace)] : Array.Empty<NamedSeries>()]
        : [Series(trace, "E[log p(X,Z|θ)]", step => step.Own.ExpectedLogJoint), Series(trace, "H(q)", step => step.Own.Entropy), GlobalBound(trace)];

    static NamedSeries GlobalBound(IReadOnlyList<Iteration> trace) => Series(trace, "global bound", step => step.Own.GlobalBound);

    static NamedSeries Series(IReadOnlyList<Iteration> trace, string name, Func<Iteration, double> value) => new(name, [.. trace.Select(value)]);
}

/// <summary>Numbers with a name.</summary>
sealed record NamedSeries(string Name, double[] Values);

/// <summary>One start of a fit: its objective at every iteration, in nats.</summary>
/// <param name="Start">Which, from 0.</param>
/// <param name="Best">Whether it is the one that was kept.</param>
/// <param name="Objective">The objective of θ_t for every t.</param>
sealed record StartTrace(int Start, bool Best, double[] Objective);

/// <summary>A line of a list of settings and figures.</summary>
sealed record Fact(string Name, string Value);

/// <summary>Something that a reader should know before trusting a fit, in plain words.</summary>
/// <param name="Code">What kind of thing it is, for tests and programs.</param>
/// <param name="Message">The words: what was seen, what it means, what can be done.</param>
/// <param name="Of">The topics or components that it is about.</param>
sealed record ReportWarning(string Code, string Message, int[] Of);
