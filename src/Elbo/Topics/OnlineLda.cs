using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;
using Elbo.Topics.Sweeps;

namespace Elbo.Topics;

/// <summary>What a batch told a living model.</summary>
/// <param name="Batch">The batch's number, from 1.</param>
/// <param name="Documents">Its documents.</param>
/// <param name="Tokens">Its tokens of the vocabulary.</param>
/// <param name="UnknownTokens">Its tokens of terms that the vocabulary does not have; they are left out.</param>
/// <param name="HeldOut">Nats per token of its documents' second halves, given the first ones, before anything was learned from it; null for the first batch and where no document has two halves.</param>
/// <param name="HasFallen">Whether the average of the scores has fallen well below the best that it was: the stream has changed, or the model is being fitted too closely.</param>
public readonly record struct OnlineUpdate(int Batch, int Documents, long Tokens, long UnknownTokens, double? HeldOut, bool HasFallen);

/// <summary>
/// Latent Dirichlet allocation of a stream: topics that learn from one batch of documents after another (Hoffman, Blei, Bach 2010), and can be taken as a
/// <see cref="TopicModel"/> at any time. Every batch is scored before it is learned from, so that the scores are of documents never seen. Not thread-safe.
/// </summary>
public sealed class OnlineLda
{
    /// <summary>Documents of a batch that are scored, and the weight of its score in the average.</summary>
    const int MostScored = 200;

    const double Weight = 0.2, Fall = 0.05;

    /// <summary>Records of so many batches are kept, the latest: a stream need not end.</summary>
    const int MostRecords = 1000;

    readonly Vocabulary _vocabulary;
    readonly LdaOptions _options;
    readonly long[] _termCounts;
    readonly Queue<TopicPass> _passes = new();
    readonly long _began;
    CountTable? _counts;
    ISweepLearner? _learner;
    SweepPrior _prior;
    double? _average, _best;
    int _documents;
    long _tokens;

    /// <summary>Begins without topics; the first batch gives them.</summary>
    /// <param name="vocabulary">The terms, for good.</param>
    /// <param name="options">K, the seed, the priors and the steps; the E-step is <see cref="TopicEStep.OnlineMap"/>, or <see cref="TopicEStep.OnlineMeanField"/> where that is named.</param>
    /// <exception cref="ArgumentException">An option is out of range, or does not go with a stream.</exception>
    public OnlineLda(Vocabulary vocabulary, LdaOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        options ??= new LdaOptions();
        if (options.EStep is not (TopicEStep.Automatic or TopicEStep.OnlineMap or TopicEStep.OnlineMeanField))
            throw new ArgumentException($"A stream is learned from online: by OnlineMap or OnlineMeanField, not by {options.EStep}.", nameof(options));
        if (options.UpdateAlpha != ConcentrationUpdate.Fixed || options.UpdateEta)
            throw new ArgumentException("α and η of a stream are fixed: there is no end of a pass to estimate them at.", nameof(options));
        _options = options with { EStep = options.EStep == TopicEStep.Automatic ? TopicEStep.OnlineMap : options.EStep, Precision = Precision.Single };
        _options.Validate();
        _vocabulary = vocabulary;
        _termCounts = new long[vocabulary.Count];
        _prior = new SweepPrior([.. Enumerable.Repeat(_options.Alpha, _options.Topics)], _options.Eta!.Value);
        _began = _options.TimeProvider.GetTimestamp();
    }

    /// <summary>How many batches have been taken in.</summary>
    public int Batches { get; private set; }

    /// <summary>Scores a batch, then takes a step.</summary>
    /// <param name="batch">Some documents; terms are matched by name.</param>
    /// <exception cref="ArgumentException">The batch has no token of the vocabulary.</exception>
    public OnlineUpdate Update(Corpus batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        (Corpus known, long unknown) = CorpusMatch.ToVocabulary(_vocabulary, batch);
        if (known.TokenCount == 0) throw new ArgumentException("The batch has no token of the vocabulary: there is nothing to learn from it.", nameof(batch));
        int[] documents = [.. Enumerable.Range(0, known.DocumentCount)];
        double? score = _counts is null ? null : Score(known);
        if (_counts is null)
        {
            _counts = CountTable.FromStart(LdaStarts.Create(known, _options, 0), known.TokenCount);
            _learner = SweepRun.Learner(_counts, _prior, _options);
        }
        _tokens += known.TokenCount;
        // The counts are those of all that was seen.
        double objective = _learner!.Step(known, documents, _options.StepAfter(Batches), _tokens);
        Count(known);
        Batches++;
        _average = score is { } value ? _average is { } average ? average + Weight * (value - average) : value : _average;
        if (_average > _best || _best is null) _best = _average;
        if (_passes.Count == MostRecords) _passes.Dequeue();
        _passes.Enqueue(new TopicPass { Number = Batches, Segment = "stream", Objective = objective, HeldOut = score, Elapsed = _options.TimeProvider.GetElapsedTime(_began) });
        return new OnlineUpdate(Batches, known.DocumentCount, known.TokenCount, unknown, score, _average < _best - Fall);
    }

    /// <summary>The topics as they are now, with the ELBO that they give to some documents: <see cref="TopicModel.Bound"/> is of those alone, the counts in the record are of the whole stream, its passes the latest thousand batches.</summary>
    /// <param name="documents">Documents for the closing mean-field pass, of any vocabulary: the last batch, say.</param>
    /// <exception cref="ArgumentException">They have no token of the vocabulary.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been learned yet.</exception>
    public TopicModel ToModel(Corpus documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        if (_counts is null) throw new InvalidOperationException("Nothing has been learned yet: give a batch to Update first.");
        Corpus known = CorpusMatch.ToVocabulary(_vocabulary, documents).Known;
        if (known.TokenCount == 0) throw new ArgumentException("The documents have no token of the vocabulary.", nameof(documents));
        // A copy, for taking a model must not change what is learned from here on.
        var counts = new CountTable(_counts.Terms, _counts.Topics);
        _counts.CopyTo(counts);
        LdaParameters parameters = counts.ToParameters(_prior.Alpha, _prior.Eta);
        (Iteration closing, double[] prevalence) = ClosingPass.Run(known, parameters, _options.Document, Batches, _options.Threads);
        closing = closing with { StopReason = StopReason.IterationLimit };
        return new TopicModel(parameters, _vocabulary, new TopicModelRecord
        {
            Prevalence = prevalence,
            TermCounts = [.. _termCounts],
            Bound = closing.Objective,
            StopReason = StopReason.IterationLimit,
            Traces = [[closing]],
            Passes = [[.. _passes]],
            BestStart = 0,
            Options = _options,
            KernelProfile = KernelProfiles.Current,
            Documents = _documents,
            CorpusProperties = documents.Properties,
        });
    }

    double? Score(Corpus batch)
    {
        (Corpus observed, Corpus heldOut) = DocumentCompletion.Split(batch, [.. Enumerable.Range(0, Math.Min(MostScored, batch.DocumentCount))], _options.Seed);
        double score = SweepRun.Monitor(observed, heldOut).Score(_counts!, _prior);
        return double.IsNaN(score) ? null : score;
    }

    void Count(Corpus batch)
    {
        _documents = checked(_documents + batch.DocumentCount);
        for (int document = 0; document < batch.DocumentCount; document++)
        {
            ReadOnlySpan<int> terms = batch.Terms(document), counts = batch.Counts(document);
            for (int i = 0; i < terms.Length; i++) _termCounts[terms[i]] += counts[i];
        }
    }
}
