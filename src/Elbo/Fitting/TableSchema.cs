namespace Elbo.Fitting;

/// <summary>What a model's columns and components mean to people: what a file needs besides the numbers, to read further tables in the same way.</summary>
public sealed record TableSchema
{
    /// <summary>The categories of each column in the order of their indices, null for a column of numbers; empty where all are numbers.</summary>
    public IReadOnlyList<IReadOnlyList<string>?> Categories { get; init; } = [];

    /// <summary>The names of components that were known as labels, in the order of the components; empty where none were.</summary>
    public IReadOnlyList<string> ComponentNames { get; init; } = [];

    /// <summary>The column that tells sequences apart, or null.</summary>
    public string? SequenceColumn { get; init; }

    /// <summary>The categories of a column, or null where it holds numbers.</summary>
    public IReadOnlyList<string>? CategoriesOf(int column) => column < Categories.Count ? Categories[column] : null;

    internal void Write(Dictionary<string, string> into)
    {
        for (int column = 0; column < Categories.Count; column++)
            if (Categories[column] is { } categories) WriteList($"column.{column}.category", categories, into);
        WriteList("component_name", ComponentNames, into);
        if (SequenceColumn is not null) into["sequence_column"] = SequenceColumn;
    }

    internal static TableSchema Read(IReadOnlyDictionary<string, string> properties, int columns)
    {
        string[]?[] categories = [.. Enumerable.Range(0, columns).Select(column => ReadList($"column.{column}.category", properties))];
        for (int column = 0; column < columns; column++)
            if (categories[column] is { } names && names.Distinct(StringComparer.Ordinal).Count() < names.Length) throw new InvalidDataException($"column {column} has a category twice.");
        return new TableSchema
        {
            Categories = Array.TrueForAll(categories, names => names is null) ? [] : categories,
            ComponentNames = ReadList("component_name", properties) ?? [],
            SequenceColumn = properties.GetValueOrDefault("sequence_column"),
        };
    }

    /// <summary>A text may hold any character, so each has a name of its own: x.0, x.1, …</summary>
    internal static void WriteList(string name, IReadOnlyList<string> texts, Dictionary<string, string> into)
    {
        for (int i = 0; i < texts.Count; i++) into[FormattableString.Invariant($"{name}.{i}")] = texts[i];
    }

    internal static string[]? ReadList(string name, IReadOnlyDictionary<string, string> properties)
    {
        var texts = new List<string>();
        while (properties.TryGetValue(FormattableString.Invariant($"{name}.{texts.Count}"), out string? text)) texts.Add(text);
        return texts.Count == 0 ? null : [.. texts];
    }
}
