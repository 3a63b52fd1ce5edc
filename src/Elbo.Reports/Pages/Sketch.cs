using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;
using ScottPlot.Plottables;
using SkiaSharp;

namespace Elbo.Reports.Pages;

/// <summary>What the stills have in common: colours (those of the pages' light theme), letters, and how plots become one SVG.</summary>
static partial class Sketch
{
    /// <summary>The font that is measured with, and what may stand in for it where a picture is looked at.</summary>
    const string Font = "DejaVu Sans", Fonts = "DejaVu Sans, Verdana, sans-serif";

    public static readonly Color Ink = Color.FromHex("#1b1f27"), Quiet = Color.FromHex("#545c6b"), Line = Color.FromHex("#cfd5de");
    public static readonly Color Bound = Color.FromHex("#1668b8"), Divergence = Color.FromHex("#c2410c"), Concave = Color.FromHex("#2b8a3e");
    public static readonly Color First = Color.FromHex("#1f6fb4"), Second = Color.FromHex("#c4510a");

    /// <summary>An empty plot in our style.</summary>
    public static Plot Plot(string title, string x, string y)
    {
        var plot = new Plot();
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        plot.Font.Set(Font);
        plot.FigureBackground.Color = Colors.White;
        plot.Title(title, 14);
        plot.XLabel(x, 12);
        plot.YLabel(y, 12);
        plot.Axes.Color(Ink);
        plot.Grid.MajorLineColor = Line.WithOpacity(0.6);
        return plot;
    }

    /// <summary>A number as the pages write it.</summary>
    public static string Number(double value, int digits) => value.ToString($"N{digits}", CultureInfo.InvariantCulture).Replace('-', '−');

    public static Scatter Curve(this Plot plot, double[] x, double[] y, Color color, float width = 2)
    {
        Scatter line = plot.Add.ScatterLine(x, y, color);
        line.LineWidth = width;
        return line;
    }

    public static void Write(this Plot plot, string text, double x, double y, Color color, Alignment alignment, float size = 12)
    {
        Text label = plot.Add.Text(text, x, y);
        label.LabelFontName = Font;
        label.LabelFontSize = size;
        label.LabelFontColor = color;
        label.LabelAlignment = alignment;
        label.LabelPadding = 3;
    }

    public static void Box(this Plot plot, double left, double right, double bottom, double top, Color color)
    {
        Rectangle box = plot.Add.Rectangle(left, right, bottom, top);
        box.FillColor = color;
        box.LineWidth = 0;
    }

    /// <summary>Plots side by side or one below the other, as one SVG.</summary>
    /// <param name="title">What it shows, for those who do not see it.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="panels">Plots and where they go.</param>
    public static byte[] Svg(string title, int width, int height, params ReadOnlySpan<(Plot Plot, PixelRect Place)> panels)
    {
        using var stream = new MemoryStream();
        using (SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, height), stream))
        {
            canvas.Clear(SKColors.White);
            foreach ((Plot plot, PixelRect place) in panels)
            {
                plot.Render(canvas, place);
                plot.Dispose();
            }
        }
        string svg = Encoding.UTF8.GetString(stream.ToArray()).Replace($"font-family=\"{Font}\"", $"font-family=\"{Fonts}\"", StringComparison.Ordinal);
        // Skia counts clips over the life of a process; the same sketch is to be the same bytes.
        var clips = new Dictionary<string, int>();
        svg = ClipName().Replace(svg, match => $"cl_{(clips.TryGetValue(match.Value, out int number) ? number : clips[match.Value] = clips.Count)}");
        int root = svg.IndexOf('>', svg.IndexOf("<svg", StringComparison.Ordinal)) + 1;
        return Encoding.UTF8.GetBytes(svg.Insert(root, $"<title>{WebUtility.HtmlEncode(title)}</title>"));
    }

    [GeneratedRegex("(?<=id=\"|url\\(#)cl_[0-9a-f]+(?=\"|\\))")]
    private static partial Regex ClipName();
}
