using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Elbo.Reports.Tests.Browser.BrowserFixture))]

namespace Elbo.Reports.Tests.Browser;

/// <summary>The system's Chromium, started once for all tests. Where there is none, a test that asks for it is reported as skipped.</summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    /// <summary>Milliseconds: on a machine that is busy with other tests a page may take its time. One that hangs fails all the same.</summary>
    const float Patience = 240_000;

    static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    readonly SemaphoreSlim _starting = new(1);
    IPlaywright? _playwright;
    IBrowser? _browser;

    /// <summary>Opens a page from its file, as a double-click would, and watches what it does.</summary>
    public async Task<OpenPage> OpenAsync(string path, ColorScheme colors = ColorScheme.Light, int width = 1280)
    {
        IBrowser browser = await BrowserAsync();
        IBrowserContext context = await browser.NewContextAsync(new() { ColorScheme = colors, ViewportSize = new() { Width = width, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(Patience);
        return await OpenPage.OpenAsync(context, path);
    }

    async Task<IBrowser> BrowserAsync()
    {
        string? executable = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Assert.SkipWhen(executable is null, $"There is no browser here ({string.Join(", ", Names)}).");
        await _starting.WaitAsync();
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            // In a container, as root, Chromium's own sandbox does not start.
            return _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        _starting.Dispose();
    }
}
