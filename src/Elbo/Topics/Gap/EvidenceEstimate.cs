using Elbo.Numerics;

namespace Elbo.Topics.Gap;

/// <summary>An estimate of log p(w|α,β), in nats, as the logarithm of a mean of independent weights whose expectation is p(w|α,β).</summary>
/// <param name="LogEvidence">log p̂, p̂ the mean of the weights.</param>
/// <param name="StandardError">That of log p̂ by the delta method: the weights' standard deviation over p̂ √n. 0 where all weights are equal.</param>
/// <param name="EffectiveSampleSize">(Σ w)² / Σ w², from 1 to <paramref name="Samples"/>: as many weights as bear the mean. Near 1 the standard error is itself no more than a guess, and too low.</param>
/// <param name="Samples">n, the number of weights.</param>
public readonly record struct EvidenceEstimate(double LogEvidence, double StandardError, double EffectiveSampleSize, int Samples)
{
    /// <summary>About by how much log p̂ is too low on average (Jensen): −½ the relative variance of p̂. It is told, not taken out.</summary>
    public double Bias => -0.5 * StandardError * StandardError;

    /// <summary>The estimate of log-weights; one at least is finite.</summary>
    internal static EvidenceEstimate Of(ReadOnlySpan<double> logWeights)
    {
        int count = logWeights.Length;
        double log = SpecialFunctions.LogSumExp(logWeights) - Math.Log(count), squares = 0, deviations = 0;
        foreach (double logWeight in logWeights)
        {
            double weight = Math.Exp(logWeight - log);
            squares += weight * weight;
            deviations += (weight - 1) * (weight - 1);
        }
        return new EvidenceEstimate(log, Math.Sqrt(deviations / (count - 1) / count), (double)count * count / squares, count);
    }

    /// <summary>The evidence of a document without a token, which is certain.</summary>
    internal static EvidenceEstimate Certain(int samples) => new(0, 0, samples, samples);
}
