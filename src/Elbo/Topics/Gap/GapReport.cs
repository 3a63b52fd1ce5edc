namespace Elbo.Topics.Gap;

/// <summary>KL(q ‖ p(ϑ,z|w)) = log p(w|α,β) − ELBO in nats, with an interval of about 95 %.</summary>
/// <param name="Value">log p̂ − ELBO. Never below 0 in truth; an estimate may be, by its error.</param>
/// <param name="Lower"><paramref name="Value"/> less 1.96 standard errors.</param>
/// <param name="Upper"><paramref name="Value"/> and 1.96 standard errors, and what log p̂ is too low by on average besides.</param>
public readonly record struct GapInterval(double Value, double Lower, double Upper)
{
    // The normal distribution's.
    const double StandardErrors = 1.959963984540054;

    internal static GapInterval Of(double gap, double standardError, double bias) =>
        new(gap, gap - StandardErrors * standardError, gap + StandardErrors * standardError - bias);
}

/// <summary>What was measured of one document.</summary>
/// <param name="Document">Its number in the corpus, from 0.</param>
/// <param name="Tokens">Its tokens that the model knows: all below is of these.</param>
/// <param name="UnknownTokens">Tokens of terms that the model does not have or finds impossible.</param>
/// <param name="Bound">The ELBO in nats, q at its fixed point.</param>
/// <param name="Annealing">log p by annealed importance sampling; null where that was not asked for.</param>
/// <param name="LeftToRight">log p by left-to-right; null where that was not asked for, or the document is too long for it.</param>
public sealed record DocumentGap(int Document, long Tokens, long UnknownTokens, double Bound, EvidenceEstimate? Annealing, EvidenceEstimate? LeftToRight)
{
    /// <summary>The estimate that the gap is read from: annealing where there is one. Not the one that looks better: that would be the one which missed more.</summary>
    public EvidenceEstimate Evidence => Annealing ?? LeftToRight!.Value;

    /// <summary>The KL of the document.</summary>
    public GapInterval Gap => GapInterval.Of(Evidence.LogEvidence - Bound, Evidence.StandardError, Evidence.Bias);

    /// <summary>The KL per token; 0 for an empty document.</summary>
    public double GapPerToken => Tokens == 0 ? 0 : Gap.Value / Tokens;
}

/// <summary>Sums over the documents that an estimator measured. Documents are independent: variances and biases add up.</summary>
/// <param name="Documents">How many documents.</param>
/// <param name="Tokens">Their tokens that the model knows.</param>
/// <param name="Bound">The sum of their ELBOs, in nats.</param>
/// <param name="LogEvidence">The sum of the estimates of log p, in nats.</param>
/// <param name="StandardError">The standard error of that sum.</param>
/// <param name="Bias">By how much that sum is too low on average, about; ≤ 0.</param>
/// <param name="LowEffectiveSampleSize">The effective sample size that a twentieth of the documents fall short of.</param>
/// <param name="Samples">How many weights each document has, where all have the same number: chains or particles.</param>
public sealed record GapTotal(int Documents, long Tokens, double Bound, double LogEvidence, double StandardError, double Bias, double LowEffectiveSampleSize, int Samples)
{
    const double LowShare = 0.05;

    /// <summary>The KL of all these documents.</summary>
    public GapInterval Gap => GapInterval.Of(LogEvidence - Bound, StandardError, Bias);

    /// <summary>The KL per token; 0 where there is none.</summary>
    public double GapPerToken => Tokens == 0 ? 0 : Gap.Value / Tokens;

    internal static GapTotal? Of(IEnumerable<DocumentGap> documents, Func<DocumentGap, EvidenceEstimate?> estimate)
    {
        int samples = 0;
        long tokens = 0;
        var sizes = new List<double>();
        double bound = 0, log = 0, variance = 0, bias = 0;
        foreach (DocumentGap document in documents)
        {
            if (estimate(document) is not { } found) continue;
            samples = found.Samples;
            sizes.Add(found.EffectiveSampleSize);
            tokens += document.Tokens;
            bound += document.Bound;
            log += found.LogEvidence;
            variance += found.StandardError * found.StandardError;
            bias += found.Bias;
        }
        return sizes.Count == 0 ? null : new GapTotal(sizes.Count, tokens, bound, log, Math.Sqrt(variance), bias, GapReport.Quantile(sizes, LowShare), samples);
    }
}

/// <summary>How two estimators agree on the documents that both measured.</summary>
/// <param name="Documents">How many, empty ones left out.</param>
/// <param name="MedianPerToken">The median over documents of |annealing − left-to-right|, per token.</param>
/// <param name="Difference">The sum of annealing − left-to-right, in nats.</param>
/// <param name="StandardError">The standard error of that sum.</param>
/// <param name="Bias">The difference that is to be expected on average: annealing's bias less left-to-right's.</param>
public sealed record EstimatorAgreement(int Documents, double MedianPerToken, double Difference, double StandardError, double Bias)
{
    /// <summary>How many standard errors lie between the difference and its bias; 0 where both are exact.</summary>
    public double Deviation => StandardError == 0 ? 0 : Math.Abs(Difference - Bias) / StandardError;

    internal static EstimatorAgreement? Of(IEnumerable<DocumentGap> documents)
    {
        DocumentGap[] both = [.. documents.Where(document => document is { Tokens: > 0, Annealing: not null, LeftToRight: not null })];
        if (both.Length == 0) return null;
        GapTotal annealing = GapTotal.Of(both, document => document.Annealing)!, leftToRight = GapTotal.Of(both, document => document.LeftToRight)!;
        return new EstimatorAgreement(both.Length,
            GapReport.Quantile(both.Select(document => Math.Abs(document.Annealing!.Value.LogEvidence - document.LeftToRight!.Value.LogEvidence) / document.Tokens), 0.5),
            annealing.LogEvidence - leftToRight.LogEvidence,
            Math.Sqrt(annealing.StandardError * annealing.StandardError + leftToRight.StandardError * leftToRight.StandardError),
            annealing.Bias - leftToRight.Bias);
    }
}

/// <summary>The gap of a model on a corpus. Immutable.</summary>
public sealed record GapReport
{
    /// <summary>The documents that were measured, in the order of their numbers.</summary>
    public required IReadOnlyList<DocumentGap> Documents { get; init; }

    /// <summary>How many documents the corpus has, measured or not.</summary>
    public required int CorpusDocuments { get; init; }

    /// <summary>Documents that were drawn but are too long for the only estimator that was asked for.</summary>
    public required int TooLongDocuments { get; init; }

    /// <summary>
    /// Whether the topics are smoothed, so that all this is at their means β = E_q[β]: the gap of the documents at those. The gap of the whole corpus under q(β), whose ELBO the fit tells, is not estimated.
    /// </summary>
    public required bool IsAtMeans { get; init; }

    /// <summary>How it was measured.</summary>
    public required GapOptions Options { get; init; }

    /// <summary>All documents, by <see cref="DocumentGap.Evidence"/>; null where none was measured.</summary>
    public GapTotal? Total => GapTotal.Of(Documents, document => document.Evidence);

    /// <summary>Those measured by annealing; null where there is none.</summary>
    public GapTotal? Annealing => GapTotal.Of(Documents, document => document.Annealing);

    /// <summary>Those measured left-to-right; null where there is none.</summary>
    public GapTotal? LeftToRight => GapTotal.Of(Documents, document => document.LeftToRight);

    /// <summary>How the two agree; null where no document was measured by both.</summary>
    public EstimatorAgreement? Agreement => EstimatorAgreement.Of(Documents);

    /// <summary>Documents measured that have no token which the model knows: log p = 0, and no gap.</summary>
    public int EmptyDocuments => Documents.Count(document => document.Tokens == 0);

    /// <summary>Tokens of the measured documents that the model does not know, left out.</summary>
    public long UnknownTokens => Documents.Sum(document => document.UnknownTokens);

    /// <summary>A quantile of something over the measured documents that have a token: the least value that so large a share of them does not exceed.</summary>
    /// <param name="value">Of what.</param>
    /// <param name="share">From 0 to 1: ½ is the median.</param>
    /// <returns>NaN where no document has a token.</returns>
    public double Quantile(Func<DocumentGap, double> value, double share)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!(share is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "A quantile's share is from 0 to 1.");
        return Quantile(Documents.Where(document => document.Tokens > 0).Select(value), share);
    }

    internal static double Quantile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }
}
