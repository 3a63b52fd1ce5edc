using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics;
using Elbo.Topics.Quality;

namespace Elbo.Selection;

/// <summary>
/// Fits several numbers of topics, each from several seeds, and compares them by what they say of documents that none has seen. There is no true number of topics in
/// text: the comparison tells which are too few, and from where on more gain nothing.
/// </summary>
public static class TopicSelection
{
    const int MostHeldOut = 1000;

    // Streams of the same seed that starts, halves of documents and sweeps do not draw from.
    const ulong SplitStream = 1UL << 34;

    /// <summary>Fits and scores every number of topics.</summary>
    /// <param name="corpus">The documents. Some are set aside by the seed; every fit learns from the same others.</param>
    /// <param name="options">Which numbers, how many fits of each.</param>
    /// <param name="progress">Hears of every fit when it is scored; may be null.</param>
    /// <param name="cancellationToken">Ends the comparison with the fits that are done.</param>
    /// <exception cref="ArgumentException">An option is out of range, or there are too few documents.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first fit was done.</exception>
    public static async Task<TopicSelectionResult> RunAsync(
        Corpus corpus, TopicSelectionOptions? options = null, IProgress<TopicRestart>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        options ??= new TopicSelectionOptions();
        options.Validate();
        (Corpus training, Corpus heldOut) = Split(corpus, options);
        // One E-step for all numbers, or the comparison would be between E-steps.
        TopicEStepChoice eStep = TopicEStepChoice.For(training, options.Fit with { Topics = options.Topics.Max() });
        options = options with { Fit = options.Fit with { EStep = eStep.EStep } };
        var run = new Run(corpus, training, heldOut, options, progress, cancellationToken);
        var candidates = new List<TopicCandidate>();
        bool complete = true;
        foreach (int topics in options.Topics)
        {
            TopicCandidate? candidate = await run.FitAsync(topics).ConfigureAwait(false);
            if (candidate is not null) candidates.Add(candidate);
            complete = candidate?.Restarts.Count == options.Restarts;
            if (!complete) break;
        }
        if (candidates.Count == 0) throw new OperationCanceledException(cancellationToken);
        return new TopicSelectionResult
        {
            Candidates = candidates,
            IsComplete = complete,
            Options = options,
            EStep = eStep,
            Coherence = run.Measure,
            TrainingDocuments = training.DocumentCount,
            TrainingTokens = training.TokenCount,
            HeldOutDocuments = heldOut.DocumentCount,
        };
    }

    static (Corpus Training, Corpus HeldOut) Split(Corpus corpus, TopicSelectionOptions options)
    {
        // A document of one token has no second half to score.
        int[] scorable = [.. Enumerable.Range(0, corpus.DocumentCount).Where(document => corpus.Counts(document) is { Length: > 1 } or [> 1])];
        int count = Math.Min(MostHeldOut, (int)Math.Ceiling(options.HeldOutShare * scorable.Length));
        if (scorable.Length < 2)
            throw new ArgumentException($"To compare numbers of topics, some documents are set aside to be scored, and {scorable.Length} of {corpus.DocumentCount} have the two tokens that this takes.", nameof(corpus));
        Philox.ForStream(options.Fit.Seed, SplitStream).Shuffle<int>(scorable);
        HashSet<int> aside = [.. scorable.AsSpan(0, count)];
        CorpusBuilder training = new(corpus.Vocabulary), heldOut = new(corpus.Vocabulary);
        foreach ((string name, string value) in corpus.Properties) training.Properties[name] = value;
        long unreleased = 0;
        for (int document = 0; document < corpus.DocumentCount; document++)
        {
            (aside.Contains(document) ? heldOut : training).Add(corpus.Terms(document).ToArray().Zip(corpus.Counts(document).ToArray()));
            corpus.ReleaseAfter(ref unreleased, corpus.Terms(document).Length);
        }
        return (training.Build(), heldOut.Build());
    }

    /// <summary>What all fits have in common.</summary>
    sealed class Run(Corpus corpus, Corpus training, Corpus heldOut, TopicSelectionOptions options, IProgress<TopicRestart>? progress, CancellationToken cancellationToken)
    {
        public CoherenceMeasure Measure { get; } = corpus.HasTokens ? CoherenceMeasure.Npmi : CoherenceMeasure.UMass;

        /// <summary>All fits of a number of topics; null where it was cancelled before the first was done.</summary>
        public async Task<TopicCandidate?> FitAsync(int topics)
        {
            var models = new List<TopicModel>();
            var restarts = new List<TopicRestart>();
            for (int number = 0; number < options.Restarts; number++)
            {
                if (await TryFitAsync(topics, number).ConfigureAwait(false) is not { } model) break;
                models.Add(model);
                restarts.Add(Score(model, number));
                progress?.Report(restarts[^1]);
            }
            if (restarts.Count == 0) return null;
            int best = restarts.MaxBy(restart => restart.Bound)!.Number;
            return new TopicCandidate
            {
                Topics = topics,
                Restarts = restarts,
                Best = best,
                Model = models[best],
                Quality = ModelQuality.Of(models[best], corpus, options.Coherence),
                Stability = models.Count < 2 ? null : TopicStability.Between(models, best, options.Terms, options.Fit.Threads),
            };
        }

        async Task<TopicModel?> TryFitAsync(int topics, int number)
        {
            try
            {
                TopicModel model = await Lda.FitAsync(training, options.Fit with { Topics = topics, Seed = SeedOf(number) }, cancellationToken: cancellationToken).ConfigureAwait(false);
                return model.Record.StopReason == StopReason.Cancelled ? null : model;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }

        ulong SeedOf(int number) => unchecked(options.Fit.Seed + (ulong)number);

        TopicRestart Score(TopicModel model, int number) => new()
        {
            Topics = model.Topics.Count,
            Number = number,
            Seed = SeedOf(number),
            Bound = model.Bound,
            HeldOut = model.Evaluate(heldOut, options.Fit.Seed, options.Fit.Threads),
            Coherence = TopicCoherence.Of(Measure, model, corpus, options.Coherence).Average(),
            StopReason = model.Record.StopReason,
        };
    }
}
