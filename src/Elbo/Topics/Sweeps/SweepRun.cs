using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics.Sweeps;

/// <summary>One start's passes.</summary>
sealed class SweepRun
{
    /// <summary>CVB0 begins at topics that some passes of online MAP have found: from far away its own steps are small.</summary>
    const int OnlinePassesFirst = 3;

    /// <summary>
    /// MAP in sweeps leaves a document after so many updates, wherever it is: with fewer topics score worse, with more no better (docs/decisions/0011).
    /// </summary>
    const int PointUpdates = 8;

    /// <summary>After so many passes of CVB0 the concentrations are estimated anew, where that is asked for.</summary>
    const int PassesBetweenEstimates = 10;

    /// <summary>Online passes end when one of them raises the score by less, in nats per token.</summary>
    const double LeastGain = 0.002;

    /// <summary>A held-out score that falls by more, in nats per token, is a fall; less is noise.</summary>
    const double Fall = 0.002;

    readonly Corpus _corpus;
    readonly LdaOptions _options;
    readonly int _start;
    readonly long _began;
    readonly Action<TopicPass> _report;
    readonly CancellationToken _cancellationToken;
    readonly List<TopicPass> _passes = [];
    readonly int[] _documents;
    readonly IHeldOutMonitor? _monitor;
    readonly long _tokens;
    CountTable _counts = null!;
    SweepPrior _prior;

    public SweepRun(Corpus corpus, LdaOptions options, int start, long began, Action<TopicPass> report, CancellationToken cancellationToken)
    {
        _corpus = corpus;
        _options = options;
        _start = start;
        _began = began;
        _report = report;
        _cancellationToken = cancellationToken;
        _prior = new SweepPrior([.. Enumerable.Repeat(options.Alpha, options.Topics)], options.Eta!.Value);
        int[] apart = HeldOutDocuments.Choose(corpus, options);
        var isApart = new HashSet<int>(apart);
        _documents = apart.Length == 0 ? [.. Enumerable.Range(0, corpus.DocumentCount)] : [.. Enumerable.Range(0, corpus.DocumentCount).Where(document => !isApart.Contains(document))];
        _tokens = corpus.TokenCount;
        if (apart.Length > 0)
        {
            (Corpus observed, Corpus heldOut) = DocumentCompletion.Split(corpus, apart, options.Seed);
            _monitor = Monitor(observed, heldOut);
            _tokens -= observed.TokenCount + heldOut.TokenCount;
        }
    }

    public IReadOnlyList<TopicPass> Passes => _passes;

    /// <summary>Runs all passes and says why they ended.</summary>
    public StopReason Run(LdaParameters start)
    {
        _counts = CountTable.FromStart(start, _tokens);
        try
        {
            return _options.EStep switch
            {
                TopicEStep.Collapsed => Collapsed(),
                TopicEStep.OnlineMap => Online(Learner(), "online map", _options.MaximumIterations, stops: true),
                TopicEStep.OnlineMeanField => Online(Learner(), "online mean field", _options.MaximumIterations, stops: true),
                TopicEStep.Map => Batch(Learner(), "map"),
                _ => Batch(Learner(), "mean field"),
            };
        }
        catch (OperationCanceledException) when (_cancellationToken.IsCancellationRequested)
        {
            return StopReason.Cancelled;
        }
    }

    /// <summary>What the passes have found.</summary>
    public LdaParameters Parameters() => _counts.ToParameters(_prior.Alpha, _prior.Eta);

    bool Estimates => _options.UpdateAlpha != ConcentrationUpdate.Fixed || _options.UpdateEta;

    /// <summary>What learns by MAP, or by mean field where the options name that, on the lanes of this machine.</summary>
    public static ISweepLearner Learner(CountTable counts, SweepPrior prior, LdaOptions options)
    {
        bool points = options.EStep is not (TopicEStep.MeanField or TopicEStep.OnlineMeanField);
        return KernelProfiles.Run(KernelProfiles.Current, new LearnerMaker(counts, prior, points ? PointOptions(options) : options.Document, options.Threads, points));
    }

    /// <summary>What scores topics on halves of documents, on the lanes of this machine.</summary>
    public static IHeldOutMonitor Monitor(Corpus observed, Corpus heldOut) => KernelProfiles.Run(KernelProfiles.Current, new MonitorMaker(new HeldOutHalves(observed, heldOut)));

    static DocumentOptions PointOptions(LdaOptions options) => options.Document with { MaximumUpdates = Math.Min(PointUpdates, options.Document.MaximumUpdates) };

    ISweepLearner Learner() => Learner(_counts, _prior, _options);

    StopReason Online(ISweepLearner learner, string segment, int passes, bool stops)
    {
        double before = double.NegativeInfinity;
        (CountTable Counts, SweepPrior Prior)? kept = null;
        int batch = 0;
        long unreleased = 0;
        for (int pass = 0; pass < passes; pass++)
        {
            AlphaEstimator? estimator = learner.Estimator = _options.UpdateAlpha == ConcentrationUpdate.Fixed ? null : new AlphaEstimator(_prior);
            double objective = 0;
            foreach (int[] documents in SweepOrder.Batches(_corpus, _documents, _options.BatchTokens, _options.Seed, _start, pass))
            {
                _cancellationToken.ThrowIfCancellationRequested();
                objective += learner.Step(_corpus, documents, _options.StepAfter(batch++), _tokens);
                // No document has more entries than tokens.
                _corpus.ReleaseAfter(ref unreleased, _options.BatchTokens);
            }
            _counts.Settle();
            TopicPass report = Report(segment, objective, null);
            if (Interrupted() is { } reason) return reason;
            double score = report.HeldOut ?? objective / _tokens;
            if (kept is { } best && score < before - Fall)
            {
                // More passes would only fit the documents at hand: what the pass before has found is kept.
                _counts.Swap(best.Counts);
                _prior = best.Prior;
                return StopReason.HeldOutFell;
            }
            if (stops && _options.RelativeTolerance > 0 && score < before + LeastGain) return StopReason.Converged;
            before = score;
            if (stops && _monitor is not null)
            {
                kept = (kept?.Counts ?? new CountTable(_counts.Terms, _counts.Topics), _prior);
                _counts.CopyTo(kept.Value.Counts);
            }
            if (Estimates) segment = Estimate(estimator, segment, value => learner.Prior = value);
        }
        return StopReason.IterationLimit;
    }

    StopReason Collapsed()
    {
        StopReason reason = Online(Learner(), "online map", Math.Min(OnlinePassesFirst, _options.MaximumIterations), stops: false);
        if (reason != StopReason.IterationLimit || _passes.Count >= _options.MaximumIterations) return reason;
        ICollapsedLearner learner = KernelProfiles.Run(KernelProfiles.Current,
            new CollapsedMaker(_corpus, _documents, _counts, _prior, PointOptions(_options), _options.Threads, _cancellationToken));
        string segment = "cvb0";
        for (int pass = 1; _passes.Count < _options.MaximumIterations; pass++)
        {
            double moved = learner.Pass(_cancellationToken) / _tokens;
            Report(segment, null, moved);
            if (Interrupted() is { } interrupted) return interrupted;
            if (moved <= _options.MovedTolerance) return StopReason.Converged;
            if (!Estimates || pass % PassesBetweenEstimates != 0) continue;
            var estimator = new AlphaEstimator(_prior);
            if (_options.UpdateAlpha != ConcentrationUpdate.Fixed) foreach (float[] expected in learner.Documents()) estimator.Add(expected);
            segment = Estimate(estimator, segment, value => learner.Prior = value);
        }
        return StopReason.IterationLimit;
    }

    StopReason Batch(ISweepLearner learner, string segment)
    {
        double? before = null;
        while (_passes.Count < _options.MaximumIterations)
        {
            AlphaEstimator? estimator = learner.Estimator = _options.UpdateAlpha == ConcentrationUpdate.Fixed ? null : new AlphaEstimator(_prior);
            double objective = learner.PassAll(_corpus, _documents, _cancellationToken);
            Report(segment, objective, null);
            if (Interrupted() is { } interrupted) return interrupted;
            if (Math.Abs(objective - before ?? double.PositiveInfinity) <= _options.RelativeTolerance * Math.Abs(objective)) return StopReason.Converged;
            before = objective;
            if (Estimates) segment = Estimate(estimator, segment, value => learner.Prior = value);
        }
        return StopReason.IterationLimit;
    }

    // One step of the fixed points; what it changes is the objective, and so the segment.
    string Estimate(AlphaEstimator? alpha, string segment, Action<SweepPrior> tell)
    {
        double[] next = alpha is null || _options.UpdateAlpha == ConcentrationUpdate.Fixed ? _prior.Alpha : alpha.Next(_options.UpdateAlpha == ConcentrationUpdate.Symmetric);
        double eta = _options.UpdateEta ? EtaEstimator.Next(_counts, _prior.Eta) : _prior.Eta;
        tell(_prior = new SweepPrior(next, eta));
        int at = segment.IndexOf(',', StringComparison.Ordinal);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(at < 0 ? segment : segment[..at])}, α {next.Average():G3}, η {eta:G3}");
    }

    TopicPass Report(string segment, double? objective, double? moved)
    {
        var pass = new TopicPass
        {
            Number = _passes.Count + 1,
            Segment = segment,
            Objective = objective,
            HeldOut = _monitor?.Score(_counts, _prior),
            Moved = moved,
            Elapsed = _options.TimeProvider.GetElapsedTime(_began),
        };
        _passes.Add(pass);
        _report(pass);
        return pass;
    }

    StopReason? Interrupted() =>
        _cancellationToken.IsCancellationRequested ? StopReason.Cancelled
        : _options.TimeProvider.GetElapsedTime(_began) >= _options.TimeLimit ? StopReason.TimeLimit
        : null;

    readonly struct LearnerMaker(CountTable counts, SweepPrior prior, DocumentOptions options, int threads, bool points) : ISingleLanesVisitor<ISweepLearner>
    {
        public ISweepLearner Visit<TLanes>() where TLanes : struct, ISingleLanes<TLanes> => points
            ? new SweepLearner<TLanes, PointProportions<TLanes>>(counts, prior, options, threads)
            : new SweepLearner<TLanes, MeanFieldProportions<TLanes>>(counts, prior, options, threads);
    }

    readonly struct CollapsedMaker(Corpus corpus, int[] documents, CountTable counts, SweepPrior prior, DocumentOptions options, int threads, CancellationToken cancellationToken)
        : ISingleLanesVisitor<ICollapsedLearner>
    {
        public ICollapsedLearner Visit<TLanes>() where TLanes : struct, ISingleLanes<TLanes> => new CollapsedLearner<TLanes>(corpus, documents, counts, prior, options, threads, cancellationToken);
    }

    readonly struct MonitorMaker(HeldOutHalves halves) : ISingleLanesVisitor<IHeldOutMonitor>
    {
        public IHeldOutMonitor Visit<TLanes>() where TLanes : struct, ISingleLanes<TLanes> => new HeldOutMonitor<TLanes>(halves);
    }
}
