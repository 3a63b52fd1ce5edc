using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace LdaPeers;

/// <summary>Score against CPU seconds, one line a program.</summary>
static class Picture
{
    // At twice the width of a README's column, for sharp screens.
    const int Width = 1680, Height = 1000, Scale = 2;

    static readonly Color[] OurColors = [Color.FromHex("#c2185b"), Color.FromHex("#e57399"), Color.FromHex("#7b1fa2"), Color.FromHex("#b085c9")];
    static readonly Color[] PeerColors = [Color.FromHex("#1f77b4"), Color.FromHex("#2e8b57"), Color.FromHex("#8a6d3b")];
    static readonly MarkerShape[] Shapes = [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond];

    public static void Save(IReadOnlyList<Curve> curves, string title, string path)
    {
        using var plot = new Plot { ScaleFactor = Scale };
        plot.Font.Set("DejaVu Sans");
        int ours = 0, peers = 0;
        foreach (Curve curve in curves)
        {
            bool own = curve.Entrant.IsOurs;
            int number = own ? ours++ : peers++;
            Scatter line = plot.Add.Scatter(curve.Points.Select(point => Math.Log10(point.Cpu)).ToArray(), curve.Points.Select(point => point.Score).ToArray());
            line.Color = own ? OurColors[number % OurColors.Length] : PeerColors[number % PeerColors.Length];
            line.MarkerShape = Shapes[number % Shapes.Length];
            line.MarkerSize = 8;
            line.LineWidth = own ? 3 : 2;
            line.LegendText = curve.Entrant.Name;
        }
        plot.Title(title);
        plot.XLabel("CPU seconds of the whole process, one thread");
        plot.YLabel("held-out nats per token, higher is better");
        plot.Axes.Bottom.TickGenerator = LogarithmicTicks(curves);
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = score => score.ToString("F2", CultureInfo.InvariantCulture).Replace('-', '−') };
        plot.Grid.MajorLineColor = Colors.Black.WithOpacity(0.12);
        plot.Axes.Margins(0.04, 0.08);
        // Beside the lines, not over them.
        plot.ShowLegend(Edge.Bottom);
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.Legend.TightHorizontalWrapping = true;
        plot.Legend.FontSize = 12;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.OutlineColor = Colors.Transparent;
        plot.SavePng(path, Width, Height);
    }

    static NumericManual LogarithmicTicks(IReadOnlyList<Curve> curves)
    {
        var ticks = new NumericManual();
        int last = (int)Math.Ceiling(Math.Log10(curves.Max(curve => curve.Points[^1].Cpu)));
        for (int decade = (int)Math.Floor(Math.Log10(curves.Min(curve => curve.Points[0].Cpu))); decade <= last; decade++)
        {
            for (int digit = 1; digit <= 9; digit++)
            {
                double seconds = digit * Math.Pow(10, decade);
                if (digit is 1 or 2 or 3 or 5 or 7) ticks.AddMajor(Math.Log10(seconds), seconds.ToString("G3", CultureInfo.InvariantCulture));
                else ticks.AddMinor(Math.Log10(seconds));
            }
        }
        return ticks;
    }
}
