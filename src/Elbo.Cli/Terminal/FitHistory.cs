using Elbo.Engine;

namespace Elbo.Cli.Terminal;

/// <summary>What a fit has reported so far, and what that says of the rest.</summary>
sealed class FitHistory(FitPlan plan)
{
    readonly List<double> _bounds = [];
    readonly List<double> _changes = [];
    readonly long _began = plan.TimeProvider.GetTimestamp();
    int _passes;

    public FitPlan Plan => plan;

    public (int Start, Iteration Iteration)? Last { get; private set; }

    /// <summary>The held-out scores of the passes of the running start.</summary>
    public List<double> Scores { get; } = [];

    /// <summary>The bounds of the running start.</summary>
    public IReadOnlyList<double> Bounds => _bounds;

    /// <summary>How often the bound fell in the running start.</summary>
    public int Falls { get; private set; }

    /// <summary>Since the fit began, all starts together.</summary>
    public TimeSpan Elapsed => plan.TimeProvider.GetElapsedTime(_began);

    public double PerUnit => Last!.Value.Iteration.Objective / plan.Unit.Count;

    /// <summary>False where the news is the old news again, with the reason to stop.</summary>
    public bool Add(int start, Iteration iteration)
    {
        bool another = Last is not { } last || last.Start != start;
        if (!another && Last!.Value.Iteration is var before && before.Number == iteration.Number && before.Segment == iteration.Segment && before.Objective.Equals(iteration.Objective))
        {
            Last = (start, iteration);
            return false;
        }
        if (another)
        {
            _bounds.Clear();
            Falls = 0;
        }
        if (another || Last!.Value.Iteration.Segment != iteration.Segment) _changes.Clear();
        _passes++;
        _bounds.Add(iteration.Objective);
        if (iteration.RelativeChange is { } change) _changes.Add(Math.Abs(change));
        if (FitWords.Fell(iteration)) Falls++;
        Last = (start, iteration);
        return true;
    }

    /// <summary>About how long until the running start meets its tolerance or limit, if changes go on shrinking as they did; null while nobody can tell.</summary>
    public TimeSpan? Estimate()
    {
        const int Window = 5;
        if (Last is not { } last || last.Iteration.Number == 0 || _changes.Count <= Window) return null;
        double passes = plan.MaximumIterations - last.Iteration.Number;
        double ratio = Math.Pow(_changes[^1] / _changes[^(Window + 1)], 1.0 / Window);
        if (plan.RelativeTolerance is { } tolerance and > 0 && ratio is > 0 and < 1) passes = Math.Min(passes, Math.Log(tolerance / _changes[^1]) / Math.Log(ratio));
        TimeSpan rest = Elapsed / _passes * Math.Max(0, passes);
        return plan.TimeLimit is { } limit && limit - Elapsed < rest ? limit - Elapsed : rest;
    }
}
