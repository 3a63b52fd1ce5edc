namespace Elbo.Tests;

/// <summary>
/// Corpora and reference values that may not be copied into the product. Where they are absent (as they are for users), a test that needs them
/// is reported as skipped. Mark such tests <c>[Trait("Category", "SharedData")]</c>.
/// </summary>
static class SharedData
{
    static readonly string Root = Path.Combine(RepositoryRoot(), "..", "shared");

    /// <summary>The full path of a file below the shared folder; skips the test where it does not exist.</summary>
    public static string Find(string relativePath)
    {
        string path = Path.Combine(Root, relativePath);
        Assert.SkipUnless(File.Exists(path), $"The shared data are not here ({relativePath}).");
        return path;
    }

    /// <summary>The folder of Elbo.slnx, above the folder that the tests were built into.</summary>
    public static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Elbo.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
