using Elbo.Engine;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>From starts to the best sound fit: every start climbs by EM; what becomes of a degenerate component is the policy's to say.</summary>
sealed class Fitter<TParameters, TStatistics>(
    ILatentStructure<TParameters, TStatistics> structure, ObservationTable table, FitOptions options, IProgress<FitProgress>? progress, IExecutorFactory executors, CancellationToken cancellationToken)
    where TParameters : class, ITensors<TParameters>
    where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>How often a start that degenerates is begun anew before its last run is taken as it is.</summary>
    const int MaximumAttempts = 10;

    readonly List<string> _notes = [];
    readonly Dictionary<EmFit<TParameters>, int> _starts = new(ReferenceEqualityComparer.Instance);
    readonly long _began = options.TimeProvider.GetTimestamp();

    /// <summary>How many records online EM makes before EM's own.</summary>
    int Passes => options.Online?.Passes ?? 0;

    /// <summary>What happened on the way.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <param name="startOf">θ of a start and of one attempt at it, both from 0.</param>
    public async Task<RestartedFit<TParameters>> RunAsync(Func<int, int, TParameters> startOf)
    {
        Func<EmFit<TParameters>, Task<EmFit<TParameters>>>? goOn = options.ShortIterations is null ? null : best =>
            ClimbAsync(_starts[best], best.Parameters, best.Number, TimeSpan.Zero, Passes + options.MaximumIterations, mayGiveUp: false);
        RestartedFit<TParameters> fit = await Engine.Restarts.RunAsync(options.Restarts, start => StartAsync(start, startOf), goOn, IsSound).ConfigureAwait(false);
        double highest = _starts.Keys.Max(run => run.Objective);
        if (highest > fit.Best.Objective && _starts.Keys.First(run => run.Objective == highest) is var other && !IsSound(other))
            _notes.Add($"Start {_starts[other]} reached the objective {Format(highest)}, but a component of it is degenerate, so it was not taken.");
        return fit;
    }

    public bool IsSound(EmFit<TParameters> fit) => FindDegenerate(fit.Parameters) < 0;

    async Task<EmFit<TParameters>> StartAsync(int start, Func<int, int, TParameters> startOf)
    {
        EmFit<TParameters>? fit = null;
        string? given = null;
        for (int attempt = 0; attempt < MaximumAttempts; attempt++)
        {
            bool last = attempt == MaximumAttempts - 1;
            TParameters parameters = startOf(start, attempt);
            List<Iteration> online = [];
            if (options.Online is { } steps)
                parameters = await new OnlineStretch<TParameters, TStatistics>(structure, table, options, steps).RunAsync(parameters, start, attempt, Report, cancellationToken).ConfigureAwait(false);
            fit = await ClimbAsync(start, parameters, Passes, online.Count == 0 ? TimeSpan.Zero : online[^1].Elapsed, Passes + (options.ShortIterations ?? options.MaximumIterations), mayGiveUp: !last).ConfigureAwait(false);
            fit = fit with { Trace = [.. online, .. fit.Trace] };

            void Report(Iteration iteration)
            {
                online.Add(iteration);
                progress?.Report(new FitProgress(start, iteration));
            }

            if (fit.Trace[^1].StopReason != StopReason.Degenerate) break;
            given = $"Start {start} was given up at iteration {fit.Trace[^1].Number}, for component {FindDegenerate(fit.Parameters)} degenerated, and begun again from elsewhere{(attempt == 0 ? "" : $"; so were {attempt} before it")}.";
        }
        if (given is not null) _notes.Add(given);
        _starts[fit!] = start;
        return fit!;
    }

    async Task<EmFit<TParameters>> ClimbAsync(int start, TParameters parameters, int number, TimeSpan before, int limit, bool mayGiveUp)
    {
        var trace = new List<Iteration>();
        while (true)
        {
            Iterate<TParameters>? best = null;
            int degenerate = -1;
            // An executor of its own for every stretch: it keeps statistics to use again, and they have as many components as the stretch.
            IExecutor<TParameters, TStatistics> executor = executors.Create(structure.Cut(table), structure.Model, structure.CreateEStep(options.Hard));
            await foreach (Iterate<TParameters> iterate in ExpectationMaximization
                .RunAsync(structure.Model, executor, new EmState<TParameters>(number, parameters), OptionsOf(structure.CountOf(parameters), limit), cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                Iteration iteration = iterate.Iteration with { Elapsed = iterate.Iteration.Elapsed + before };
                // Cancelled in an E-step, a run gives its last record once more.
                if (iteration.StopReason == StopReason.Cancelled && best is not null && trace[^1].Number == iteration.Number) trace.RemoveAt(trace.Count - 1);
                trace.Add(iteration);
                // What cannot fall by more than rounding is best at its end.
                if (best is null || !options.AllowTemporaryDecrease || iteration.Objective >= best.Iteration.Objective) best = iterate;
                progress?.Report(new FitProgress(start, iteration));
                degenerate = iteration.StopReason == StopReason.Cancelled ? -1 : Judge(iterate.Parameters, mayGiveUp);
                if (degenerate >= 0)
                {
                    best = iterate;
                    break;
                }
            }
            before = trace[^1].Elapsed;
            if (degenerate < 0) return new EmFit<TParameters>(best!.Parameters, best.Iteration.Objective, trace);
            if (options.Degeneracy == DegeneracyPolicy.Restart)
            {
                trace[^1] = trace[^1] with { StopReason = StopReason.Degenerate };
                return new EmFit<TParameters>(best!.Parameters, best.Iteration.Objective, trace);
            }
            _notes.Add($"Start {start}, iteration {trace[^1].Number}: {Why(best!.Parameters, degenerate, trace[^1].Number)} It was dropped; {structure.CountOf(parameters) - 1} are left.");
            (parameters, number) = (structure.Without(best.Parameters, degenerate), trace[^1].Number);
        }
    }

    EmOptions OptionsOf(int components, int limit) => new()
    {
        Stop = options.Stop,
        MaximumIterations = limit,
        Acceleration = options.Acceleration,
        AllowTemporaryDecrease = options.AllowTemporaryDecrease,
        TimeLimit = options.TimeLimit - options.TimeProvider.GetElapsedTime(_began),
        Segment = components == options.Components ? "EM" : $"EM, {components} components",
        TimeProvider = options.TimeProvider,
    };

    /// <summary>The component that the policy must act on, or −1.</summary>
    int Judge(TParameters parameters, bool mayGiveUp) => options.Degeneracy switch
    {
        DegeneracyPolicy.Restart when mayGiveUp => FindDegenerate(parameters),
        DegeneracyPolicy.Drop => FindDegenerate(parameters, toDrop: true),
        _ => -1,
    };

    int FindDegenerate(TParameters parameters, bool toDrop = false)
    {
        for (int k = 0; k < structure.CountOf(parameters); k++)
            if ((!toDrop || structure.CanDrop(parameters, k)) && IsDegenerate(parameters, k)) return k;
        return -1;
    }

    bool IsDegenerate(TParameters parameters, int component) =>
        structure.IsOnFloor(parameters, component) || structure.ShareOf(parameters, table, component) * table.TotalWeight < DegeneracyDiagnosis.LeastWeight;

    string Why(TParameters parameters, int component, int iteration) =>
        DegeneracyDiagnosis.Of(table, structure.Predict(table, parameters, path: false), component, iteration, options.Degeneracy).Message;

    /// <summary>What is wrong with the components of a fit.</summary>
    public IReadOnlyList<Degeneracy> Diagnose(EmFit<TParameters> fit, Prediction prediction)
    {
        var found = new List<Degeneracy>();
        for (int k = 0; k < prediction.Components; k++)
        {
            double weight = 0;
            for (int i = 0; i < prediction.Rows; i++) weight += (table.Weights.IsEmpty ? 1 : table.Weights[i]) * prediction.Of(i)[k];
            if (IsDegenerate(fit.Parameters, k) || weight < DegeneracyDiagnosis.LeastWeight)
                found.Add(DegeneracyDiagnosis.Of(table, prediction, k, fit.Trace[^1].Number, options.Degeneracy));
        }
        return found;
    }

    static string Format(double value) => value.ToString("F4", System.Globalization.CultureInfo.InvariantCulture);
}
