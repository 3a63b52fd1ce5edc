using Elbo.Numerics;

namespace Elbo.Topics.Gap;

/// <summary>
/// What is true of a tiny document at given topics: log p(w | α, β) and the posterior mean of its topic proportions, by summing over every assignment z of its tokens. Immutable.
/// </summary>
/// <remarks>
/// p(z | α) depends on z through the counts n alone (how many tokens each topic has), so that assignments with the same counts are added up first, token after token:
/// p(w | α, β) = Σ_n W(n) Γ(Σα)/Γ(Σα + N) Π_k Γ(α_k + n_k)/Γ(α_k), with W(n) = Σ over z of counts n of Π_i β_{z_i, w_i}. That is (N + 1)^(K − 1) numbers instead of K^N.
/// Nothing is approximated; sums are formed of logarithms.
/// </remarks>
public sealed class ExactDocument
{
    /// <summary>The largest (N + 1)^(K − 1) N that is taken on: some seconds.</summary>
    public const long MaximumSteps = 10_000_000;

    readonly double[] _proportions;

    ExactDocument(double logEvidence, double[] proportions) => (LogEvidence, _proportions) = (logEvidence, proportions);

    /// <summary>log p(w | α, β) in nats; 0 for an empty document.</summary>
    public double LogEvidence { get; }

    /// <summary>E[ϑ_k | w, α, β]: K values above 0 that add up to 1.</summary>
    public ReadOnlySpan<double> Proportions => _proportions;

    /// <summary>Sums over all assignments of a document.</summary>
    /// <param name="parameters">α and topics β that are points.</param>
    /// <param name="terms">The document's terms.</param>
    /// <param name="counts">How often each occurs.</param>
    /// <exception cref="ArgumentException">Topics are no points, the document is too long, or no topic has one of its terms.</exception>
    public static ExactDocument Of(LdaParameters parameters, ReadOnlySpan<int> terms, ReadOnlySpan<int> counts)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Estimate == TopicEstimate.Variational) throw new ArgumentException("log p(w|α,β) is asked of topics that are points; these are a distribution. Take their means.", nameof(parameters));
        if (terms.Length != counts.Length) throw new ArgumentException($"There are {terms.Length} terms and {counts.Length} counts.", nameof(counts));
        long tokens = 0;
        foreach (int count in counts) tokens += count;
        double cells = Math.Pow(tokens + 1, parameters.Topics - 1);
        if (!(cells * tokens <= MaximumSteps))
            throw new ArgumentException($"A document of {tokens} tokens and {parameters.Topics} topics needs {cells * tokens:G3} steps, and no more than {MaximumSteps} are taken on. Take a shorter document or fewer topics.", nameof(counts));
        return Sum(parameters.Alpha, Assign(parameters, terms, counts, (int)tokens, (int)cells), (int)tokens);
    }

    /// <summary>log W(n) of all counts n of the tokens: cell Σ_k&lt;K−1 n_k (N + 1)^k, the last topic having the rest.</summary>
    static double[] Assign(LdaParameters parameters, ReadOnlySpan<int> terms, ReadOnlySpan<int> counts, int tokens, int cells)
    {
        int topics = parameters.Topics, first = topics - 1;
        var logs = new double[cells];
        Array.Fill(logs, double.NegativeInfinity);
        logs[0] = 0;
        var parts = new double[topics];
        for (int i = 0; i < terms.Length; i++)
        {
            ReadOnlySpan<double> row = parameters.TermTopic.Slice(terms[i] * topics, topics);
            if (counts[i] > 0 && !row.ContainsAnyExcept(0.0)) throw new ArgumentException($"Term {terms[i]} has the probability 0 in every topic, so that the document is impossible.", nameof(terms));
            for (int repeat = 0; repeat < counts[i]; repeat++)
            {
                // From the last cell down, so that those without this token are still there.
                for (int cell = cells - 1; cell >= 0; cell--)
                {
                    parts[first] = logs[cell] + Math.Log(row[first]);
                    for (int k = 0, stride = 1; k < first; k++, stride *= tokens + 1)
                        parts[k] = cell / stride % (tokens + 1) == 0 ? double.NegativeInfinity : logs[cell - stride] + Math.Log(row[k]);
                    logs[cell] = SpecialFunctions.LogSumExp(parts);
                }
            }
        }
        return logs;
    }

    static ExactDocument Sum(ReadOnlySpan<double> alpha, double[] logs, int tokens)
    {
        int topics = alpha.Length;
        double total = 0;
        foreach (double value in alpha) total += value;
        var numbers = new int[topics];
        for (int cell = 0; cell < logs.Length; cell++)
        {
            if (double.IsNegativeInfinity(logs[cell])) continue;
            Count(cell, tokens, numbers);
            logs[cell] += SpecialFunctions.LogGamma(total) - SpecialFunctions.LogGamma(total + tokens);
            for (int k = 0; k < topics; k++) logs[cell] += SpecialFunctions.LogGamma(alpha[k] + numbers[k]) - SpecialFunctions.LogGamma(alpha[k]);
        }
        double evidence = SpecialFunctions.LogSumExp(logs);
        var proportions = new double[topics];
        for (int cell = 0; cell < logs.Length; cell++)
        {
            if (double.IsNegativeInfinity(logs[cell])) continue;
            Count(cell, tokens, numbers);
            for (int k = 0; k < topics; k++) proportions[k] += Math.Exp(logs[cell] - evidence) * (alpha[k] + numbers[k]) / (total + tokens);
        }
        return new ExactDocument(evidence, proportions);
    }

    /// <summary>n of a cell.</summary>
    static void Count(int cell, int tokens, Span<int> numbers)
    {
        int left = tokens;
        for (int k = 0; k < numbers.Length - 1; k++, cell /= tokens + 1) left -= numbers[k] = cell % (tokens + 1);
        numbers[^1] = left;
    }
}
