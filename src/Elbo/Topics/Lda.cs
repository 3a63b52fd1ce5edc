using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics.Sweeps;

namespace Elbo.Topics;

/// <summary>
/// Latent Dirichlet allocation, by variational EM or maximum a posteriori: <c>var model = Lda.Fit(corpus, new() { Topics = 20, Seed = 1 });</c>
/// </summary>
public static class Lda
{
    /// <summary>Fits topics to a corpus.</summary>
    /// <param name="corpus">The documents; at least one must have a token.</param>
    /// <param name="options">K, the seed, priors, tolerances and limits.</param>
    /// <param name="progress">Hears of every iteration.</param>
    /// <param name="checkpoint">Is shown where the fit stands before every E-step, to write it down when it likes; it must be done with it on return.</param>
    /// <param name="executors">Where the E-steps of mean field and MAP in double precision run; null runs them here, on <see cref="LdaOptions.Threads"/>. The other E-steps know no other place.</param>
    /// <param name="cancellationToken">Ends the fit with the best so far.</param>
    /// <exception cref="ArgumentException">An option is out of range, the corpus has no token, or checkpoints or executors are given with an E-step that has none.</exception>
    /// <exception cref="CertificateException">A half-step broke a law of EM.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before there was anything to keep.</exception>
    public static TopicModel Fit(Corpus corpus, LdaOptions? options = null, IProgress<LdaProgress>? progress = null,
        Action<LdaCheckpoint>? checkpoint = null, IExecutorFactory? executors = null, CancellationToken cancellationToken = default) =>
        FitAsync(corpus, options, progress, checkpoint, executors, cancellationToken).GetAwaiter().GetResult();

    /// <summary>The same as <see cref="Fit"/>, asynchronously.</summary>
    public static Task<TopicModel> FitAsync(Corpus corpus, LdaOptions? options = null, IProgress<LdaProgress>? progress = null,
        Action<LdaCheckpoint>? checkpoint = null, IExecutorFactory? executors = null, CancellationToken cancellationToken = default) =>
        RunAsync(corpus, options ?? new LdaOptions(), null, null, progress, checkpoint, executors, cancellationToken);

    /// <summary>Fits from given topics instead of random ones.</summary>
    /// <param name="corpus">The documents.</param>
    /// <param name="termTopic">Terms × topics, row-major, ≥ 0; each topic is normalised.</param>
    /// <param name="options">As in <see cref="Fit"/>; the start is not drawn, so there are no restarts.</param>
    /// <param name="progress">Hears of every iteration.</param>
    /// <param name="checkpoint">As in <see cref="Fit"/>.</param>
    /// <param name="executors">As in <see cref="Fit"/>.</param>
    /// <param name="cancellationToken">Ends the fit with the best so far.</param>
    public static Task<TopicModel> FitFromAsync(Corpus corpus, double[] termTopic, LdaOptions options, IProgress<LdaProgress>? progress = null,
        Action<LdaCheckpoint>? checkpoint = null, IExecutorFactory? executors = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(termTopic);
        ArgumentNullException.ThrowIfNull(options);
        options = options with { Restarts = 1, ShortIterations = null };
        return RunAsync(corpus, options, LdaStarts.FromTopics(termTopic, corpus, options), null, progress, checkpoint, executors, cancellationToken);
    }

    /// <summary>Goes on from a checkpoint, to the same bits as the fit that was not stopped.</summary>
    /// <exception cref="ArgumentException">The corpus is not the one that the checkpoint was written for.</exception>
    public static Task<TopicModel> ResumeAsync(Corpus corpus, LdaCheckpoint from, IProgress<LdaProgress>? progress = null,
        Action<LdaCheckpoint>? checkpoint = null, IExecutorFactory? executors = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(from);
        if (corpus.Checksum != from.CorpusChecksum)
            throw new ArgumentException("The corpus is not the one that the checkpoint was written for: their checksums differ. Give the same input, or begin a new fit.", nameof(corpus));
        KernelProfiles.CheckCheckpoint(from.KernelProfile);
        if (from.State.Parameters.Topics != from.Options.Topics || from.State.Parameters.Terms != corpus.Vocabulary.Count
            || (from.LocalState is { } local && (local.Documents != corpus.DocumentCount || local.Topics != from.Options.Topics)))
            throw new ArgumentException("The checkpoint does not fit together: its topics, terms or documents are not those of its options and corpus.", nameof(from));
        return RunAsync(corpus, from.Options, null, from, progress, checkpoint, executors, cancellationToken);
    }

    static async Task<TopicModel> RunAsync(Corpus corpus, LdaOptions options, LdaParameters? given, LdaCheckpoint? resume,
        IProgress<LdaProgress>? progress, Action<LdaCheckpoint>? checkpoint, IExecutorFactory? executors, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        options.Validate();
        if ((long)corpus.Vocabulary.Count * options.Topics > Array.MaxLength)
            throw new ArgumentException($"{corpus.Vocabulary.Count} terms × {options.Topics} topics are more than the {Array.MaxLength} values that a table can hold. Take fewer topics, or fewer terms.", nameof(options));
        if (corpus.TokenCount == 0)
            throw new ArgumentException("Every document of the corpus is empty: there is nothing to find topics in.", nameof(corpus));
        if (options.EStep == TopicEStep.Automatic) options = options with { EStep = TopicEStepChoice.For(corpus, options, checkpoint is not null, executors is not null).EStep };
        if (options.IsBySweeps)
        {
            if (checkpoint is not null) throw new ArgumentException($"Checkpoints go with the E-steps MeanField and Map in double precision, not with {options.EStep}.", nameof(checkpoint));
            if (executors is not null) throw new ArgumentException($"Executors go with the E-steps MeanField and Map in double precision, not with {options.EStep}{(options.Precision == Precision.Single ? " in single precision" : "")}, which runs on threads of its own.", nameof(executors));
            if ((long)corpus.Vocabulary.Count * CountTable.Pad(options.Topics) > Array.MaxLength / 2)
                throw new ArgumentException($"{corpus.Vocabulary.Count} terms × {options.Topics} topics are more than a table in single precision can hold. Take fewer topics, or fewer terms.", nameof(options));
            options = options with { Precision = Precision.Single };
            SweepFit swept = await Task.Run(() => SweepFitter.Run(corpus, options, given, progress, cancellationToken), CancellationToken.None).ConfigureAwait(false);
            return CloseSweeps(corpus, options, swept);
        }
        executors ??= new LocalExecutorFactory(options.Threads);
        var fitter = new LdaFitter(corpus, options, progress, checkpoint, executors, cancellationToken);
        RestartedFit<LdaParameters> fit = await fitter.RunAsync(given, resume).ConfigureAwait(false);
        return await new LdaClosing(corpus, options, progress, executors).RunAsync(fit).ConfigureAwait(false);
    }

    static TopicModel CloseSweeps(Corpus corpus, LdaOptions options, SweepFit fit) => new(fit.Best, corpus.Vocabulary, new TopicModelRecord
    {
        Prevalence = fit.Prevalence,
        TermCounts = LdaClosing.CountTerms(corpus),
        Bound = fit.Traces[fit.BestStart][0].Objective,
        StopReason = fit.StopReason,
        Traces = fit.Traces,
        Passes = fit.Passes,
        BestStart = fit.BestStart,
        Options = options,
        KernelProfile = KernelProfiles.Current,
        Documents = corpus.DocumentCount,
        CorpusProperties = corpus.Properties,
    });
}
