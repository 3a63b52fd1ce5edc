using Elbo.Corpora;
using Elbo.Engine;

namespace Elbo.Topics;

/// <summary>News of a fit.</summary>
/// <param name="Start">Which start is running, from 0.</param>
/// <param name="Iteration">Its newest record, or null where the news is a pass without one.</param>
/// <param name="Pass">Its newest pass, where passes have no certificate.</param>
public readonly record struct LdaProgress(int Start, Iteration? Iteration, TopicPass? Pass);

/// <summary>
/// A fit of LDA from its starts to the best parameters: by default cold passes until the bound falls or hardly changes, then guarded ones
/// from the best cold parameters, so that the end is certified. MAP is one stretch.
/// </summary>
sealed class LdaFitter(Corpus corpus, LdaOptions options, IProgress<LdaProgress>? progress, Action<LdaCheckpoint>? checkpoint, IExecutorFactory executors, CancellationToken cancellationToken)
{
    readonly LdaModel _model = new(options.UpdateAlpha, options.UpdateEta);
    readonly List<EmFit<LdaParameters>> _finished = [];
    readonly long _began = options.TimeProvider.GetTimestamp();

    public async Task<RestartedFit<LdaParameters>> RunAsync(LdaParameters? given, LdaCheckpoint? resume)
    {
        if (resume is not null) _finished.AddRange(resume.Finished);
        Func<EmFit<LdaParameters>, Task<EmFit<LdaParameters>>>? goOn = options.ShortIterations is null ? null : best => ContinueAsync(best, resume);
        return await Elbo.Engine.Restarts.RunAsync(options.Restarts, start => StartAsync(start, given, resume), goOn).ConfigureAwait(false);
    }

    async Task<EmFit<LdaParameters>> StartAsync(int start, LdaParameters? given, LdaCheckpoint? resume)
    {
        if (start < _finished.Count) return _finished[start];
        EmFit<LdaParameters> fit = resume is { Continuing: false } && resume.Start == start
            ? await new Climb(this, start, continuing: false, resume).RunAsync(resume.DocumentStart, resume.State).ConfigureAwait(false)
            : await new Climb(this, start, continuing: false, null).RunAsync(FirstStretch, new EmState<LdaParameters>(0, given ?? LdaStarts.Create(corpus, options, start))).ConfigureAwait(false);
        _finished.Add(fit);
        return fit;
    }

    Task<EmFit<LdaParameters>> ContinueAsync(EmFit<LdaParameters> best, LdaCheckpoint? resume)
    {
        int start = _finished.IndexOf(best);
        return resume is { Continuing: true }
            ? new Climb(this, start, continuing: true, resume).RunAsync(resume.DocumentStart, resume.State)
            : new Climb(this, start, continuing: true, null).RunAsync(FirstStretch, new EmState<LdaParameters>(best.Number, best.Parameters));
    }

    bool IsMap => options.EStep == TopicEStep.Map;

    DocumentStart FirstStretch => options.DocumentStart ?? (IsMap ? DocumentStart.Warm : DocumentStart.Cold);

    IEStep<DocumentBatch, LdaParameters, LdaStatistics> CreateEStep(DocumentStart start) =>
        IsMap ? new LdaMapEStep(start, options.Document) : new LdaEStep(start, options.Document);

    /// <summary>One start's climb: its stretches, its trace and the best it has seen.</summary>
    sealed class Climb
    {
        readonly LdaFitter _fitter;
        readonly int _start;
        readonly bool _continuing;
        readonly LdaOptions _options;
        readonly List<Iteration> _trace = [];
        TimeSpan _elapsedBefore;
        LdaCheckpoint? _resume;
        Iterate<LdaParameters>? _last;
        LdaParameters? _best;
        double _bestObjective = double.NegativeInfinity;
        int _bestNumber;

        public Climb(LdaFitter fitter, int start, bool continuing, LdaCheckpoint? resume)
        {
            _fitter = fitter;
            _start = start;
            _continuing = continuing;
            _resume = resume;
            _options = fitter.Options;
            if (resume is null) return;
            _trace.AddRange(resume.Trace);
            _best = resume.Best;
            _bestObjective = resume.BestObjective;
            _bestNumber = resume.BestNumber;
            _elapsedBefore = _trace.Count > 0 ? _trace[^1].Elapsed : TimeSpan.Zero;
        }

        bool IsShort => _options.ShortIterations is not null && !_continuing;

        public async Task<EmFit<LdaParameters>> RunAsync(DocumentStart documentStart, EmState<LdaParameters> state)
        {
            bool coldFirst = _options.DocumentStart is null && !_fitter.IsMap;
            int limit = IsShort ? _options.ShortIterations!.Value : _options.MaximumIterations;
            if (documentStart == DocumentStart.Cold && coldFirst && !IsShort)
            {
                // The last pass is kept for the guarded stretch, so that a fit that runs into its limit is certified all the same.
                StopReason reason = await RunStretchAsync(DocumentStart.Cold, state, Math.Max(state.Number, limit - 1), stopWhenBoundFalls: true).ConfigureAwait(false);
                if (reason is StopReason.Cancelled or StopReason.TimeLimit || limit == 0) return Result();
                documentStart = DocumentStart.Guarded;
                state = new EmState<LdaParameters>(_bestNumber, _best!);
            }
            await RunStretchAsync(documentStart, state, limit, stopWhenBoundFalls: false).ConfigureAwait(false);
            return Result();
        }

        async Task<StopReason> RunStretchAsync(DocumentStart documentStart, EmState<LdaParameters> state, int limit, bool stopWhenBoundFalls)
        {
            LdaLocalState? local = documentStart == DocumentStart.Cold ? null
                : _resume?.LocalState ?? new LdaLocalState(_fitter.Corpus.DocumentCount, _options.Topics);
            _resume = null;
            IExecutor<LdaParameters, LdaStatistics> executor = _fitter.Executors.Create(new DocumentShards(_fitter.Corpus, local), _fitter._model, _fitter.CreateEStep(documentStart));
            var options = new EmOptions
            {
                Stop = StoppingRule.RelativeObjective(_options.RelativeTolerance),
                MaximumIterations = limit,
                TimeLimit = _options.TimeLimit - _options.TimeProvider.GetElapsedTime(_fitter._began),
                StopWhenBoundFalls = stopWhenBoundFalls,
                Segment = _fitter.IsMap ? "map" : documentStart.ToString().ToLowerInvariant(),
                TimeProvider = _options.TimeProvider,
            };
            void Checkpoint(EmState<LdaParameters> next) => _fitter.Checkpoint?.Invoke(Describe(documentStart, next, local));
            try
            {
                await foreach (Iterate<LdaParameters> iterate in ExpectationMaximization
                    .RunAsync(_fitter._model, executor, state, options, Checkpoint, _fitter.CancellationToken).ConfigureAwait(false))
                {
                    Take(iterate);
                }
            }
            catch (OperationCanceledException) when (_trace.Count > 0)
            {
                // Cancelled before the stretch had a record: the fit ends with the stretch before.
                _trace[^1] = _trace[^1] with { StopReason = StopReason.Cancelled };
            }
            _elapsedBefore = _trace[^1].Elapsed;
            return _trace[^1].StopReason!.Value;
        }

        void Take(Iterate<LdaParameters> iterate)
        {
            iterate = iterate with { Iteration = iterate.Iteration with { Elapsed = iterate.Iteration.Elapsed + _elapsedBefore } };
            // Cancelled in an E-step, a run gives its last record once more.
            if (_last is not null && _trace.Count > 0 && _last.Iteration.StopReason is null && _trace[^1].Number == iterate.Iteration.Number) _trace[^1] = iterate.Iteration;
            else _trace.Add(iterate.Iteration);
            _last = iterate;
            if (iterate.Iteration.Objective > _bestObjective || _best is null)
                (_best, _bestObjective, _bestNumber) = (iterate.Parameters, iterate.Iteration.Objective, iterate.Iteration.Number);
            _fitter.Progress?.Report(new LdaProgress(_start, iterate.Iteration, null));
        }

        LdaCheckpoint Describe(DocumentStart documentStart, EmState<LdaParameters> state, LdaLocalState? local) => new()
        {
            Options = _options,
            CorpusChecksum = _fitter.Corpus.Checksum,
            KernelProfile = Numerics.KernelProfiles.Current,
            Start = _start,
            Continuing = _continuing,
            DocumentStart = documentStart,
            State = state,
            Best = _best!,
            BestObjective = _bestObjective,
            BestNumber = _bestNumber,
            LocalState = local,
            Trace = [.. _trace],
            Finished = [.. _fitter._finished],
        };

        EmFit<LdaParameters> Result() => new(_best!, _bestObjective, _trace);
    }

    Corpus Corpus => corpus;
    LdaOptions Options => options;
    IProgress<LdaProgress>? Progress => progress;
    Action<LdaCheckpoint>? Checkpoint => checkpoint;
    IExecutorFactory Executors => executors;
    CancellationToken CancellationToken => cancellationToken;
}
