using System.Globalization;
using Elbo.Fitting;
using Elbo.Numerics;
using Elbo.Reports.Fits;

namespace Elbo.Reports.Tables;

/// <summary>Figures and settings of a fit.</summary>
static class TableFacts
{
    /// <summary>Scores, size and origin.</summary>
    public static IReadOnlyList<Fact> Of(FittedModel model)
    {
        FitRecord record = model.Record;
        var facts = new List<Fact>
        {
            new("log-likelihood", Numbers.Full(record.LogLikelihood)),
            new("free parameters", Numbers.Count(record.FreeParameters)),
            new("AIC", Numbers.Nats(record.Aic)),
            new("BIC", Numbers.Nats(record.Bic)),
            new("ICL", Numbers.Nats(record.Icl)),
        };
        // With a prior, or hard assignments, what was maximised is something else.
        if (record.Options.Hard || record.Traces[record.BestStart][^1].Own.GlobalBound != 0) facts.Insert(1, new(record.Options.Hard ? "classification likelihood" : "objective, with the prior", Numbers.Full(record.Objective)));
        facts.AddRange(
        [
            new("rows", Numbers.Count(record.Rows)),
            .. record.TotalWeight == record.Rows ? (Fact[])[] : [new("total weight", Numbers.Full(record.TotalWeight))],
            new("columns", string.Join(", ", record.ColumnNames)),
            new("seed", record.Options.Seed.ToString(CultureInfo.InvariantCulture)),
            new("kernels", KernelProfiles.Name(record.KernelProfile)),
            new("report by", Pages.Page.Generator),
        ]);
        return facts;
    }

    /// <summary>The options of the fit and of the family.</summary>
    public static IReadOnlyList<Fact> Settings(FittedModel model) =>
    [
        .. OptionList.Of(model.Record.Options).Select(option => new Fact(option.Key, option.Value)),
        .. model.Family.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => new Fact($"family: {setting.Key.Replace('_', ' ')}", setting.Value)),
    ];
}
