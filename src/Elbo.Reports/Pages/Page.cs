using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Elbo.Files;

namespace Elbo.Reports.Pages;

/// <summary>One self-contained HTML file: markup, style, scripts and data, and a policy that runs these scripts alone and lets no request leave.</summary>
static class Page
{
    /// <summary>What the page says that it was made by.</summary>
    public static string Generator { get; } = $"Elbo {typeof(Page).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>Writes a page to a file, in one step: it is there when it is whole, or not at all.</summary>
    /// <inheritdoc cref="Write"/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save<T>(string path, string title, string body, string[] scripts, T data, JsonTypeInfo<T> type) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        Write(writer, title, body, scripts, data, type);
    });

    /// <summary>Puts a page together.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="title">Its title.</param>
    /// <param name="body">The resource with its markup; <c>{{trust}}</c> in it is the part that all fits have.</param>
    /// <param name="scripts">The resources with its scripts, in the order in which they run; <c>elbo.js</c> goes before them.</param>
    /// <param name="data">What the scripts show.</param>
    /// <param name="type">How <paramref name="data"/> is written as JSON.</param>
    public static void Write<T>(TextWriter output, string title, string body, ReadOnlySpan<string> scripts, T data, JsonTypeInfo<T> type)
    {
        var script = new StringBuilder(Resource("elbo.js"));
        foreach (string name in scripts) script.Append(Resource(name));
        string plotly = Resource("plotly.js"), own = script.ToString();
        var parts = new Dictionary<string, string>
        {
            ["policy"] = $"default-src 'none'; script-src {Hash(plotly)} {Hash(own)}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
            ["generator"] = Generator,
            ["title"] = WebUtility.HtmlEncode(title),
            ["style"] = Resource("page.css"),
            ["body"] = Resource(body).Replace("{{trust}}", Resource("trust.html"), StringComparison.Ordinal),
            ["plotly-version"] = PlotlyVersion(plotly),
            ["plotly-licence"] = WebUtility.HtmlEncode(Resource("plotly-licence.txt")),
            // The default encoder escapes < > & ' and everything beyond ASCII, so that no text can end the script element.
            ["data"] = JsonSerializer.Serialize(data, type),
            ["plotly"] = plotly,
            ["script"] = own,
        };
        string page = Resource("page.html");
        int at = 0;
        while (page.IndexOf("{{", at, StringComparison.Ordinal) is >= 0 and var open)
        {
            int close = page.IndexOf("}}", open, StringComparison.Ordinal);
            output.Write(page.AsSpan(at, open - at));
            output.Write(parts[page[(open + 2)..close]]);
            at = close + 2;
        }
        output.Write(page.AsSpan(at));
    }

    /// <summary>An embedded text, its line ends as HTML counts them: scripts are allowed by the hash of what a browser reads.</summary>
    static string Resource(string name)
    {
        using Stream stream = typeof(Page).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The resource '{name}' is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    static string Hash(string script) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";

    static string PlotlyVersion(string plotly)
    {
        string banner = plotly[..200];
        int start = banner.IndexOf(" v", StringComparison.Ordinal) + 2;
        return banner[start..banner.IndexOf('\n', start)];
    }
}
