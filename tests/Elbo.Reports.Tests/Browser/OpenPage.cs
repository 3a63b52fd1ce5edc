using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Elbo.Reports.Tests.Browser;

/// <summary>An open page, with what it said to the console and asked of the network.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    readonly IBrowserContext _context;
    readonly List<string> _complaints = [];

    OpenPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    internal static async Task<OpenPage> OpenAsync(IBrowserContext context, string path)
    {
        var open = new OpenPage(context, await context.NewPageAsync());
        string address = new Uri(Path.GetFullPath(path)).AbsoluteUri;
        open.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") open._complaints.Add($"console: {message.Text}");
        };
        open.Page.PageError += (_, error) => open._complaints.Add($"error: {error}");
        open.Page.Dialog += async (_, dialog) =>
        {
            open._complaints.Add($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        open.Page.Request += (_, request) =>
        {
            if (request.Url != address && !request.Url.StartsWith("data:", StringComparison.Ordinal)) open._complaints.Add($"request: {request.Url}");
        };
        await open.Page.GotoAsync(address);
        return open;
    }

    /// <summary>Nothing went wrong so far: no error, no warning, no dialog, no request beyond the file itself.</summary>
    public void AssertQuiet() => Assert.Empty(_complaints);

    /// <summary>axe finds nothing serious or critical.</summary>
    public async Task AssertAccessibleAsync()
    {
        AxeResult result = await Page.RunAxe();
        Assert.Empty(result.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));
    }

    /// <summary>What an element shows.</summary>
    public Task<string> TextAsync(string selector) => Page.Locator(selector).InnerTextAsync();

    /// <summary>What JavaScript says of the page.</summary>
    public Task<T> AskAsync<T>(string script) => Page.EvaluateAsync<T>(script);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
