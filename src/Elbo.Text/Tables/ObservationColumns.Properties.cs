using System.Globalization;

namespace Elbo.Text;

public sealed partial record ObservationColumns
{
    const string Prefix = "columns.";
    const string FormatKey = Prefix + "format", ValuesKey = Prefix + "values", ResponseKey = Prefix + "response", WeightsKey = Prefix + "weights", LabelsKey = Prefix + "labels",
        ComparisonKey = Prefix + "comparison", SequenceKey = Prefix + "sequence", CategoriesKey = Prefix + "categories", KnownKey = Prefix + "known_categories";

    /// <summary>The columns as names and values, all names beginning with <c>columns.</c>; what is not given has none.</summary>
    public IReadOnlyDictionary<string, string> ToProperties()
    {
        var properties = new SortedDictionary<string, string>(StringComparer.Ordinal) { [FormatKey] = Format.ToString(), [CategoriesKey] = Categories.ToString() };
        Add(ResponseKey, Response);
        Add(WeightsKey, Weights);
        Add(LabelsKey, Labels);
        Add(ComparisonKey, Comparison);
        Add(SequenceKey, Sequence);
        AddList(ValuesKey, Values);
        Add(KnownKey, KnownCategories?.Count.ToString(CultureInfo.InvariantCulture));
        for (int column = 0; column < KnownCategories?.Count; column++) AddList(Numbered(KnownKey, column), KnownCategories[column]);
        return properties;

        void Add(string name, string? value)
        {
            if (value is not null) properties[name] = value;
        }

        // A name may hold any character, so each has a property of its own.
        void AddList(string name, IReadOnlyList<string>? values)
        {
            Add(name, values?.Count.ToString(CultureInfo.InvariantCulture));
            for (int i = 0; i < values?.Count; i++) properties[Numbered(name, i)] = values[i];
        }
    }

    /// <summary>The columns that <see cref="ToProperties"/> wrote. Names that do not begin with <c>columns.</c> are not looked at.</summary>
    /// <exception cref="InvalidDataException">A property is missing, unknown or cannot be read.</exception>
    public static ObservationColumns FromProperties(IReadOnlyDictionary<string, string> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        var columns = new ObservationColumns
        {
            Format = Read<TextFormat>(FormatKey),
            Categories = Read<CategoryReading>(CategoriesKey),
            Response = properties.GetValueOrDefault(ResponseKey),
            Weights = properties.GetValueOrDefault(WeightsKey),
            Labels = properties.GetValueOrDefault(LabelsKey),
            Comparison = properties.GetValueOrDefault(ComparisonKey),
            Sequence = properties.GetValueOrDefault(SequenceKey),
            Values = List(ValuesKey),
            KnownCategories = Count(KnownKey) is { } known ? [.. Enumerable.Range(0, known).Select(column => List(Numbered(KnownKey, column)))] : null,
        };
        IReadOnlyDictionary<string, string> understood = columns.ToProperties();
        string? unknown = properties.Keys.FirstOrDefault(name => name.StartsWith(Prefix, StringComparison.Ordinal) && !understood.ContainsKey(name));
        return unknown is null ? columns : throw new InvalidDataException($"The columns have '{unknown}', which this Elbo does not know.");

        string Value(string name) => properties.TryGetValue(name, out string? value) ? value : throw new InvalidDataException($"The columns lack '{name}'.");

        TEnum Read<TEnum>(string name) where TEnum : struct, Enum => Enum.TryParse(Value(name), out TEnum value) && Enum.IsDefined(value) ? value : throw Unreadable(name);

        int? Count(string name) => !properties.ContainsKey(name) ? null
            : int.TryParse(properties[name], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= properties.Count ? count : throw Unreadable(name);

        string[]? List(string name) => Count(name) is { } count ? [.. Enumerable.Range(0, count).Select(i => Value(Numbered(name, i)))] : null;

        InvalidDataException Unreadable(string name) => new($"The columns have the value '{properties[name]}' for '{name}', which cannot be read.");
    }

    static string Numbered(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}.{number}");
}
