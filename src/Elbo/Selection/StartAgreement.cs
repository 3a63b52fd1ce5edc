using Elbo.Engine;
using Elbo.Fitting;

namespace Elbo.Selection;

/// <summary>How many starts of a fit came to the same end: one that others reach too is less likely to be an accident.</summary>
public static class StartAgreement
{
    /// <summary>Objectives this near to the best, relative to the scale of what was summed, are the same optimum: what is left to climb when a fit has converged is smaller, another optimum seldom so near.</summary>
    const double Tolerance = 1e-5;

    /// <summary>The starts, the best among them, that ended with its objective; null where only the best was run to its end (short-run EM), so that there is nothing to compare.</summary>
    public static int? Count(FitRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Options.ShortIterations is not null && record.Traces.Count > 1) return null;
        double scale = record.Traces[record.BestStart][^1].Scale;
        // Within the last stretch: before it there may have been more components.
        return record.Traces.Count(trace => Math.Abs(trace.Where(iteration => iteration.Segment == trace[^1].Segment).Max(iteration => iteration.Objective) - record.Objective) <= Tolerance * scale);
    }
}
