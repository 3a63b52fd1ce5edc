using Elbo.Files;
using Elbo.Reports.Pages;

namespace Elbo.Reports.Explain;

/// <summary>The mathematics of EM at work, computed by the library while the page is made: Jensen's inequality, the decomposition of the log-evidence, the bound that touches it, and LDA, whose posterior is out of reach. Immutable.</summary>
public sealed class Explanation
{
    static readonly string[] Scripts = ["explain.js", "explain-jensen.js", "explain-decomposition.js", "explain-bound.js", "explain-topics.js"];

    Explanation(ExplainPage page) => Page = page;

    internal ExplainPage Page { get; }

    /// <summary>Computes all figures.</summary>
    /// <param name="seed">Where the fits begin; the same seed gives the same figures.</param>
    public static Explanation Create(ulong seed)
    {
        var jensen = new Jensen(1, 2.5, 0.3);
        return new Explanation(new ExplainPage($"elbo explain --seed {seed}", new JensenEntry(jensen.First, jensen.Second, jensen.Weight, Jensen.Radius),
            Decomposition.Run(OldFaithful.Table, seed), BoundCurves.Run(OldFaithful.Waiting, seed), TinyTopics.Run(seed)));
    }

    /// <summary>Writes the page: one self-contained HTML file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => Pages.Page.Save(path, "EM, explained by its own numbers", "explain.html", Scripts, Page, PageJson.Default.ExplainPage);

    /// <summary>Writes a still of each figure: an SVG in light colours, named after it.</summary>
    /// <param name="folder">Where they go; it is made where it is missing.</param>
    /// <returns>The files.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public IReadOnlyList<string> SaveStills(string folder)
    {
        Directory.CreateDirectory(folder);
        var paths = new List<string>();
        foreach ((string name, byte[] svg) in Stills.Draw(Page))
        {
            paths.Add(Path.Combine(folder, $"{name}.svg"));
            AtomicFile.Write(paths[^1], stream => stream.Write(svg));
        }
        return paths;
    }
}
