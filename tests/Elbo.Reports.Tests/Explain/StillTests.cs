using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Elbo.Reports.Explain;
using Elbo.Reports.Pages;

namespace Elbo.Reports.Tests.Explain;

public sealed class StillTests
{
    /// <summary>Where text stands depends on the fonts of a machine, and last digits of coordinates on its processor; what it says does not.</summary>
    [Theory]
    [InlineData("jensen")]
    [InlineData("decomposition")]
    [InlineData("bound")]
    [InlineData("lda")]
    public void The_picture_in_the_documentation_says_what_the_command_says(string name)
    {
        string committed = File.ReadAllText(Path.Combine(Elbo.Tests.SharedData.RepositoryRoot(), "docs", "images", $"{name}.svg"));
        byte[] drawn = Stills.Draw(Explanation.Create(1).Page).Single(still => still.Name == name).Svg;
        Assert.Equal(Words(committed), Words(Encoding.UTF8.GetString(drawn)));
    }

    [Fact]
    public void The_decomposition_has_the_numbers_of_the_fit()
    {
        Explanation explanation = Explanation.Create(1);
        string[] words = Words(Encoding.UTF8.GetString(Stills.Draw(explanation.Page).Single(still => still.Name == "decomposition").Svg));
        DecompositionEntry fit = explanation.Page.Decomposition;
        int t = Stills.Iteration(fit);
        foreach (HalfStepEntry step in new[] { fit.Steps[2 * t - 2], fit.Steps[2 * t - 1], fit.Steps[2 * t] })
        {
            Assert.Contains($"log p(X|θ) = {Sketch.Number(step.LogEvidence, 2)}", words);
            Assert.Contains(Sketch.Number(step.Elbo, 2), words);
            Assert.Contains($"KL = {Sketch.Number(Math.Abs(step.Divergence), 2)}", words);
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same_bytes()
    {
        ExplainPage page = Explanation.Create(4).Page;
        foreach (((string name, byte[] once), (_, byte[] again)) in Stills.Draw(page).Zip(Stills.Draw(page))) Assert.True(once.AsSpan().SequenceEqual(again), name);
    }

    [Fact]
    public void A_still_asks_for_nothing_from_elsewhere()
    {
        foreach ((string name, byte[] svg) in Stills.Draw(Explanation.Create(5).Page))
        {
            XDocument document = XDocument.Parse(Encoding.UTF8.GetString(svg));
            Assert.Equal("title", document.Root!.Elements().First().Name.LocalName);
            Assert.DoesNotContain(document.Descendants(), element => element.Name.LocalName is "script" or "foreignObject");
            Assert.DoesNotContain(document.Descendants().Attributes(), attribute => attribute.Name.LocalName == "href" && !attribute.Value.StartsWith('#') && !attribute.Value.StartsWith("data:", StringComparison.Ordinal));
            Assert.NotEmpty(name);
        }
    }

    static string[] Words(string svg) => [.. XDocument.Parse(svg).Descendants().Where(element => element.Name.LocalName is "text" or "title").Select(element => Regex.Replace(element.Value, @"\s+", " ").Trim())];
}
