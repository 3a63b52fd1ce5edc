using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>From a finished fit to a model: its topics in the form that inference takes, a closing pass, and the record.</summary>
sealed class LdaClosing(Corpus corpus, LdaOptions options, IProgress<LdaProgress>? progress, IExecutorFactory executors)
{
    /// <summary>At least so many updates of a document lead to the counts that the topics are made of. They begin anew, as the ϑ of the pass before may be another start's.</summary>
    const int LeastUpdates = 200;

    readonly LdaModel _model = new();

    // The closing cold pass gives the documents' rows as inference gives them, and so the topics' shares.
    public async Task<TopicModel> RunAsync(RestartedFit<LdaParameters> fit)
    {
        LdaParameters parameters = fit.Best.Parameters;
        bool isMap = parameters.Estimate == TopicEstimate.MaximumAPosteriori;
        if (isMap) parameters = await ToMeanFieldAsync(parameters).ConfigureAwait(false);
        EStepResult<LdaStatistics> closing = await ExpectAsync(new LdaEStep(DocumentStart.Cold, options.Document), parameters).ConfigureAwait(false);
        double bound = fit.Best.Objective;
        IReadOnlyList<IReadOnlyList<Iteration>> traces = fit.Traces;
        if (isMap)
        {
            Iteration last = Record(fit, parameters, closing);
            progress?.Report(new LdaProgress(fit.BestStart, last, null));
            bound = last.Objective;
            traces = [.. traces.Select((trace, start) => start == fit.BestStart ? [.. trace, last] : trace)];
        }
        return new TopicModel(parameters, corpus.Vocabulary, new TopicModelRecord
        {
            Prevalence = Prevalence(closing.Statistics),
            TermCounts = CountTerms(corpus),
            Bound = bound,
            StopReason = fit.StopReason,
            Traces = traces,
            BestStart = fit.BestStart,
            Options = options,
            KernelProfile = KernelProfiles.Current,
            Documents = corpus.DocumentCount,
            CorpusProperties = corpus.Properties,
        });
    }

    ValueTask<EStepResult<LdaStatistics>> ExpectAsync(IEStep<DocumentBatch, LdaParameters, LdaStatistics> eStep, LdaParameters parameters) =>
        executors.Create(new DocumentShards(corpus), _model, eStep).ExpectAsync(parameters, CancellationToken.None);

    // λ = η + S, or β ∝ S, with S the counts expected at the mode, and α what was added to a document's.
    async Task<LdaParameters> ToMeanFieldAsync(LdaParameters mode)
    {
        var document = options.Document with { MaximumUpdates = Math.Max(LeastUpdates, options.Document.MaximumUpdates) };
        EStepResult<LdaStatistics> expected = await ExpectAsync(new LdaMapEStep(DocumentStart.Cold, document), mode).ConfigureAwait(false);
        var alpha = new double[mode.Topics];
        Array.Fill(alpha, Math.Max(DirichletEstimator.Minimum, options.Alpha));
        TopicPrior? prior = options.Eta > 0 ? new TopicPrior(options.Eta.Value, mode.Prior!.Seeds) : null;
        return _model.Maximize(expected.Statistics, new LdaParameters(mode.TermTopic.ToArray(), alpha, prior));
    }

    Iteration Record(RestartedFit<LdaParameters> fit, LdaParameters parameters, EStepResult<LdaStatistics> closing)
    {
        IReadOnlyList<Iteration> before = fit.Traces[fit.BestStart];
        double globalBound = _model.GlobalBound(parameters), scale = closing.Magnitude + Math.Abs(globalBound) + 1;
        int number = before[^1].Number;
        Certificate.CheckDecomposition(number, Guarantee.None, closing.Bound, _model.ExpectedLogJoint(closing.Statistics, parameters), scale);
        return new Iteration
        {
            Number = number,
            Segment = TopicModel.ClosingSegment,
            Guarantee = Guarantee.None,
            Move = Move.Start,
            Own = new HalfStep(closing.Bound.ExpectedLogJoint, closing.Bound.Entropy, globalBound, null),
            Terms = closing.Bound.Terms,
            Scale = scale,
            Elapsed = before[^1].Elapsed,
            StopReason = fit.StopReason,
        };
    }

    static double[] Prevalence(LdaStatistics statistics)
    {
        var shares = new double[statistics.Topics];
        for (int term = 0; term < statistics.Terms; term++)
        {
            ReadOnlySpan<double> counts = statistics.Counts(term);
            for (int topic = 0; topic < counts.Length; topic++) shares[topic] += counts[topic];
        }
        double total = shares.Sum();
        for (int topic = 0; topic < shares.Length; topic++) shares[topic] /= total;
        return shares;
    }

    public static long[] CountTerms(Corpus corpus)
    {
        var totals = new long[corpus.Vocabulary.Count];
        long unreleased = 0;
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            corpus.ReleaseAfter(ref unreleased, corpus.Terms(document).Length);
            ReadOnlySpan<int> terms = corpus.Terms(document), counts = corpus.Counts(document);
            for (int i = 0; i < terms.Length; i++) totals[terms[i]] += counts[i];
        }
        return totals;
    }
}
