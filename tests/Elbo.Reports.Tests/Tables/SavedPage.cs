using Elbo.Reports.Tables;

namespace Elbo.Reports.Tests.Tables;

/// <summary>A page as a file that is gone when the test ends.</summary>
sealed class SavedPage : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("elbo-page-");

    public SavedPage(TableReport report) => report.Save(File);

    public string File => Path.Combine(_folder.FullName, "page.html");

    public void Dispose() => _folder.Delete(recursive: true);
}
