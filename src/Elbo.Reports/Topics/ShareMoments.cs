using System.Numerics.Tensors;

namespace Elbo.Reports.Topics;

/// <summary>Pearson's correlation between topics over documents, of the shares of a document's tokens that topics explain. Documents without a known token say nothing.</summary>
/// <param name="centre">About the mean of the shares: moments about it lose no digits.</param>
sealed class ShareMoments(IReadOnlyList<double> centre)
{
    readonly double[] _deviations = new double[centre.Count];
    readonly double[] _sums = new double[centre.Count];
    // Above the diagonal and on it.
    readonly double[] _products = new double[centre.Count * centre.Count];
    int _documents;

    public void Add(ReadOnlySpan<double> shares)
    {
        int topics = shares.Length;
        for (int topic = 0; topic < topics; topic++) _sums[topic] += _deviations[topic] = shares[topic] - centre[topic];
        for (int topic = 0; topic < topics; topic++)
        {
            Span<double> row = _products.AsSpan(topic * topics + topic, topics - topic);
            TensorPrimitives.MultiplyAdd(_deviations.AsSpan(topic), _deviations[topic], row, row);
        }
        _documents++;
    }

    /// <summary>In [−1, 1]; null where a topic's share is the same in all documents.</summary>
    public double? Correlation(int a, int b)
    {
        double scale = Math.Sqrt(Covariance(a, a)) * Math.Sqrt(Covariance(b, b));
        return scale > 0 ? Math.Clamp(Covariance(Math.Min(a, b), Math.Max(a, b)) / scale, -1, 1) : null;
    }

    double Covariance(int a, int b) => _documents == 0 ? 0 : _products[a * centre.Count + b] / _documents - _sums[a] / _documents * (_sums[b] / _documents);
}
