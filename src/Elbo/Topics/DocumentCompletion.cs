using System.Runtime.InteropServices;
using Elbo.Corpora;
using Elbo.Numerics;

namespace Elbo.Topics;

/// <summary>A held-out score in nats per token; higher is better.</summary>
/// <param name="LogLikelihood">Σ log p(w) over the scored tokens, in nats.</param>
/// <param name="Tokens">How many tokens were scored.</param>
public readonly record struct TokenScore(double LogLikelihood, long Tokens)
{
    /// <summary>Nats per token; NaN where no token was scored.</summary>
    public double PerToken => LogLikelihood / Tokens;

    /// <summary>exp(−nats per token).</summary>
    public double Perplexity => Math.Exp(-PerToken);
}

/// <summary>The held-out scores of a model by document completion.</summary>
/// <param name="All">Over all held-out tokens of the model's vocabulary.</param>
/// <param name="Seen">Over those whose term occurs in the training corpus.</param>
/// <param name="Documents">Documents scored.</param>
/// <param name="SkippedDocuments">Documents left out because one half is empty.</param>
/// <param name="UnknownTokens">Tokens, of both halves, of terms that the model does not have; they are left out.</param>
public sealed record CompletionScore(TokenScore All, TokenScore Seen, int Documents, int SkippedDocuments, long UnknownTokens);

/// <summary>
/// Document completion (Wallach, Murray, Salakhutdinov, Mimno 2009, in its plug-in form): one half of a document tells its topic proportions,
/// the other half is scored by log Σ_k E[ϑ_k] β_kw. The topics are the points E[β], floored at 1e-12 and normalised again;
/// the fold-in begins at γ = α + N/K and runs to a mean |Δγ| of 1e-10.
/// </summary>
public static class DocumentCompletion
{
    const double Floor = 1e-12;

    static readonly DocumentOptions FoldInOptions = new() { Tolerance = 1e-10, MaximumUpdates = 20_000 };

    /// <summary>Scores whole documents: the tokens of each are shuffled by the seed, the first ⌈N/2⌉ are observed, the others scored.</summary>
    public static CompletionScore Score(TopicModel model, Corpus corpus, ulong seed = 1, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(corpus);
        var match = new CorpusMatch(model, corpus, possibleOnly: false);
        (Corpus observed, Corpus heldOut) = Split(match.Corpus, [.. Enumerable.Range(0, match.Corpus.DocumentCount)], seed);
        long unknown = 0;
        for (int document = 0; document < corpus.DocumentCount; document++) unknown += match.UnknownTokens(document);
        return Score(model, observed, heldOut, unknown, threads);
    }

    /// <summary>Scores given halves: document i of <paramref name="heldOut"/> is the other half of document i of <paramref name="observed"/>.</summary>
    /// <exception cref="ArgumentException">The corpora do not have as many documents.</exception>
    public static CompletionScore Score(TopicModel model, Corpus observed, Corpus heldOut, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(heldOut);
        if (observed.DocumentCount != heldOut.DocumentCount)
            throw new ArgumentException($"The observed half has {observed.DocumentCount} documents and the held-out half {heldOut.DocumentCount}; they must be halves of the same documents.", nameof(heldOut));
        CorpusMatch first = new(model, observed, possibleOnly: false), second = new(model, heldOut, possibleOnly: false);
        long unknown = 0;
        for (int document = 0; document < observed.DocumentCount; document++) unknown += first.UnknownTokens(document) + second.UnknownTokens(document);
        return Score(model, first.Corpus, second.Corpus, unknown, threads);
    }

    static CompletionScore Score(TopicModel model, Corpus observed, Corpus heldOut, long unknown, int threads)
    {
        LdaParameters points = PointTopics(model.Parameters);
        int topics = points.Topics, documents = 0, skipped = 0;
        TokenScore all = default, seen = default;
        foreach ((int first, double[] gamma) in FoldIn.Run(observed, points, FoldInOptions, Precision.Double, threads))
        {
            for (int i = 0; i < gamma.Length / topics; i++)
            {
                if (observed.Terms(first + i).IsEmpty || heldOut.Terms(first + i).IsEmpty)
                {
                    skipped++;
                    continue;
                }
                documents++;
                AddDocument(model, points, gamma.AsSpan(i * topics, topics), heldOut, first + i, ref all, ref seen);
            }
        }
        return new CompletionScore(all, seen, documents, skipped, unknown);
    }

    static void AddDocument(TopicModel model, LdaParameters points, ReadOnlySpan<double> gamma, Corpus heldOut, int document, ref TokenScore all, ref TokenScore seen)
    {
        double total = 0;
        foreach (double value in gamma) total += value;
        ReadOnlySpan<int> terms = heldOut.Terms(document), counts = heldOut.Counts(document);
        for (int n = 0; n < terms.Length; n++)
        {
            double probability = 0;
            ReadOnlySpan<double> row = points.TermTopic.Slice(terms[n] * points.Topics, points.Topics);
            for (int topic = 0; topic < row.Length; topic++) probability += gamma[topic] / total * row[topic];
            double log = counts[n] * Math.Log(probability);
            all = new TokenScore(all.LogLikelihood + log, all.Tokens + counts[n]);
            if (model.Record.TermCounts[terms[n]] > 0) seen = new TokenScore(seen.LogLikelihood + log, seen.Tokens + counts[n]);
        }
    }

    static LdaParameters PointTopics(LdaParameters parameters)
    {
        int topics = parameters.Topics;
        var beta = new double[parameters.TermTopic.Length];
        var sums = new double[topics];
        for (int i = 0; i < beta.Length; i++)
        {
            beta[i] = Math.Max(Floor, parameters.TermProbability(i % topics, i / topics));
            sums[i % topics] += beta[i];
        }
        for (int i = 0; i < beta.Length; i++) beta[i] /= sums[i % topics];
        return new LdaParameters(beta, parameters.Alpha.ToArray(), null);
    }

    /// <summary>Both halves of some documents, token by token: which token goes into which is drawn by the seed.</summary>
    internal static (Corpus Observed, Corpus HeldOut) Split(Corpus corpus, ReadOnlySpan<int> documents, ulong seed)
    {
        CorpusBuilder observed = new(corpus.Vocabulary), heldOut = new(corpus.Vocabulary);
        List<int> tokens = [];
        long unreleased = 0;
        for (int i = 0; i < documents.Length; i++)
        {
            tokens.Clear();
            ReadOnlySpan<int> terms = corpus.Terms(documents[i]), counts = corpus.Counts(documents[i]);
            for (int n = 0; n < terms.Length; n++)
                for (int copy = 0; copy < counts[n]; copy++) tokens.Add(terms[n]);
            Span<int> shuffled = CollectionsMarshal.AsSpan(tokens);
            Philox.ForStream(seed, (ulong)i).Shuffle(shuffled);
            int half = (shuffled.Length + 1) / 2;
            observed.AddBag(shuffled[..half]);
            heldOut.AddBag(shuffled[half..]);
            corpus.ReleaseAfter(ref unreleased, CorpusFile.EntriesAround);
        }
        return (observed.Build(), heldOut.Build());
    }
}
