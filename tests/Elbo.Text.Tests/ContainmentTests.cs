namespace Elbo.Tests;

/// <summary>What docs/decisions promise about our dependencies: few files know them.</summary>
public sealed class ContainmentTests
{
    [Fact]
    public void Only_two_files_name_DuckDB() => Assert.Equal(["ParquetTable.cs", "TableReader.cs"], FilesThatSay("DuckDB.NET"));

    [Fact]
    public void Only_three_files_name_Lucene() => Assert.Equal(["Stemmers.cs", "StopWordLists.cs", "WordStream.cs"], FilesThatSay("using Lucene"));

    static IEnumerable<string?> FilesThatSay(string text) =>
        Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot(), "src", "Elbo.Text"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file).Contains(text, StringComparison.Ordinal))
            .Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
