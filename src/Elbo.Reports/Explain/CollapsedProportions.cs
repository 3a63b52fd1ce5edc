using Elbo.Topics;

namespace Elbo.Reports.Explain;

/// <summary>
/// CVB0 for one document at given topics (Asuncion, Welling, Smyth, Teh 2009, eq. 13, with the topics' part held fixed): γ_nk ∝ (α_k + Σ_m≠n γ_mk) β_k,w_n to a fixed point.
/// ϑ is integrated out, and a token's own part is left out of what explains it. It has no bound of its own.
/// </summary>
static class CollapsedProportions
{
    const int MaximumSweeps = 10_000;
    const double Tolerance = 1e-12;

    /// <summary>(α_k + Σ_n γ_nk) / (Σα + N).</summary>
    /// <param name="parameters">α and topics that are points.</param>
    /// <param name="terms">The document's terms.</param>
    /// <param name="counts">How often each occurs: tokens of a term share their γ.</param>
    public static double[] Of(LdaParameters parameters, ReadOnlySpan<int> terms, ReadOnlySpan<int> counts)
    {
        int topics = parameters.Topics;
        double[] expected = new double[topics], gamma = new double[terms.Length * topics], weights = new double[topics];
        Array.Fill(gamma, 1.0 / topics);
        double tokens = 0;
        foreach (int count in counts) tokens += count;
        Array.Fill(expected, tokens / topics);
        double moved = double.PositiveInfinity;
        for (int sweep = 0; sweep < MaximumSweeps && moved > Tolerance; sweep++)
        {
            moved = 0;
            for (int n = 0; n < terms.Length; n++)
            {
                Span<double> own = gamma.AsSpan(n * topics, topics);
                double sum = 0;
                for (int k = 0; k < topics; k++) sum += weights[k] = (parameters.Alpha[k] + expected[k] - own[k]) * parameters.TermTopic[terms[n] * topics + k];
                for (int k = 0; k < topics; k++)
                {
                    double change = weights[k] / sum - own[k];
                    own[k] += change;
                    expected[k] += counts[n] * change;
                    moved = Math.Max(moved, Math.Abs(change));
                }
            }
        }
        double total = tokens;
        foreach (double alpha in parameters.Alpha) total += alpha;
        return [.. expected.Select((count, k) => (parameters.Alpha[k] + count) / total)];
    }
}
