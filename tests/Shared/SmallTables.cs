namespace Elbo.Tests;

/// <summary>The tables in tests/Data.</summary>
static class SmallTables
{
    /// <summary>Old Faithful: 272 rows of eruptions and waiting.</summary>
    public static string Faithful { get; } = Path.Combine(SharedData.RepositoryRoot(), "tests", "Data", "faithful.csv");
}
