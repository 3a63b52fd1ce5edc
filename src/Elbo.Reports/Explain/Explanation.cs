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
            Decomposition.Run(OldFaithful.Table, seed), BoundCurves.Run(OldFaithful.Waiting, seed), TinyTopics.Run()));
    }

    /// <summary>Writes the page: one self-contained HTML file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => Pages.Page.Save(path, "EM, explained by its own numbers", "explain.html", Scripts, Page, PageJson.Default.ExplainPage);

    /// <summary>The stills: a name and an SVG drawing of each figure, in light colours.</summary>
    public IEnumerable<(string Name, byte[] Svg)> Stills() => Explain.Stills.Draw(Page);
}
