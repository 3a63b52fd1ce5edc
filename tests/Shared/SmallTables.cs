namespace Elbo.Tests;

/// <summary>The tables in tests/Data.</summary>
static class SmallTables
{
    /// <summary>Old Faithful: 272 rows of eruptions and waiting.</summary>
    public static string Faithful { get; } = PathOf("faithful.csv");

    /// <summary>The full path of one of the tables.</summary>
    public static string PathOf(string file) => Path.Combine(SharedData.RepositoryRoot(), "tests", "Data", file);
}
