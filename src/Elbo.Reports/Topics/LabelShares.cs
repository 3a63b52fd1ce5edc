using System.Globalization;
using System.Numerics.Tensors;
using Elbo.Corpora;

namespace Elbo.Reports.Topics;

/// <summary>Gathers how many tokens of each label every topic explains.</summary>
sealed class LabelShares
{
    /// <summary>Numbers, such as years, make a line; names make bars, and people read fewer of those.</summary>
    const int MaximumNumbers = 500, MaximumNames = 40;

    readonly string[] _labels;
    readonly bool _isNumeric;
    readonly int _omitted;
    readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    readonly double[][] _explained;
    readonly long[] _tokens;

    LabelShares(Dictionary<string, int> documents, int topics)
    {
        _isNumeric = documents.Keys.All(label => TryParse(label, out _));
        IEnumerable<string> kept = documents.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(_isNumeric ? MaximumNumbers : MaximumNames).Select(pair => pair.Key);
        _labels = [.. _isNumeric ? kept.OrderBy(Number).ThenBy(label => label, StringComparer.Ordinal) : kept.Order(StringComparer.Ordinal)];
        _omitted = documents.Count - _labels.Length;
        for (int i = 0; i < _labels.Length; i++) _places[_labels[i]] = i;
        _explained = [.. _labels.Select(_ => new double[topics])];
        _tokens = new long[_labels.Length];
    }

    /// <summary>Null where documents do not have two labels or more.</summary>
    public static LabelShares? Of(Corpus corpus, int topics)
    {
        if (!corpus.HasLabels) return null;
        var documents = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int document = 0; document < corpus.DocumentCount; document++)
            if (corpus.Label(document) is { Length: > 0 } label) documents[label] = documents.GetValueOrDefault(label) + 1;
        return documents.Count < 2 ? null : new LabelShares(documents, topics);
    }

    /// <param name="label">The document's label.</param>
    /// <param name="knownTokens">Its known tokens.</param>
    /// <param name="explained">How many of them each topic explains.</param>
    public void Add(string? label, long knownTokens, ReadOnlySpan<double> explained)
    {
        if (string.IsNullOrEmpty(label) || !_places.TryGetValue(label, out int place)) return;
        _tokens[place] += knownTokens;
        TensorPrimitives.Add(_explained[place], explained, _explained[place]);
    }

    public LabelTrend ToTrend(int topics) => new(_isNumeric, _labels, _tokens,
        [.. Enumerable.Range(0, topics).Select(topic => _labels.Select((_, place) => _tokens[place] == 0 ? 0 : _explained[place][topic] / _tokens[place]).ToArray())], _omitted);

    static double Number(string label) => TryParse(label, out double value) ? value : throw new InvalidOperationException($"'{label}' is no number.");

    // What JavaScript's Number reads too.
    static bool TryParse(string label, out double value) => double.TryParse(label, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
