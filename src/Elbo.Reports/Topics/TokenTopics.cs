using Elbo.Numerics;
using Elbo.Topics;

namespace Elbo.Reports.Topics;

/// <summary>Where the tokens of a document come from by mean field: φ_nk ∝ exp(E[log β_k,w_n] + Ψ(γ_k)). For one thread.</summary>
sealed class TokenTopics(LdaParameters parameters)
{
    // E[log β] of the terms that were met, K values each; null where no topic has the term.
    readonly Dictionary<int, double[]?> _rows = [];
    readonly double[] _expectedLogs = new double[parameters.Topics];
    readonly double[] _logs = new double[parameters.Topics];

    /// <summary>Turns to a document.</summary>
    /// <param name="proportions">γ / Σ γ.</param>
    /// <param name="knownTokens">Its tokens that the model knows: Σ γ is that and Σ α.</param>
    public void Turn(ReadOnlySpan<double> proportions, long knownTokens)
    {
        double total = knownTokens;
        foreach (double alpha in parameters.Alpha) total += alpha;
        for (int topic = 0; topic < proportions.Length; topic++) _expectedLogs[topic] = SpecialFunctions.Digamma(proportions[topic] * total);
    }

    /// <summary>The topic that a token of the document most likely comes from (of equals the lower id), and its φ; null for a term that no topic has.</summary>
    public (int Topic, double Probability)? Likeliest(int term)
    {
        if (!_rows.TryGetValue(term, out double[]? row)) _rows[term] = row = Row(term);
        if (row is null) return null;
        int likeliest = 0;
        for (int topic = 0; topic < row.Length; topic++)
        {
            _logs[topic] = row[topic] + _expectedLogs[topic];
            if (_logs[topic] > _logs[likeliest]) likeliest = topic;
        }
        double sum = 0;
        foreach (double log in _logs) sum += Math.Exp(log - _logs[likeliest]);
        return (likeliest, 1 / sum);
    }

    double[]? Row(int term)
    {
        double[] row = [.. Enumerable.Range(0, parameters.Topics).Select(topic => parameters.ExpectedLogTerm(topic, term))];
        return Array.TrueForAll(row, double.IsNegativeInfinity) ? null : row;
    }
}
