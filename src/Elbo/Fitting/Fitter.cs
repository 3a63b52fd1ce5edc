using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Observations;

namespace Elbo.Fitting;

/// <summary>From starts to the best sound fit: every start climbs by EM; what becomes of a degenerate component is the policy's to say.</summary>
sealed class Fitter<TParameters, TStatistics>(ILatentStructure<TParameters, TStatistics> structure, FitRequest request)
    where TParameters : class, ITensors<TParameters>
    where TStatistics : class, IStatistics<TStatistics>
{
    /// <summary>How often a start that degenerates is begun anew before its last run is taken as it is.</summary>
    const int MaximumAttempts = 10;

    readonly ObservationTable _table = request.Table;
    readonly FitOptions _options = request.Options;
    readonly IExecutorFactory _executors = request.Executors ?? new LocalExecutorFactory(request.Options.Threads);
    readonly List<string> _notes = [.. request.From?.Notes ?? []];
    readonly List<EmFit<TParameters>> _finished = [];
    readonly long _began = request.Options.TimeProvider.GetTimestamp();

    /// <summary>The finished starts as checkpoints have them.</summary>
    EmFit<TensorSet>[] _written = [];

    /// <summary>How many records online EM makes before EM's own.</summary>
    int Passes => _options.Online?.Passes ?? 0;

    /// <summary>What happened on the way.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <param name="startOf">θ of a start and of one attempt at it, both from 0.</param>
    public async Task<RestartedFit<TParameters>> RunAsync(Func<int, int, TParameters> startOf)
    {
        foreach (EmFit<TensorSet> before in request.From?.Finished ?? []) Finish(new EmFit<TParameters>(Restore(before.Parameters), before.Objective, before.Trace));
        Func<EmFit<TParameters>, Task<EmFit<TParameters>>>? goOn = _options.ShortIterations is null ? null : ContinueAsync;
        RestartedFit<TParameters> fit = await Engine.Restarts.RunAsync(_options.Restarts, start => StartAsync(start, startOf), goOn, IsSound).ConfigureAwait(false);
        double highest = _finished.Max(run => run.Objective);
        if (highest > fit.Best.Objective && _finished.First(run => run.Objective == highest) is var other && !IsSound(other))
            _notes.Add($"Start {_finished.IndexOf(other)} reached the objective {Format(highest)}, but a component of it is degenerate, so it was not taken.");
        return fit;
    }

    public bool IsSound(EmFit<TParameters> fit) => FindDegenerate(fit.Parameters) < 0;

    async Task<EmFit<TParameters>> StartAsync(int start, Func<int, int, TParameters> startOf)
    {
        if (start < _finished.Count) return _finished[start];
        FitCheckpoint? from = request.From is { Continuing: false } given && given.Start == start ? given : null;
        string? givenUp = from?.GivenUp;
        for (int attempt = from?.Attempt ?? 0; ; attempt++, from = null)
        {
            EmFit<TParameters> fit = await new Climb(this, start, attempt, continuing: false, givenUp, from)
                .RunAsync(from is null ? new EmState<TParameters>(0, startOf(start, attempt)) : from.State.With(Restore(from.State.Parameters))).ConfigureAwait(false);
            if (fit.Trace[^1].StopReason == StopReason.Degenerate)
            {
                givenUp = $"Start {start} was given up at iteration {fit.Trace[^1].Number}, for component {FindDegenerate(fit.Parameters)} degenerated, and begun again from elsewhere{(attempt == 0 ? "" : $"; so were {attempt} before it")}.";
                continue;
            }
            if (givenUp is not null) _notes.Add(givenUp);
            Finish(fit);
            return fit;
        }
    }

    Task<EmFit<TParameters>> ContinueAsync(EmFit<TParameters> best)
    {
        FitCheckpoint? from = request.From is { Continuing: true } given ? given : null;
        return new Climb(this, _finished.IndexOf(best), attempt: 0, continuing: true, givenUp: null, from)
            .RunAsync(from is null ? new EmState<TParameters>(best.Number, best.Parameters) : from.State.With(Restore(from.State.Parameters)));
    }

    void Finish(EmFit<TParameters> fit)
    {
        _finished.Add(fit);
        _written = [.. _written, new EmFit<TensorSet>(TensorSet.Of(fit.Parameters), fit.Objective, fit.Trace)];
    }

    TParameters Restore(TensorSet tensors)
    {
        TParameters parameters = TParameters.FromTensors(tensors);
        structure.Check(parameters, _table.ColumnCount);
        return parameters;
    }

    /// <summary>One attempt at a start, or the continuation of one: its trace, and the best of the stretch that it is in.</summary>
    sealed class Climb
    {
        readonly Fitter<TParameters, TStatistics> _fitter;
        readonly ILatentStructure<TParameters, TStatistics> _structure;
        readonly FitOptions _options;
        readonly int _start, _attempt;
        readonly bool _continuing;
        readonly string? _givenUp;
        readonly List<Iteration> _trace = [];
        TimeSpan _before;
        TParameters? _best;
        double _bestObjective;

        public Climb(Fitter<TParameters, TStatistics> fitter, int start, int attempt, bool continuing, string? givenUp, FitCheckpoint? from)
        {
            (_fitter, _structure, _options) = (fitter, fitter.Structure, fitter._options);
            (_start, _attempt, _continuing, _givenUp) = (start, attempt, continuing, givenUp);
            if (from is null) return;
            _trace.AddRange(from.Trace);
            _before = _trace.Count > 0 ? _trace[^1].Elapsed : TimeSpan.Zero;
            if (from.Best is { } best) (_best, _bestObjective) = (fitter.Restore(best), from.BestObjective);
        }

        FitRequest Request => _fitter.Request;

        int Limit => _fitter.Passes + (_continuing ? _options.MaximumIterations : _options.ShortIterations ?? _options.MaximumIterations);

        bool MayGiveUp => !_continuing && _attempt < MaximumAttempts - 1;

        public async Task<EmFit<TParameters>> RunAsync(EmState<TParameters> state)
        {
            EmState<TParameters>? next = state;
            if (_options.Online is { } steps && !_continuing && _trace.Count == 0) next = await RunOnlineAsync(steps, state).ConfigureAwait(false);
            while (next is not null) next = await RunStretchAsync(next).ConfigureAwait(false);
            return new EmFit<TParameters>(_best!, _bestObjective, _trace);
        }

        async Task<EmState<TParameters>> RunOnlineAsync(OnlineOptions steps, EmState<TParameters> state)
        {
            Offer(state);
            var stretch = new OnlineStretch<TParameters, TStatistics>(_structure, Request.Table, _options, steps);
            TParameters parameters = await stretch.RunAsync(state.Parameters, _start, _attempt, Record, Request.CancellationToken).ConfigureAwait(false);
            _before = _trace[^1].Elapsed;
            return new EmState<TParameters>(_fitter.Passes, parameters);
        }

        /// <summary>EM until it ends, or until a component degenerates; gives where to go on, or null.</summary>
        async Task<EmState<TParameters>?> RunStretchAsync(EmState<TParameters> state)
        {
            int components = _structure.CountOf(state.Parameters), degenerate = -1;
            Offer(state);
            // An executor of its own for every stretch: it keeps statistics to use again, and they have as many components as the stretch.
            IExecutor<TParameters, TStatistics> executor = _fitter._executors.Create(_structure.Cut(Request.Table), _structure.Model, _structure.CreateEStep(_options.Hard));
            Action<EmState<TParameters>>? offer = _options.Acceleration == Acceleration.None ? Offer : null;
            try
            {
                await foreach (Iterate<TParameters> iterate in ExpectationMaximization
                    .RunAsync(_structure.Model, executor, state, _fitter.OptionsOf(components, Limit), offer, Request.CancellationToken).ConfigureAwait(false))
                {
                    degenerate = Take(iterate);
                    if (degenerate >= 0) break;
                }
            }
            catch (OperationCanceledException) when (_best is not null && Request.CancellationToken.IsCancellationRequested)
            {
                // Cancelled before there was a record beyond those of the checkpoint.
                _trace[^1] = _trace[^1] with { StopReason = StopReason.Cancelled };
            }
            _before = _trace[^1].Elapsed;
            if (degenerate < 0) return null;
            int number = _trace[^1].Number;
            if (_options.Degeneracy == DegeneracyPolicy.Restart)
            {
                _trace[^1] = _trace[^1] with { StopReason = StopReason.Degenerate };
                return null;
            }
            _fitter._notes.Add($"Start {_start}, iteration {number}: {_fitter.Why(_best!, degenerate, number)} It was dropped; {components - 1} are left.");
            var left = new EmState<TParameters>(number, _structure.Without(_best!, degenerate));
            (_best, _bestObjective) = (null, 0);
            return left;
        }

        /// <summary>Takes in an iterate; gives the component that the policy must act on, or −1.</summary>
        int Take(Iterate<TParameters> iterate)
        {
            Iteration iteration = iterate.Iteration with { Elapsed = iterate.Iteration.Elapsed + _before };
            bool isCancelled = iteration.StopReason == StopReason.Cancelled;
            // Cancelled in an E-step, a run gives its last record once more.
            if (isCancelled && _best is not null && _trace[^1].Number == iteration.Number) _trace.RemoveAt(_trace.Count - 1);
            int degenerate = isCancelled ? -1 : _fitter.Judge(iterate.Parameters, MayGiveUp);
            // What cannot fall by more than rounding is best at its end.
            if (_best is null || !_options.AllowTemporaryDecrease || degenerate >= 0 || iteration.Objective >= _bestObjective) (_best, _bestObjective) = (iterate.Parameters, iteration.Objective);
            Record(iteration);
            return degenerate;
        }

        void Record(Iteration iteration)
        {
            _trace.Add(iteration);
            Request.Progress?.Report(new FitProgress(_start, iteration));
        }

        void Offer(EmState<TParameters> state) => Request.Checkpoint?.Invoke(new FitCheckpoint
        {
            Options = _options,
            Family = Request.Family,
            TableChecksum = Request.Table.Checksum,
            KernelProfile = KernelProfiles.Current,
            BeganAtParameters = Request.BeganAtParameters,
            Start = _start,
            Attempt = _attempt,
            GivenUp = _givenUp,
            Continuing = _continuing,
            State = state.With(TensorSet.Of(state.Parameters)),
            Best = _best is null ? null : TensorSet.Of(_best),
            BestObjective = _bestObjective,
            Trace = [.. _trace],
            Finished = _fitter._written,
            Notes = [.. _fitter._notes],
        });
    }

    ILatentStructure<TParameters, TStatistics> Structure => structure;

    FitRequest Request => request;

    EmOptions OptionsOf(int components, int limit) => new()
    {
        Stop = _options.Stop,
        MaximumIterations = limit,
        Acceleration = _options.Acceleration,
        AllowTemporaryDecrease = _options.AllowTemporaryDecrease,
        TimeLimit = _options.TimeLimit - _options.TimeProvider.GetElapsedTime(_began),
        Segment = components == _options.Components ? "EM" : $"EM, {components} components",
        TimeProvider = _options.TimeProvider,
    };

    /// <summary>The component that the policy must act on, or −1.</summary>
    int Judge(TParameters parameters, bool mayGiveUp) => _options.Degeneracy switch
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
        structure.IsOnFloor(parameters, component) || structure.ShareOf(parameters, _table, component) * _table.TotalWeight < DegeneracyDiagnosis.LeastWeight;

    string Why(TParameters parameters, int component, int iteration) =>
        DegeneracyDiagnosis.Of(_table, structure.Predict(_table, parameters, path: false), component, iteration, _options.Degeneracy).Message;

    /// <summary>What is wrong with the components of a fit.</summary>
    public IReadOnlyList<Degeneracy> Diagnose(EmFit<TParameters> fit, Prediction prediction)
    {
        var found = new List<Degeneracy>();
        for (int k = 0; k < prediction.Components; k++)
        {
            double weight = 0;
            for (int i = 0; i < prediction.Rows; i++) weight += (_table.Weights.IsEmpty ? 1 : _table.Weights[i]) * prediction.Of(i)[k];
            if (IsDegenerate(fit.Parameters, k) || weight < DegeneracyDiagnosis.LeastWeight)
                found.Add(DegeneracyDiagnosis.Of(_table, prediction, k, fit.Trace[^1].Number, _options.Degeneracy));
        }
        return found;
    }

    static string Format(double value) => value.ToString("F4", System.Globalization.CultureInfo.InvariantCulture);
}
