namespace Elbo.Engine;

/// <summary>A finished run of EM: its best parameters with the records that led to them.</summary>
/// <typeparam name="TParameters">θ.</typeparam>
/// <param name="Parameters">θ.</param>
/// <param name="Objective">θ's own objective, in nats.</param>
/// <param name="Trace">All iterations in order, the discarded ones too.</param>
public sealed record EmFit<TParameters>(TParameters Parameters, double Objective, IReadOnlyList<Iteration> Trace)
{
    /// <summary>The number of the record whose parameters these are.</summary>
    public int Number => Trace.First(iteration => iteration.Objective == Objective).Number;

    /// <summary>Why it ended.</summary>
    public StopReason StopReason => Trace[^1].StopReason ?? throw new InvalidOperationException("The run has not ended.");
}

/// <summary>The best of several starts.</summary>
/// <typeparam name="TParameters">θ.</typeparam>
/// <param name="Best">The fit with the highest objective; among equals the first.</param>
/// <param name="BestStart">Which start it was, from 0.</param>
/// <param name="Traces">The trace of every start that was run, in order.</param>
/// <param name="StopReason">Why the series ended: cancelled or out of time where that cut it short, else why the best fit ended.</param>
public sealed record RestartedFit<TParameters>(EmFit<TParameters> Best, int BestStart, IReadOnlyList<IReadOnlyList<Iteration>> Traces, StopReason StopReason);

/// <summary>EM from several starts: each run to its end, or each run shortly and the best continued.</summary>
public static class Restarts
{
    /// <summary>Runs every start and keeps the best fit and every trace.</summary>
    /// <param name="starts">How many starts, ≥ 1.</param>
    /// <param name="run">Runs the start of a number, from 0. A run that was cancelled or out of time ends the series.</param>
    /// <param name="goOn">Where given, <paramref name="run"/> is short, and this continues the best of them; it gives the continuation's trace alone.</param>
    /// <param name="isSound">Where given, a fit that is not sound is the best only where none is.</param>
    public static async Task<RestartedFit<TParameters>> RunAsync<TParameters>(
        int starts, Func<int, Task<EmFit<TParameters>>> run, Func<EmFit<TParameters>, Task<EmFit<TParameters>>>? goOn = null, Func<EmFit<TParameters>, bool>? isSound = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(starts, 1);
        ArgumentNullException.ThrowIfNull(run);
        EmFit<TParameters>? best = null;
        int bestStart = 0;
        bool bestIsSound = false;
        StopReason? cut = null;
        var traces = new List<IReadOnlyList<Iteration>>();
        for (int start = 0; start < starts; start++)
        {
            EmFit<TParameters> fit;
            try
            {
                fit = await run(start).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (best is not null)
            {
                cut = StopReason.Cancelled;
                break;
            }
            traces.Add(fit.Trace);
            bool sound = isSound?.Invoke(fit) ?? true;
            if (best is null || (sound, fit.Objective).CompareTo((bestIsSound, best.Objective)) > 0) (best, bestStart, bestIsSound) = (fit, start, sound);
            if (fit.StopReason is StopReason.Cancelled or StopReason.TimeLimit)
            {
                cut = fit.StopReason;
                break;
            }
        }
        if (goOn is not null && cut is null)
        {
            try
            {
                EmFit<TParameters> continued = await goOn(best!).ConfigureAwait(false);
                // A continuation without a guarantee may end below the short run, whose parameters are then the best.
                best = (continued.Objective >= best!.Objective ? continued : best) with { Trace = [.. best.Trace, .. continued.Trace] };
            }
            catch (OperationCanceledException)
            {
                cut = StopReason.Cancelled;
            }
            traces[bestStart] = best!.Trace;
        }
        return new RestartedFit<TParameters>(best!, bestStart, traces, cut ?? best!.StopReason);
    }
}
