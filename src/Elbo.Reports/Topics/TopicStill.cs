using Elbo.Reports.Fits;
using Elbo.Reports.Pages;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Elbo.Reports.Topics;

/// <summary>The report as one picture: the map of the topics, the words of the largest, the topics by share, and the bound as it rose.</summary>
static class TopicStill
{
    const int Width = 990, Height = 780, Middle = Width / 2, Above = 400, Most = 15;

    public static byte[] Draw(TopicPage page)
    {
        var panels = new List<(Plot Plot, PixelRect Place)>
        {
            (Map(page), new PixelRect(0, Middle, Above, 0)),
            (Words(page), new PixelRect(Middle, Width, Above, 0)),
        };
        bool rose = page.Trust.Trace.Number.Length > 1;
        panels.Add((Shares(page), new PixelRect(0, rose ? Middle : Width, Height, Above)));
        if (rose) panels.Add((Trace(page.Trust.Trace), new PixelRect(Middle, Width, Height, Above)));
        return Drawing.Svg(page.Title, Width, Height, [.. panels]);
    }

    static string NameOf(TopicEntry topic) => topic.Label ?? topic.Words;

    static TopicEntry Largest(TopicPage page) => page.Topics.MaxBy(topic => topic.Share)!;

    static Plot Map(TopicPage page)
    {
        const double LargestPixels = 50;
        Plot plot = Drawing.Plot("topics that use the same words lie close together", "", "");
        TopicEntry largest = Largest(page);
        foreach (TopicEntry topic in page.Topics)
        {
            var marker = plot.Add.Marker(topic.X, topic.Y, MarkerShape.FilledCircle, (float)(LargestPixels * Math.Sqrt(topic.Share / largest.Share)), (topic == largest ? Drawing.Second : Drawing.First).WithOpacity(0.5));
            marker.LineWidth = 0;
            plot.Write($"{topic.Id}", topic.X, topic.Y, Drawing.Ink, Alignment.MiddleCenter, 11);
        }
        plot.Axes.Margins(0.12, 0.12);
        foreach (IAxis axis in (ReadOnlySpan<IAxis>)[plot.Axes.Bottom, plot.Axes.Left]) axis.TickGenerator = new EmptyTickGenerator();
        return plot;
    }

    static Plot Words(TopicPage page)
    {
        TopicEntry topic = Largest(page);
        int[] shown = [.. Enumerable.Range(0, topic.Terms.Length).OrderByDescending(i => topic.Probabilities[i]).ThenBy(i => topic.Terms[i]).Take(Most)];
        Plot plot = Drawing.Plot($"topic {topic.Id}: how much of all words, and how much of it here", "share of all words (%)", "");
        for (int i = 0; i < shown.Length; i++)
        {
            int term = topic.Terms[shown[i]];
            plot.Box(0, 100 * page.Terms.Shares[term], -i - 0.4, -i + 0.4, Drawing.Line);
            plot.Box(0, 100 * topic.Probabilities[shown[i]] * topic.Share, -i - 0.25, -i + 0.25, Drawing.Second);
        }
        Name(plot, [.. shown.Select(i => page.Terms.Names[topic.Terms[i]])]);
        return plot;
    }

    static Plot Shares(TopicPage page)
    {
        TopicEntry[] shown = [.. page.Topics.OrderByDescending(topic => topic.Share).Take(Most)];
        Plot plot = Drawing.Plot(shown.Length < page.Topics.Count ? $"the {shown.Length} largest of {page.Topics.Count} topics" : "the topics", "share of the words (%)", "");
        for (int i = 0; i < shown.Length; i++) plot.Box(0, 100 * shown[i].Share, -i - 0.35, -i + 0.35, i == 0 ? Drawing.Second : Drawing.First);
        Name(plot, [.. shown.Select(topic => $"{topic.Id}  {NameOf(topic)}")]);
        return plot;
    }

    static Plot Trace(FitTrace trace)
    {
        Plot plot = Drawing.Plot("the bound, half-step by half-step", "iteration", "nats");
        (double[] x, double[] y) after(double?[] bounds, double shift)
        {
            int[] there = [.. Enumerable.Range(0, bounds.Length).Where(i => bounds[i] is not null)];
            return ([.. there.Select(i => trace.Number[i] + shift)], [.. there.Select(i => bounds[i]!.Value)]);
        }
        (double[] expected, double[] first) = after(trace.AfterExpectation, -0.5);
        (double[] maximized, double[] second) = after(trace.AfterMaximization, 0);
        plot.Curve([.. expected.Zip(maximized, (e, m) => new[] { e, m }).SelectMany(pair => pair)], [.. first.Zip(second, (e, m) => new[] { e, m }).SelectMany(pair => pair)], Drawing.Quiet, 1);
        plot.Add.Markers(expected, first, MarkerShape.FilledCircle, 6, Drawing.First).LegendText = "after the E-step";
        plot.Add.Markers(maximized, second, MarkerShape.FilledSquare, 6, Drawing.Second).LegendText = "after the M-step";
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = value => Drawing.Number(value, 0) };
        plot.ShowLegend(Alignment.LowerRight);
        plot.Legend.ShadowColor = Colors.Transparent;
        return plot;
    }

    /// <summary>Names beside bars that go down from 0.</summary>
    static void Name(Plot plot, string[] names)
    {
        plot.Axes.Left.SetTicks([.. Enumerable.Range(0, names.Length).Select(i => -(double)i)], names);
        plot.HideGrid();
        plot.Axes.Margins(left: 0, right: 0.05, bottom: 0.03, top: 0.03);
    }
}
