using System.Globalization;
using Elbo.Engine;
using Elbo.Families;
using Elbo.Fitting;
using Elbo.Numerics;
using Elbo.Reports.Fits;
using Elbo.Reports.Pages;
using Elbo.Selection;

namespace Elbo.Reports.Tables;

/// <summary>A record of a fit in words and figures.</summary>
static class TableWords
{
    /// <summary>How it ended: the fit …</summary>
    public static string Stop(StopReason reason) => reason switch
    {
        StopReason.Converged => "converged",
        StopReason.IterationLimit => "stopped at the limit of iterations",
        StopReason.TimeLimit => "stopped at the time limit",
        StopReason.Cancelled => "was cancelled, and is the best so far",
        StopReason.Degenerate => "was given up because a component degenerated",
        _ => reason.ToString(),
    };

    /// <summary>How the fit ended, and how many starts came to the same.</summary>
    public static string Ending(FitRecord record)
    {
        int iterations = record.Traces[record.BestStart][^1].Number, starts = record.Traces.Count;
        string of = starts == 1 ? "" : $" of start {record.BestStart} (of {starts})";
        string agreeing = starts == 1 ? "" : StartAgreement.Count(record) switch
        {
            null => " Only the best start was run to its end.",
            1 => " No other start reached its objective.",
            var count => $" {count} starts reached this objective.",
        };
        return $"The fit {Stop(record.StopReason)} after {iterations.ToString("N0", CultureInfo.InvariantCulture)} iteration{(iterations == 1 ? "" : "s")}{of}.{agreeing}";
    }

    /// <summary>What was checked while it ran.</summary>
    public static string Certificate(FitRecord record)
    {
        Iteration last = record.Traces[record.BestStart][^1];
        if (last.Guarantee == Guarantee.None) return "Certificate: decomposition and M-steps were checked in every iteration; these iterations promise no ascent.";
        string what = record.Options.Hard ? "classification likelihood" : "objective";
        return $"Certificate: {(record.Options.Online is null ? "" : "after the online passes ")}every half-step was checked, log p(X|θ) = ELBO + KL to 1e-9 of the scale; the {what} "
            + $"{(record.Options.AllowTemporaryDecrease ? "fell only where that was allowed" : "never fell")}.";
    }

    public static IReadOnlyList<Fact> Facts(FittedModel model)
    {
        FitRecord record = model.Record;
        var facts = new List<Fact>
        {
            new("log-likelihood", Full(record.LogLikelihood)),
            new("free parameters", Number(record.FreeParameters)),
            new("AIC", Nats(record.Aic)),
            new("BIC", Nats(record.Bic)),
            new("ICL", Nats(record.Icl)),
        };
        // With a prior, or hard assignments, what was maximised is something else.
        if (record.Options.Hard || record.Traces[record.BestStart][^1].Own.GlobalBound != 0) facts.Insert(1, new(record.Options.Hard ? "classification likelihood" : "objective, with the prior", Full(record.Objective)));
        facts.AddRange(
        [
            new("rows", Number(record.Rows)),
            .. record.TotalWeight == record.Rows ? (Fact[])[] : [new("total weight", Full(record.TotalWeight))],
            new("columns", string.Join(", ", record.ColumnNames)),
            new("seed", record.Options.Seed.ToString(CultureInfo.InvariantCulture)),
            new("kernels", KernelProfiles.Name(record.KernelProfile)),
            new("report by", Page.Generator),
        ]);
        return facts;
    }

    public static IReadOnlyList<Fact> Settings(FittedModel model)
    {
        FitOptions options = model.Record.Options;
        FamilyOptions family = options.Family;
        return
        [
            new("components", Text(options.Components)),
            new("family", model.Family.Name),
            .. Given("covariance", model.Family.Name == "gaussian" ? family.Covariance : null),
            .. Given("prior", family.Prior ? true : null),
            .. Given("floor", family.Floor),
            .. Given("degrees of freedom", family.DegreesOfFreedom),
            .. Given("noise", family.Noise ? true : null),
            .. Given("parts of a component", family.EmissionComponents > 1 ? family.EmissionComponents : null),
            .. Given("concentration of weights", options.WeightConcentration),
            .. Given("left to right", options.LeftToRight ? true : null),
            new("start", Text(options.Start)),
            new("restarts", Text(options.Restarts)),
            .. Given("short iterations", options.ShortIterations),
            .. Given("online passes", options.Online?.Passes),
            .. Given("batch size", options.Online?.BatchSize),
            new("stop", options.Stop.ToNotation()),
            new("most iterations", Text(options.MaximumIterations)),
            .. Given("time limit in seconds", options.TimeLimit?.TotalSeconds),
            new("acceleration", Text(options.Acceleration)),
            .. Given("may fall for a while", options.AllowTemporaryDecrease ? true : null),
            .. Given("hard assignments", options.Hard ? true : null),
            new("degenerate components", Text(options.Degeneracy)),
            .. model.Family.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => new Fact($"family: {setting.Key.Replace('_', ' ')}", setting.Value)),
        ];

        static Fact[] Given(string name, object? value) => value is null ? [] : [new(name, Text(value))];
    }

    static string Text(object value) => (Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").ToLowerInvariant();

    static string Full(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace('-', '−');

    static string Nats(double value) => value.ToString("N2", CultureInfo.InvariantCulture).Replace('-', '−');

    static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
