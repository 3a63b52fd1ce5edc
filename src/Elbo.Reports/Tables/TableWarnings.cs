using System.Globalization;
using Elbo.Engine;
using Elbo.Fitting;
using Elbo.Observations;
using Elbo.Reports.Fits;
using Elbo.Selection;

namespace Elbo.Reports.Tables;

/// <summary>What a reader should know before trusting a mixture or a hidden Markov model.</summary>
/// <param name="model">The model.</param>
/// <param name="components">Its components.</param>
/// <param name="nameOf">What a component is called.</param>
/// <param name="unit">component or state.</param>
sealed class TableWarnings(FittedModel model, IReadOnlyList<ComponentEntry> components, Func<int, string> nameOf, string unit)
{
    /// <summary>A component of fewer rows than this is nearly empty: no parameter can be learned from them.</summary>
    const double FewRows = 5;

    /// <summary>
    /// Σ √(r_k r_j) / √(Σ r_k · Σ r_j) over the rows: 1 exactly where no row can tell the two apart. For two equally large Gaussians δ standard deviations apart it is about 1 − δ²/8, so that this is half a deviation.
    /// </summary>
    const double NearlyEqual = 0.97;

    /// <summary>Fewer than this share of the starts reaching the best objective are few.</summary>
    const double FewStarts = 0.2;

    readonly FitRecord _record = model.Record;

    /// <summary>All of them, the gravest first.</summary>
    /// <param name="table">The rows, where there are any.</param>
    /// <param name="prediction">What the model says of them.</param>
    public IReadOnlyList<ReportWarning> Find(ObservationTable? table, Prediction? prediction)
    {
        var found = new List<ReportWarning>();
        if (_record.StopReason != StopReason.Converged)
            found.Add(new("unconverged", $"The fit did not converge: {FitWords.Describe(_record.StopReason)}. Its numbers would still move; give it more iterations.", []));
        foreach (Degeneracy degeneracy in _record.Degeneracies)
            found.Add(new(degeneracy.Cause == DegeneracyCause.Empty ? "empty" : "degenerate", degeneracy.Cause == DegeneracyCause.Empty ? degeneracy.Message
                : $"{degeneracy.Message} Its parameters sit on a floor, and the likelihood is an artefact of that floor.", [degeneracy.Component]));
        int[] degenerate = [.. _record.Degeneracies.Select(degeneracy => degeneracy.Component)], few = [.. Few(degenerate)];
        foreach (int k in few)
            found.Add(new("few-rows", $"{Capital(nameOf(k))} is nearly empty: about {Short(ExpectedRows(components[k]))} of {Numbers.Count(_record.Rows)} rows belong to it. Its parameters mean little.", [k]));
        (int First, int Second)[] equal = table is null || prediction is null ? [] : [.. Equal(table, prediction, [.. degenerate, .. few])];
        foreach ((int first, int second) in equal)
            found.Add(new("equal", $"{Capital(nameOf(first))} and {nameOf(second)} are nearly equal: hardly any row can tell them apart.", [first, second]));
        int[] spare = [.. degenerate.Concat(few).Concat(equal.Select(pair => pair.Second)).Distinct().Order()];
        if (spare.Length > 0)
            found.Add(new("too-many", $"{spare.Length} of {components.Count} {unit}s {(spare.Length == 1 ? "is" : "are")} not needed: K is too large. Try {Math.Max(1, components.Count - spare.Length)}, or compare several by 'elbo select'.", spare));
        if (prediction?.Path is not null)
            foreach (ComponentEntry never in components.Where(component => component.PathRows == 0))
                found.Add(new("never-visited", $"The likeliest path never visits {nameOf(never.Id)}.", [never.Id]));
        if (Starts() is { } starts) found.Add(starts);
        if (table is not null && table.RowCount != _record.Rows)
            found.Add(new("other-rows", $"The rows on this page are not those of the fit: there are {Numbers.Count(table.RowCount)}, and it was fitted to {Numbers.Count(_record.Rows)}.", []));
        return found;
    }

    ReportWarning? Starts()
    {
        int starts = _record.Traces.Count;
        if (starts == 1) return new("one-start", "There was one start only: whether another would end higher is not known. Give --restarts.", []);
        if (StartAgreement.Count(_record) is not { } agreeing || agreeing >= Math.Max(2, FewStarts * starts)) return null;
        return new("few-starts", $"Only {agreeing} of {starts} starts reached the best objective: there may be a better one that none has found. Give more --restarts.", []);
    }

    IEnumerable<int> Few(int[] but) => components.Where(component => !but.Contains(component.Id) && ExpectedRows(component) < FewRows).Select(component => component.Id);

    double ExpectedRows(ComponentEntry component) => component.Weight ?? component.Share * _record.TotalWeight;

    static IEnumerable<(int, int)> Equal(ObservationTable table, Prediction prediction, int[] but)
    {
        int[] considered = [.. Enumerable.Range(0, prediction.Components).Except(but)];
        var roots = new double[prediction.Components];
        var products = new double[prediction.Components * prediction.Components];
        for (int row = 0; row < prediction.Rows; row++)
        {
            double weight = table.Weights.IsEmpty ? 1 : table.Weights[row];
            ReadOnlySpan<double> own = prediction.Of(row);
            foreach (int k in considered) roots[k] = Math.Sqrt(own[k]);
            foreach (int k in considered)
            {
                if (roots[k] == 0) continue;
                foreach (int j in considered)
                    if (j >= k) products[k * roots.Length + j] += weight * roots[k] * roots[j];
            }
        }
        foreach (int k in considered)
            foreach (int j in considered)
                if (j > k && products[k * roots.Length + j] >= NearlyEqual * Math.Sqrt(products[k * roots.Length + k] * products[j * roots.Length + j])) yield return (k, j);
    }

    static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    static string Short(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
