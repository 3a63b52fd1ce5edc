namespace Elbo.Text;

/// <summary>Which columns of a table are the text, the id and the label.</summary>
readonly record struct TableColumns(string Text, string? Id, string? Label)
{
    /// <param name="columns">All columns.</param>
    /// <param name="strings">Finds those that hold strings; asked only where no column is called text.</param>
    /// <param name="options">Which columns the user named.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="InvalidDataException">A named column is missing, or the text column cannot be told; the message lists the columns.</exception>
    public static TableColumns Choose(IReadOnlyList<string> columns, Func<IReadOnlyList<string>> strings, TextSourceOptions options, string file)
    {
        string? id = Find(columns, options.IdColumn, "id", file);
        string? label = Find(columns, options.LabelColumn, "label", file);
        if (Find(columns, options.TextColumn, "text", file) is { } text) return new TableColumns(text, id, label);

        if (columns.Count == 0) throw new InvalidDataException($"'{file}' is empty: it has no columns.");
        string[] candidates = [.. strings().Where(column => column != id && column != label)];
        if (candidates.Length == 1) return new TableColumns(candidates[0], id, label);
        throw new InvalidDataException($"'{file}' has no column 'text', and {(candidates.Length == 0 ? "no other column holds strings" : "several columns hold strings")}. Name the text column; there are: {string.Join(", ", columns)}.");
    }

    /// <summary>The column of a name, in any case where none has it letter for letter.</summary>
    /// <exception cref="InvalidDataException">There is none; the message lists the columns.</exception>
    public static string Find(IReadOnlyList<string> columns, string name, string file) => TryFind(columns, name)
        ?? throw new InvalidDataException($"'{file}' has no column '{name}'. There are: {string.Join(", ", columns)}.");

    static string? Find(IReadOnlyList<string> columns, string? wanted, string usual, string file) => wanted is null ? TryFind(columns, usual) : Find(columns, wanted, file);

    static string? TryFind(IReadOnlyList<string> columns, string name) =>
        columns.FirstOrDefault(column => column == name) ?? columns.FirstOrDefault(column => column.Equals(name, StringComparison.OrdinalIgnoreCase));
}
