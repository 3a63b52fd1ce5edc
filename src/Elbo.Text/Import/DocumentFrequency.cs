using System.Globalization;

namespace Elbo.Text;

/// <summary>A number of documents, given as a count or as a share of all documents.</summary>
public readonly record struct DocumentFrequency
{
    readonly double _value;
    readonly bool _isShare;

    DocumentFrequency(double value, bool isShare) => (_value, _isShare) = (value, isShare);

    /// <summary>So many documents, 0 or more.</summary>
    public static DocumentFrequency Count(int documents)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(documents);
        return new(documents, false);
    }

    /// <summary>A share of all documents, from 0 to 1.</summary>
    public static DocumentFrequency Share(double share) =>
        share is >= 0 and <= 1 ? new(share, true) : throw new ArgumentOutOfRangeException(nameof(share), share, "A share of documents is from 0 to 1.");

    /// <summary>Reads a count (<c>5</c>) or a share (<c>10%</c>, <c>0.1</c>; with a point, so that <c>1</c> is one document and <c>1.0</c> all).</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static DocumentFrequency Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        if (int.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out int count)) return Count(count);
        bool percent = trimmed.EndsWith('%');
        if (double.TryParse(percent ? trimmed[..^1] : trimmed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && (percent ? value / 100 : value) <= 1)
            return Share(percent ? value / 100 : value);
        throw new FormatException($"'{text}' is neither a number of documents (5) nor a share of them (10% or 0.1).");
    }

    /// <summary>The least whole number of documents that is not below this, of <paramref name="documents"/> in all.</summary>
    internal long AtLeast(long documents) => (long)Math.Ceiling(Of(documents) - 1e-9);

    /// <summary>The greatest whole number of documents that is not above this.</summary>
    internal long AtMost(long documents) => (long)Math.Floor(Of(documents) + 1e-9);

    double Of(long documents) => _isShare ? _value * documents : _value;

    /// <summary>As <see cref="Parse"/> reads it: <c>5</c> or <c>10%</c>.</summary>
    public override string ToString() => _isShare
        ? (_value * 100).ToString("0.##########", CultureInfo.InvariantCulture) + "%"
        : _value.ToString(CultureInfo.InvariantCulture);
}
