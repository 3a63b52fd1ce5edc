using System.Numerics.Tensors;
using Elbo.Topics;

namespace Elbo.Reports.Topics;

/// <summary>The terms of a topic that are relevant for any λ: λ log p(v|k) + (1 − λ) log (p(v|k) / p(v)) (Sievert and Shirley 2014).</summary>
/// <remarks>Terms that the training corpus lacks (p(v) = 0) or the topic finds impossible are relevant for none. Among equals the more probable term comes first, then the lower id.</remarks>
sealed class Relevance
{
    /// <summary>How many terms are shown for a λ.</summary>
    public const int Shown = 30;

    /// <summary>λ goes from 0 to 1 in so many steps, as the slider does.</summary>
    public const int Steps = 100;

    readonly LdaParameters _parameters;
    readonly int[] _terms;
    readonly double[] _logShares, _logProbabilities, _scores;

    public Relevance(LdaParameters parameters, IReadOnlyList<double> termShares)
    {
        _parameters = parameters;
        _terms = [.. Enumerable.Range(0, termShares.Count).Where(term => termShares[term] > 0)];
        _logShares = [.. _terms.Select(term => Math.Log(termShares[term]))];
        _logProbabilities = new double[_terms.Length];
        _scores = new double[_terms.Length];
    }

    /// <summary>The ids, in rising order, of the terms that are among the first for some λ.</summary>
    public int[] TermsOf(int topic)
    {
        for (int i = 0; i < _terms.Length; i++) _logProbabilities[i] = Math.Log(_parameters.TermProbability(topic, _terms[i]));
        var found = new HashSet<int>();
        for (int step = 0; step <= Steps; step++)
        {
            TensorPrimitives.MultiplyAdd(_logShares, (double)step / Steps - 1, _logProbabilities, _scores);
            AddFirst(found);
        }
        return [.. found.Order()];
    }

    void AddFirst(HashSet<int> found)
    {
        var first = new PriorityQueue<int, (double, double, int)>(Shown + 1);
        double least = double.NegativeInfinity;
        for (int i = 0; i < _scores.Length; i++)
        {
            double score = _scores[i];
            // Also leaves out −∞, of impossible terms.
            if (!(score >= least) || double.IsNegativeInfinity(score)) continue;
            first.Enqueue(i, (score, _logProbabilities[i], -i));
            if (first.Count <= Shown) continue;
            first.Dequeue();
            first.TryPeek(out _, out (double Score, double, int) last);
            least = last.Score;
        }
        foreach ((int i, _) in first.UnorderedItems) found.Add(_terms[i]);
    }
}
