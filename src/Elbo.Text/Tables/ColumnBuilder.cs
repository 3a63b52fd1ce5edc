using System.Globalization;

namespace Elbo.Text;

/// <summary>The values of one column as they are read: numbers, or indices of the different texts.</summary>
/// <param name="name">The column.</param>
/// <param name="keepsText">Whether texts are kept; else a column is given up at the first value that is no number.</param>
/// <param name="rows">Where the rows come from, for messages.</param>
sealed class ColumnBuilder(string name, bool keepsText, TableRows rows)
{
    readonly List<double> _numbers = [];
    readonly List<int> _codes = [];
    readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    int _missing;
    string _missingAs = "";

    public string Name => name;

    public int Rows { get; private set; }

    /// <summary>The first row whose value is there and is no finite number, from 1, and the value; 0 where there is none.</summary>
    public (int Row, string Value) FirstText { get; private set; }

    /// <summary>Whether every value that is there is a number.</summary>
    public bool IsNumeric => FirstText.Row == 0;

    /// <summary>The texts in the order of their indices: ordinal, or by number where all are numbers.</summary>
    public string[] Categories => [.. IsNumeric ? _texts.Keys.OrderBy(Parse).ThenBy(text => text, StringComparer.Ordinal) : _texts.Keys.Order(StringComparer.Ordinal)];

    public void Add(string? value)
    {
        Rows++;
        if (IsMissing(value))
        {
            if (_missing == 0) (_missing, _missingAs) = (Rows, string.IsNullOrWhiteSpace(value) ? "" : $" ({value.Trim()})");
            Keep("", double.NaN);
            return;
        }
        string text = value!.Trim();
        bool number = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) && double.IsFinite(parsed);
        if (!number && IsNumeric) FirstText = (Rows, text);
        Keep(text, parsed);
    }

    /// <summary>The numbers.</summary>
    /// <exception cref="InvalidDataException">A value is missing, or is no finite number; the message names the row.</exception>
    public double[] Numbers()
    {
        RefuseMissing();
        if (!IsNumeric)
            throw new InvalidDataException($"{rows.Of(FirstText.Row)}, column '{name}' is '{FirstText.Value}', which is no finite number. Leave the column out (--columns names those to read), or take a family of categories.");
        if (!keepsText) return [.. _numbers];
        double[] numbers = [.. _texts.Keys.Select(Parse)];
        return [.. _codes.Select(code => numbers[code])];
    }

    /// <summary>The index of each row's text among the categories; −1 where it is missing, if that is allowed.</summary>
    /// <exception cref="InvalidDataException">A value is missing, or none of the categories; the message names the row.</exception>
    public int[] Indices(IReadOnlyList<string> categories, bool mayBeMissing = false)
    {
        if (!mayBeMissing) RefuseMissing();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < categories.Count; i++) known[categories[i]] = i;
        int[] indices = [.. _texts.Keys.Select(text => known.GetValueOrDefault(text, -1))];
        string[] texts = [.. _texts.Keys];
        var places = new int[Rows];
        for (int row = 0; row < places.Length; row++)
        {
            int code = _codes[row];
            places[row] = code < 0 ? -1 : indices[code];
            if (code >= 0 && indices[code] < 0)
                throw new InvalidDataException($"{rows.Of(row + 1)}, column '{name}' is '{texts[code]}', which is none of the categories that the model knows: {string.Join(", ", categories)}.");
        }
        return places;
    }

    void Keep(string text, double number)
    {
        if (keepsText)
        {
            int code = -1;
            if (text.Length > 0 && !_texts.TryGetValue(text, out code)) _texts.Add(text, code = _texts.Count);
            _codes.Add(text.Length > 0 ? code : -1);
        }
        else if (IsNumeric)
        {
            _numbers.Add(number);
        }
    }

    void RefuseMissing()
    {
        if (_missing > 0) throw new InvalidDataException($"{rows.Of(_missing)}, column '{name}' is missing{_missingAs}. Leave the row out or fill it in.");
    }

    static double Parse(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    static bool IsMissing(string? value) => value is null || value.Trim() is { Length: <= 4 } text && text.ToUpperInvariant() is "" or "NA" or "N/A" or "NAN" or "NULL";
}
