using Elbo.Corpora;
using Elbo.Engine;
using Elbo.Numerics;

namespace Elbo.Topics.Gap;

/// <summary>How far the ELBO of LDA's documents is from their log-evidence: KL(q ‖ p(ϑ,z|w)), which no E-step can compute, measured by sampling.</summary>
public static class EvidenceGap
{
    // The streams below belong to the documents.
    const ulong ChoiceStream = ulong.MaxValue;

    /// <summary>Measures the documents of a corpus, or some of them, drawn by the seed. The corpus may have another vocabulary: terms are matched by name.</summary>
    /// <param name="model">The model; where its topics are smoothed, they are taken at their means.</param>
    /// <param name="corpus">The documents.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Hears how many documents are done.</param>
    /// <param name="cancellationToken">Ends the work, with nothing.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static GapReport Measure(TopicModel model, Corpus corpus, GapOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(corpus);
        options ??= new GapOptions();
        options.Validate();
        var match = new CorpusMatch(model, corpus, possibleOnly: true);
        int[] documents = Choose(corpus.DocumentCount, options);
        long[] lengths = [.. documents.Select(document => Length(match.Corpus, document))];
        // The long ones first, so that no thread is left with one at the end.
        int[] order = [.. Enumerable.Range(0, documents.Length).OrderByDescending(i => lengths[i])];
        var found = new DocumentGap?[documents.Length];
        var topics = DocumentEvidence.At(model.Parameters);
        var workers = new DocumentEvidence?[options.Threads];
        int done = 0;
        Crew.Run(options.Threads, documents.Length, (worker, item) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            int i = order[item];
            found[i] = Measure(workers[worker] ??= topics.ForAnotherThread(), match, documents[i], lengths[i], options, cancellationToken);
            progress?.Report(Interlocked.Increment(ref done));
        });
        return new GapReport
        {
            Documents = [.. found.OfType<DocumentGap>()],
            CorpusDocuments = corpus.DocumentCount,
            TooLongDocuments = found.Count(document => document is null),
            IsAtMeans = !model.Parameters.HasPoints,
            Options = options,
        };
    }

    static DocumentGap? Measure(DocumentEvidence evidence, CorpusMatch match, int document, long length, GapOptions options, CancellationToken cancellationToken)
    {
        bool goesLeftToRight = options.GoesLeftToRight && length <= options.MaximumLength;
        if (!options.Anneals && !goesLeftToRight) return null;
        ReadOnlySpan<int> terms = match.Corpus.Terms(document), counts = match.Corpus.Counts(document);
        return new DocumentGap(document, length, match.UnknownTokens(document), evidence.Bound(terms, counts),
            options.Anneals ? evidence.Anneal(terms, counts, options.Chains, options.Steps, Stream(0), cancellationToken) : null,
            goesLeftToRight ? evidence.LeftToRight(terms, counts, options.Particles, Stream(1), cancellationToken) : null);

        Philox Stream(ulong estimator) => Philox.ForStream(options.Seed, 2 * (ulong)document + estimator);
    }

    static int[] Choose(int documents, GapOptions options)
    {
        int[] all = [.. Enumerable.Range(0, documents)];
        if (documents <= options.MaximumDocuments) return all;
        Philox.ForStream(options.Seed, ChoiceStream).Shuffle<int>(all);
        return [.. all.Take(options.MaximumDocuments).Order()];
    }

    static long Length(Corpus corpus, int document)
    {
        long length = 0;
        foreach (int count in corpus.Counts(document)) length += count;
        return length;
    }
}
