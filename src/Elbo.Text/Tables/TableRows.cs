namespace Elbo.Text;

/// <summary>Which file each row of a table came from, where that was put together from several.</summary>
sealed class TableRows
{
    readonly List<(string File, int Before)> _files = [];

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>The rows that follow are of this file.</summary>
    public void Begin(string file) => _files.Add((file, Count));

    /// <summary>One more row.</summary>
    public void Add() => Count++;

    /// <summary>A row, from 1, as messages name it: its file, and its number there.</summary>
    public string Of(int row)
    {
        (string file, int before) = _files.FindLast(part => part.Before < row);
        return $"{file}: row {row - before}";
    }

    /// <summary>The same without the file where there is only one.</summary>
    public string ShortOf(int row) => _files.Count == 1 ? $"row {row}" : Of(row);
}
